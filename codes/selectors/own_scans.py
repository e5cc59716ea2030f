"""A consumer's own scans, for their export."""

from typing import Any

from codes.models import Scan
from consumers.models import Consumer

COLUMNS = (
    "id",
    "masked_code",
    "verdict",
    "latitude",
    "longitude",
    "accuracy_m",
    "region_code",
    "via",
    "address",
    "scanned_at",
)


def scans_of(consumer: Consumer) -> list[dict[str, Any]]:
    """JSON-ready rows, oldest first."""
    return list(Scan.objects.filter(consumer=consumer).order_by("scanned_at", "id").values(*COLUMNS))
