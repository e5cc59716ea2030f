"""Why an envelope stays closed or a campaign can't be changed. Each text is for the person who reads it."""

from django.utils.translation import gettext_lazy as _

from core.errors import Conflict, Forbidden


class ClaimRefused(Conflict):
    """The envelope was not opened. `code` is kept on the claim where there is one."""


class NotRewardMark(ClaimRefused):
    code = "not_reward_mark"
    title = _("This code bears no envelope. Scan the code under the cap or scratch layer.")


class NotGenuine(ClaimRefused):
    code = "not_genuine"
    title = _("This code is not one of ours, so there is no envelope to open.")


class NotActivated(ClaimRefused):
    code = "not_activated"
    title = _("This item has not been released for sale yet. Please ask the shop where you bought it.")


class Frozen(ClaimRefused):
    code = "frozen"
    title = _("This item is being checked, so its envelope is closed for now. Please try again later.")
    retry = True


class Recalled(ClaimRefused):
    code = "recalled"
    title = _("This item has been recalled. Please do not use it; take it back to the shop.")


class Voided(ClaimRefused):
    code = "voided"
    title = _("This code is no longer valid.")


class ScanAgain(ClaimRefused):
    code = "scan_again"
    title = _("Since your scan this item has been released. Please scan the code again.")


class OpenedByAnother(ClaimRefused):
    code = "opened_by_another"
    title = _("Somebody else has opened this envelope already.")


class NoCampaign(ClaimRefused):
    code = "no_campaign"
    title = _("No red-envelope campaign runs for this item at present.")
    retry = True


class CampaignNotStarted(ClaimRefused):
    code = "campaign_not_started"
    title = _("The campaign has not started yet. Keep the cap and come back then.")
    retry = True


class CampaignEnded(ClaimRefused):
    code = "campaign_ended"
    title = _("The campaign has ended.")


class BudgetExhausted(ClaimRefused):
    code = "budget_exhausted"
    title = _("All envelopes of this campaign are taken for now. Your item keeps its right: try again later.")
    retry = True


class NotADraft(Conflict):
    code = "campaign_not_draft"
    title = _("A published campaign can't be changed.")


class NotRunning(Conflict):
    code = "campaign_not_running"
    title = _("Only a running campaign can be topped up or ended.")


class AlreadyFunded(Conflict):
    code = "campaign_already_funded"
    title = _("The campaign's budget has been paid in already.")


class TransferWaits(Conflict):
    code = "transfer_waits"
    title = _("Another transfer of this campaign waits for a second person. Have it decided or withdrawn first.")


class TransferDecided(Conflict):
    code = "transfer_decided"
    title = _("This transfer was decided already. Look at it again, and ask for a new one if need be.")


class WorkedOff(Conflict):
    code = "difference_worked_off"
    title = _("This difference has its outcome already. Read it, and open the payout if something is left to do.")


class NothingToClose(Conflict):
    code = "nothing_to_close"
    title = _("Nothing was posted yet, so there is no day to close.")


class FourEyes(Forbidden):
    code = "four_eyes"
    title = _("You asked for this transfer yourself: somebody else must decide it. You may withdraw it.")


class NotYourTransfer(Forbidden):
    code = "not_your_transfer"
    title = _("Only who asked for a transfer withdraws it. You may refuse it instead.")


class NothingToConfirm(Conflict):
    code = "nothing_to_confirm"
    title = _("This payment is not waiting for your confirmation here.")
