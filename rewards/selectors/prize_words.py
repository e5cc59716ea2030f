"""What a prize is, in the reader's words."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rewards.draw.prizes import PrizeKind
from rewards.models import Prize
from rewards.templatetags.money import yuan


def prize_words(prize: Prize) -> str:
    """What the winner has: an amount, a bottle, so much off."""
    match prize.kind:
        case PrizeKind.BOTTLE:
            return _("One more bottle")
        case PrizeKind.EXCHANGE:
            return _("A bottle for %(price)s") % {"price": yuan(prize.pays_fen)}
        case PrizeKind.STORE_VOUCHER:
            return _("%(worth)s off") % {"worth": yuan(prize.worth_fen)}
        case PrizeKind.LOCKED:
            return _("A second envelope of %(amount)s") % {"amount": yuan(prize.amount_fen)}
    if not prize.amount_fen:
        return _("no cash")
    return yuan(prize.amount_fen) + (f" – {yuan(prize.most_fen)}" if prize.most_fen else "")


def prize_conditions(prize: Prize) -> str:
    """Where and for how long it is good; empty where it is paid at once."""
    if not prize.is_voucher and not prize.is_locked:
        return ""
    days = ngettext("%(days)d day", "%(days)d days", prize.valid_days) % {"days": prize.valid_days}
    if prize.is_locked:
        return _("unlocked by your next opening within %(time)s") % {"time": days}
    if prize.any_store:
        return _("at every store of the brand, within %(time)s") % {"time": days}
    return _("at the store of the purchase, within %(time)s") % {"time": days}
