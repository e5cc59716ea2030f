"""The work list of what does not fit in movements."""

from django.db.models import QuerySet

from codes.models import MovementException


def exceptions_of(brand_id: int, state: str = "open") -> QuerySet[MovementException]:
    """The brand's exceptions: "open", "solved" or "all"."""
    rows = MovementException.objects.filter(brand=brand_id)
    return rows if state == "all" else rows.filter(solution__isnull=state == "open")


def with_all(rows: QuerySet[MovementException]) -> QuerySet[MovementException]:
    """With movement, partner, units and solution loaded: a constant number of statements for a page."""
    joined = rows.select_related("movement__store", "movement__dealer", "solution")
    return joined.prefetch_related("lines")
