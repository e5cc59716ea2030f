"""Refusals by their stable code, in words for the person who holds the phone: what is the matter, and what to do."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, str | Promise] = {
    "offline": _("No connection. Nothing is lost: check your network and try again."),
    "unavailable": _("We will be right back. Nothing is lost: please try again in a few seconds."),
    "too_many_requests": _("That was a little fast. Please wait a minute and try again."),
    "idempotent_call_running": _("Your first tap is still on its way. One moment, please."),
    "not_signed_in": _("Please tell us your name first, so that we know whom the envelope belongs to."),
    "local_identity_off": _("Signing in by name is switched off here. The envelope stays yours to open until its end."),
    "invalid": _("Something in what was sent is not right. Please check it and try again."),
    "not_reward_mark": _("This code bears no envelope. The one with the reward is under the cap."),
    "not_genuine": _("This code is not one of ours, so there is no envelope to open."),
    "not_activated": _("This bottle has not been released for sale yet. Please ask the shop where you bought it."),
    "frozen": _("This bottle is being checked, and its envelope waits so long. Please come back later."),
    "recalled": _("This bottle has been called back. Please do not drink it; take it back to the shop."),
    "voided": _("This code is no longer valid, so its envelope cannot be opened."),
    "sampled": _("This bottle was taken as a sample and not sold, so there is no envelope in it."),
    "scan_again": _("The bottle has been released since your scan. Please scan the code again."),
    "opened_by_another": _("Somebody else has opened this envelope already; each bottle has just one."),
    "no_campaign": _("No campaign runs for this bottle just now. Keep the cap and look again later."),
    "not_in_scope": _("The campaign that runs is for bottles from other shops. Keep the cap: another may come."),
    "campaign_not_started": _("The campaign has not begun yet. Keep the cap and come back then."),
    "campaign_ended": _("This campaign is over. The next bottle may belong to a new one."),
    "person_limit": _("You have opened as many envelopes of this campaign as one person may."),
    "person_day_limit": _("That is as many as one person may open today. Keep the cap and come back tomorrow."),
    "store_day_limit": _("This shop's envelopes are all taken for today. Keep the cap and come back tomorrow."),
    "day_budget_spent": _("Today's envelopes are all taken. Keep the cap and come back tomorrow."),
    "region_budget_spent": _("The envelopes of this region are all taken for now. Keep the cap and try again later."),
    "store_budget_spent": _("The envelopes of this shop are all taken for now. Keep the cap and try again later."),
    "budget_exhausted": _("All envelopes are given out for the moment. Your bottle keeps its right: try again later."),
    "day_ceiling": _("One person can be paid no more in a day. Your bottle keeps its right: try again tomorrow."),
    "risk": _("This envelope cannot be opened. If you bought the bottle yourself, please contact the organiser."),
    "forbidden": _("This envelope belongs to another account. Sign in as the person who scanned the bottle."),
    "not_found": _("We cannot find this scan any more. Please scan the code again."),
    "other": _("That did not work. Please try again, or scan the code once more."),
}
