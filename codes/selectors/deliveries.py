"""What was sent under a delivery note, and what of it has come."""

from codes.models import Movement
from codes.selectors.differences import items_of, moved_under
from stores.models import Dealer, Store


def expected_of(brand_id: int, partner: Store | Dealer | None, reference: str) -> tuple[int, int]:
    """Items sent to the partner under the note, and items received under it; none where there is no note."""
    if partner is None or not reference:
        return 0, 0
    sent, received = (
        sum(piece.count for piece in items_of(moved_under(brand_id, reference, kind, partner)))
        for kind in (Movement.Kind.SHIP, Movement.Kind.RECEIVE)
    )
    return sent, received
