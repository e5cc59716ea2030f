"""Why somebody should look at a payout, and what is safe to do. By the code of its fault, never by a message."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from rewards.models import Payout
from rewards.payout_moves import PUT_OFF

MERCHANT = _("Our calls are refused. Look at app, scene, allowed addresses and keys; the same bill goes on then.")
AMOUNT = _("The provider tells another amount for this bill. Compare it there; nothing was booked.")
PAYEE = _("The provider tells another payee for this bill. Compare it there; nothing was booked.")
EMPTY = _("The merchant's account is empty. Pay in; sending goes on by itself.")
TOO_MANY = _("Too many calls for the provider. Sending goes on by itself.")
SPENT = _("The merchant has paid out as much as it may today or this month. Sending goes on when it may again.")
TOO_MUCH = _("The merchant may not pay so much at once. Raise it at the provider; the same bill goes on then.")
PAYER = _("The provider does not let the merchant's account pay. Put it right there; sending goes on by itself.")
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
    "NOT_ENOUGH": EMPTY,
    "FREQUENCY_LIMITED": TOO_MANY,
    **dict.fromkeys(("PAYER_BALANCE_NOT_ENOUGH", "BALANCE_IS_NOT_ENOUGH"), EMPTY),
    **dict.fromkeys(("RESOURCE_LIMIT_EXCEED", "isv.app-call-limited", "isv.method-call-limited"), TOO_MANY),
    **dict.fromkeys(
        (
            "EXCEED_LIMIT_DM_AMOUNT",
            "EXCEED_LIMIT_DM_MAX_AMOUNT",
            "EXCEED_LIMIT_MM_AMOUNT",
            "EXCEED_LIMIT_MM_MAX_AMOUNT",
        ),
        SPENT,
    ),
    **dict.fromkeys(("EXCEED_LIMIT_SM_AMOUNT", "EXCEED_LIMIT_PERSONAL_SM_AMOUNT"), TOO_MUCH),
    **dict.fromkeys(
        (
            "INVALID_PAYER_ACCOUNT",
            "NO_ACCOUNT_PAYMENT_PERMISSION",
            "PAYCARD_UNABLE_PAYMENT",
            "PAYER_CERTIFY_CHECK_FAIL",
            "PAYER_PERMLIMIT_CHECK_FAILURE",
            "PAYER_STATUS_ERROR",
            "PERMIT_PAYER_FORBIDDEN",
            "PERMIT_PAYER_LOWEST_FORBIDDEN",
        ),
        PAYER,
    ),
    **dict.fromkeys(("NO_AUTH", "SIGN_ERROR", "INVALID_REQUEST", "PARAM_ERROR"), MERCHANT),
    **dict.fromkeys(("INVALID_PARAMETER", "PRODUCT_NOT_SIGN", "isv.invalid-signature"), MERCHANT),
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
