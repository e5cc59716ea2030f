"""What contradicts itself in one row of a prize table, each with its remedy."""

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from rewards.draw.prizes import VOUCHERS, WAITING, PrizeKind
from rewards.models import Prize
from stores.models import Store

CEILING_FEN = 5_000_000
"""China's rules on promotion: no lottery prize above 50,000 yuan."""


def prize_faults(prizes: Sequence[Prize], *, brand_id: int) -> list[str]:
    """All of them, in the order of the rows. One query at most."""
    found = [fault % {"prize": prize.name} for prize in prizes for fault in faults_of_row(prize)]
    return found + store_faults(prizes, brand_id)


def faults_of_row(prize: Prize) -> Iterator[str]:
    """Each speaks of “%(prize)s”."""
    if max(prize.top_fen, prize.worth_fen) > CEILING_FEN:
        yield _("“%(prize)s” is above 50,000 yuan, the most that the law allows. Lower it.")
    yield from amount_faults(prize)
    yield from value_faults(prize)
    yield from time_faults(prize)
    if prize.any_store and prize.kind not in VOUCHERS:
        yield _("“%(prize)s” is no voucher, so no store redeems it. Take “any store” away.")


def amount_faults(prize: Prize) -> Iterator[str]:
    """What it takes from the budget."""
    if prize.kind == PrizeKind.THANKS and prize.amount_fen:
        yield _("“%(prize)s” is a thank-you with an amount. Make it cash, or the amount 0.")
    if prize.kind == PrizeKind.CASH and not prize.amount_fen:
        yield _("“%(prize)s” is cash of 0 fen. Give an amount, or make it a thank-you.")
    if prize.kind == PrizeKind.LOCKED and not prize.amount_fen:
        yield _("“%(prize)s” is a second envelope of 0 fen. Give an amount.")
    if prize.kind in VOUCHERS and not prize.amount_fen:
        yield _("“%(prize)s” brings the store nothing. Give as amount what its owner gets for redeeming it.")
    if prize.most_fen is not None and prize.kind != PrizeKind.CASH:
        yield _("“%(prize)s” has a range, which only cash can have. Give one amount.")


def value_faults(prize: Prize) -> Iterator[str]:
    """What the consumer pays or saves at the store."""
    if prize.kind == PrizeKind.EXCHANGE and not prize.pays_fen:
        yield _("“%(prize)s” does not say what the consumer pays. Enter it, or make it one more bottle.")
    if prize.kind != PrizeKind.EXCHANGE and prize.pays_fen:
        yield _("“%(prize)s” has a price, which only a bottle for a price has. Make the price 0.")
    if prize.kind == PrizeKind.STORE_VOUCHER and not prize.worth_fen:
        yield _("“%(prize)s” does not say what the store takes off. Enter what it is worth.")
    if prize.kind != PrizeKind.STORE_VOUCHER and prize.worth_fen:
        yield _("“%(prize)s” is worth something off, which only a store voucher is. Make that 0.")


def time_faults(prize: Prize) -> Iterator[str]:
    """For how long it is good."""
    if prize.kind in WAITING and not prize.valid_days:
        yield _("“%(prize)s” does not say for how many days it is good. Enter them.")
    if prize.kind not in WAITING and prize.valid_days:
        yield _("“%(prize)s” is paid at once, so it has no days. Make them 0.")


def store_faults(prizes: Sequence[Prize], brand_id: int) -> list[str]:
    """Somebody must be able to redeem what is won."""
    if not any(prize.kind in VOUCHERS for prize in prizes):
        return []
    if Store.objects.filter(brand_id=brand_id, is_active=True, owner__isnull=False).exists():
        return []
    return [_("No store of the brand has an owner, so nobody could redeem a voucher. Enter an owner first.")]
