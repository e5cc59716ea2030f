"""Captured events that tell of our own units, and what our histories make of them."""

from collections.abc import Sequence

from codes.services.epcis_rows import NewEvent
from stores.models import Brand


def note_effects(brand: Brand, events: Sequence[NewEvent]) -> None:
    """Have the events that may concern our units looked at. In the transaction that captures them."""
