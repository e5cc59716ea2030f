"""Why an envelope stays closed or a campaign can't be changed. Each text is for the person who reads it."""

import datetime as dt

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from core.errors import Conflict, Forbidden, NotFound


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


class Sampled(ClaimRefused):
    code = "sampled"
    title = _("This item was taken as a sample and not sold, so it has no envelope.")


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


class NotInScope(ClaimRefused):
    code = "not_in_scope"
    title = _("The campaign is for items from certain shops, and this one is not known to come from one of them.")
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


class DayCeiling(ClaimRefused):
    code = "day_ceiling"
    title = _("One person can be paid no more in a day. Your item keeps its right: try again tomorrow.")
    retry = True


class PersonLimit(ClaimRefused):
    code = "person_limit"
    title = _("You have opened as many envelopes of this campaign as one person may.")


class PersonDayLimit(ClaimRefused):
    code = "person_day_limit"
    title = _("That is as many as one person may open today. Your item keeps its right: come back tomorrow.")
    retry = True


class StoreDayLimit(ClaimRefused):
    code = "store_day_limit"
    title = _("This shop's envelopes are all taken for today. Your item keeps its right: come back tomorrow.")
    retry = True


class DayBudgetSpent(ClaimRefused):
    code = "day_budget_spent"
    title = _("Today's envelopes are all taken. Your item keeps its right: come back tomorrow.")
    retry = True


class RegionBudgetSpent(ClaimRefused):
    code = "region_budget_spent"
    title = _("The envelopes for this region are all taken for now. Your item keeps its right: try again later.")
    retry = True


class StoreBudgetSpent(ClaimRefused):
    code = "store_budget_spent"
    title = _("The envelopes for this shop are all taken for now. Your item keeps its right: try again later.")
    retry = True


class Held(ClaimRefused):
    """Says `decides_by`: the moment by which it is decided."""

    code = "held"
    title = _("This envelope is being looked at. Look again later: you will find the answer here.")
    retry = True

    @classmethod
    def until(cls, decides_by: dt.datetime) -> "Held":
        """With the moment in words, in the time zone of the site."""
        said = _("This envelope is being looked at. You will find the answer here by %(moment)s.")
        moment = date_format(localtime(decides_by), "Y-m-d H:i")
        return cls(str(said) % {"moment": moment}, decides_by=decides_by)


class RiskRefused(ClaimRefused):
    """Says nothing of which rule it was: whoever tries to get round the rules should learn nothing."""

    code = "risk"
    title = _("This envelope can't be opened. If you bought the item yourself, please contact the organiser.")


class DecidedOtherwise(Conflict):
    code = "review_decided"
    title = _("Somebody has decided this held envelope already.")


class VoucherUnknown(NotFound):
    code = "voucher_unknown"
    title = _("There is no such voucher. Scan it again, or type its twelve letters and digits.")


class VoucherRedeemed(Conflict):
    """Says `redeemed_at`, and `store`: its name, masked for everybody else."""

    code = "voucher_redeemed"
    title = _("This voucher was redeemed already.")

    @classmethod
    def at(cls, store: str, redeemed_at: dt.datetime | None) -> "VoucherRedeemed":
        """With place and moment in words, in the time zone of the site."""
        assert redeemed_at is not None
        said = _("This voucher was redeemed already: at %(moment)s, by %(store)s.")
        moment = date_format(localtime(redeemed_at), "Y-m-d H:i")
        return cls(str(said) % {"moment": moment, "store": store}, redeemed_at=redeemed_at, store=store)


class VoucherLapsed(Conflict):
    """Says `valid_until`."""

    code = "voucher_lapsed"
    title = _("This voucher is no longer valid: its time is over.")


class VoucherCancelled(Conflict):
    code = "voucher_cancelled"
    title = _("This voucher was cancelled by the brand.")


class OtherStoreOnly(Conflict):
    """Says `store`: the name of the one that redeems it."""

    code = "other_store_only"
    title = _("This voucher can only be redeemed at the store of the purchase.")


class StoreWithoutOwner(Conflict):
    code = "store_without_owner"
    title = _("This store has no owner who could be paid for it. Ask the brand to enter one, then try again.")
    retry = True


class NotADraft(Conflict):
    code = "campaign_not_draft"
    title = _("A campaign that is under review or published can't be changed.")


class NotInReview(Conflict):
    code = "campaign_not_in_review"
    title = _("This campaign is not waiting for a review. Submit it first.")


class OwnWork(Conflict):
    code = "campaign_own_work"
    title = _("You submitted this campaign yourself. A second person must review and publish it.")


class NotPublished(Conflict):
    code = "campaign_not_published"
    title = _("This campaign is not waiting for its start, or its start has not come.")


class NotRunning(Conflict):
    code = "campaign_not_running"
    title = _("Only a published campaign that has not ended can be topped up or ended.")


class NotOver(Conflict):
    code = "campaign_not_over"
    title = _(
        "What was published to consumers must be kept: a campaign ends when its time is over or every item has had "
        "its prize. To close certain items at once, freeze their codes."
    )


class NotSettled(Conflict):
    code = "campaign_not_settled"
    title = _("A campaign is settled once it has ended and each promise was paid or given up.")


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
