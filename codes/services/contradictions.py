"""Whether what is reported fits with where the units were thought to be.

A report is a fact and is kept in any case; a contradiction is written beside it, to be looked into. Goods that one
store receives though they were sent to another are the plainest trace of diversion.
"""

from collections.abc import Callable, Iterable

from codes.models import Contradiction, Movement
from codes.selectors.custody import LastMovement
from stores.models import Dealer, Store

GRAVEST_FIRST: list[str] = list(Contradiction.values)

Kind = Movement.Kind
Partner = Store | Dealer | None
"""Where something happened: at a store, at a dealer, or (None) at the brand."""


def contradiction(kind: str, partner: Partner, last: LastMovement | None) -> str:
    """The code of the contradiction between a new movement and the newest one before it; "" where they fit.

    A dealer need not confirm what it received, nor report what it sends to its own stores. What was destroyed does
    not move again; of what was taken as a sample, the rest may be destroyed.
    """
    if last is not None and last.kind == Kind.DESTROY:
        return Contradiction.MOVED_AFTER_DESTROYED
    if last is not None and last.kind == Kind.SAMPLE:
        return "" if kind == Kind.DESTROY else Contradiction.MOVED_AFTER_SAMPLED
    return RULES[kind](partner, last)


def of_shipping(partner: Partner, last: LastMovement | None) -> str:
    """Nothing is sent twice, nor away from a store that has it, without having come back."""
    if last is None or last.kind == Kind.RETURN:
        return ""
    if is_with(partner, last) or (last.kind == Kind.SHIP and (last.store_id or isinstance(partner, Dealer))):
        return Contradiction.SHIPPED_TWICE
    return Contradiction.SHIPPED_FROM_A_STORE if last.store_id else ""


def of_receiving(partner: Partner, last: LastMovement | None) -> str:
    """What is received was sent here, or to the dealer of the store."""
    if last is None or last.kind == Kind.RETURN:
        return Contradiction.RECEIVED_NOT_SHIPPED
    if is_with(partner, last):
        return Contradiction.RECEIVED_TWICE if last.kind == Kind.RECEIVE else ""
    return "" if is_with_own_dealer(partner, last) else Contradiction.RECEIVED_ELSEWHERE


def of_returning(partner: Partner, last: LastMovement | None) -> str:
    """What is given back was received, or refused at the door."""
    if last is None:
        return Contradiction.RETURNED_NOT_RECEIVED
    if is_with(partner, last):
        return Contradiction.RETURNED_TWICE if last.kind == Kind.RETURN else ""
    return Contradiction.RETURNED_NOT_RECEIVED if last.kind == Kind.RETURN else Contradiction.RETURNED_ELSEWHERE


def of_destroying(partner: Partner, last: LastMovement | None) -> str:
    """What is destroyed is destroyed by who has it."""
    return "" if has_it(partner, last) else Contradiction.DESTROYED_ELSEWHERE


def of_sampling(partner: Partner, last: LastMovement | None) -> str:
    """A sample is taken from who has the goods."""
    return "" if has_it(partner, last) else Contradiction.SAMPLED_ELSEWHERE


RULES: dict[str, Callable[[Partner, LastMovement | None], str]] = {
    Kind.SHIP: of_shipping,
    Kind.RECEIVE: of_receiving,
    Kind.RETURN: of_returning,
    Kind.DESTROY: of_destroying,
    Kind.SAMPLE: of_sampling,
}


def has_it(partner: Partner, last: LastMovement | None) -> bool:
    """Whether the goods are there: with the brand while they never left it or came back, else with who got them."""
    if last is None or last.kind == Kind.RETURN:
        return partner is None
    return is_with(partner, last) or is_with_own_dealer(partner, last)


def is_with(partner: Partner, last: LastMovement) -> bool:
    """Whether the newest movement was this partner's."""
    if partner is None:
        return False
    return partner.pk == (last.store_id if isinstance(partner, Store) else last.dealer_id)


def is_with_own_dealer(partner: Partner, last: LastMovement) -> bool:
    """Whether the newest movement was that of the store's dealer, which need not report what it sends on."""
    return isinstance(partner, Store) and last.dealer_id is not None and last.dealer_id == partner.dealer_id


def gravest(flags: Iterable[str]) -> str:
    """The gravest of some contradictions, "" for none."""
    found = set(flags)
    return next((flag for flag in GRAVEST_FIRST if flag in found), "")
