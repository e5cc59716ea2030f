"""Who was the first to scan a mark."""

from uuid import UUID

from django.db.models import Q

from codes.models import Mark
from codes.reading import Reading


def was_first(reading: Reading, *, visitor: str, consumer_id: UUID | None) -> bool:
    """Whether this browser or this consumer made the first valid scan of the mark. One query by key."""
    if reading.serial is None or reading.role is None:
        return False
    own = Q(first_scan__visitor=visitor)
    if consumer_id is not None:
        own |= Q(first_scan__consumer=consumer_id)
    return Mark.objects.filter(own, pk=reading.serial * 16 + reading.role).exists()
