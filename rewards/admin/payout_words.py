"""Why somebody should look at a payout, and what is safe to do. By the code of its fault, never by a message."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from rewards.models import Payout
from rewards.payout_moves import PUT_OFF

MERCHANT = _("Our calls are refused. Look at app, scene, allowed addresses and keys; the same bill goes on then.")
AMOUNT = _("The provider tells another amount for this bill. Compare it there; nothing was booked.")
PAYEE = _("The provider tells another payee for this bill. Compare it there; nothing was booked.")
WHY: dict[str, Any] = {
    **dict.fromkeys(("amount_differs", "told_amount_differs"), AMOUNT),
    **dict.fromkeys(("payee_differs", "told_payee_differs"), PAYEE),
    "told_paid": _("The provider says it was paid, after we gave it up. Reconcile, then correct the books by hand."),
    "told_failed": _("The provider says it failed, but we hold it for paid. Reconcile before paying again."),
    "told_cancelled": _("The provider says it was cancelled, but we hold it for paid. Reconcile before paying again."),
    "not_found": _("The provider does not know the bill. It is asked again, and sent again where it may."),
    "day_ceiling": _("The payee has had today what the provider pays a person a day. It is sent tomorrow."),
    "name_missing": _("So much is paid to a real name alone, and none is known."),
    "amount_too_small": _("The provider does not pay so little."),
    "key_unknown": _("The provider signs with a key that the settings do not list. Add it, and start all processes."),
    "NOT_ENOUGH": _("The merchant's account is empty. Pay in; sending goes on by itself."),
    "FREQUENCY_LIMITED": _("Too many calls for the provider. Sending goes on by itself."),
    **dict.fromkeys(("NO_AUTH", "SIGN_ERROR", "INVALID_REQUEST", "PARAM_ERROR"), MERCHANT),
}
BY_STATE: dict[str, Any] = {
    Payout.State.AWAITING_CONFIRMATION: _("The payee has not confirmed yet. It may be withdrawn: a new bill is made."),
    Payout.State.FAILED: _("The provider failed it for good. A new bill was made, or the promise was released."),
    Payout.State.CREATED: _("It waits to be handed over."),
}
NEXT_DAY = _("The payee has had as much as may be received in this day or month. Another bill is sent on the next day.")
UNCLEAR = _("The provider's answers are unclear. It is asked again by itself; asking now is always safe.")
OVER = frozenset({Payout.State.PAID, Payout.State.CANCELLED})


def why_look(payout: Payout) -> str:
    """A sentence for a person: what is the matter, and what to do; empty where all is well."""
    if payout.fault in WHY:
        return str(WHY[payout.fault])
    if payout.fault.startswith(PUT_OFF):
        return str(NEXT_DAY)
    if payout.state in OVER:
        return ""
    return str(BY_STATE.get(payout.state, UNCLEAR))
