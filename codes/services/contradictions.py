"""Whether what is reported fits with where the units were thought to be.

A report is a fact and is kept in any case; a contradiction is written beside it, to be looked into. Goods that one
store receives though they were sent to another are the plainest trace of diversion.
"""

from codes.models import Movement
from codes.selectors.custody import LastMovement
from stores.models import Dealer, Store

SHIPPED_TWICE = "shipped_twice"
SHIPPED_FROM_A_STORE = "shipped_from_a_store"
RECEIVED_NOT_SHIPPED = "received_not_shipped"
RECEIVED_TWICE = "received_twice"
RECEIVED_ELSEWHERE = "received_elsewhere"
RETURNED_NOT_RECEIVED = "returned_not_received"
RETURNED_TWICE = "returned_twice"
RETURNED_ELSEWHERE = "returned_elsewhere"

GRAVEST_FIRST = [
    RECEIVED_ELSEWHERE,
    RETURNED_ELSEWHERE,
    SHIPPED_FROM_A_STORE,
    SHIPPED_TWICE,
    RECEIVED_TWICE,
    RETURNED_TWICE,
    RECEIVED_NOT_SHIPPED,
    RETURNED_NOT_RECEIVED,
]

Kind = Movement.Kind


def contradiction(kind: str, partner: Store | Dealer, last: LastMovement | None) -> str:
    """The code of the contradiction between a new movement and the newest one before it; "" where they fit.

    A dealer need not confirm what it received, nor report what it sends to its own stores.
    """
    if kind == Kind.SHIP:
        return of_shipping(partner, last)
    return of_receiving(partner, last) if kind == Kind.RECEIVE else of_returning(partner, last)


def of_shipping(partner: Store | Dealer, last: LastMovement | None) -> str:
    """Nothing is sent twice, nor away from a store that has it, without having come back."""
    if last is None or last.kind == Kind.RETURN:
        return ""
    if is_with(partner, last) or (last.kind == Kind.SHIP and (last.store_id or isinstance(partner, Dealer))):
        return SHIPPED_TWICE
    return SHIPPED_FROM_A_STORE if last.store_id else ""


def of_receiving(partner: Store | Dealer, last: LastMovement | None) -> str:
    """What is received was sent here, or to the dealer of the store."""
    if last is None or last.kind == Kind.RETURN:
        return RECEIVED_NOT_SHIPPED
    if is_with(partner, last):
        return RECEIVED_TWICE if last.kind == Kind.RECEIVE else ""
    came_from_own_dealer = isinstance(partner, Store) and last.dealer_id and last.dealer_id == partner.dealer_id
    return "" if came_from_own_dealer else RECEIVED_ELSEWHERE


def of_returning(partner: Store | Dealer, last: LastMovement | None) -> str:
    """What is given back was received, or refused at the door."""
    if last is None:
        return RETURNED_NOT_RECEIVED
    if is_with(partner, last):
        return RETURNED_TWICE if last.kind == Kind.RETURN else ""
    return RETURNED_NOT_RECEIVED if last.kind == Kind.RETURN else RETURNED_ELSEWHERE


def is_with(partner: Store | Dealer, last: LastMovement) -> bool:
    """Whether the newest movement was this partner's."""
    return partner.pk == (last.store_id if isinstance(partner, Store) else last.dealer_id)


def gravest(flags: set[str]) -> str:
    """The gravest of some contradictions, "" for none."""
    return next((flag for flag in GRAVEST_FIRST if flag in flags), "")
