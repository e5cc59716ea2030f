"""The verdict on a mark, from what is known of its unit."""

from codes.models.scan import Verdict
from codes.reading import Reading
from codes.selectors.facts import UnitFacts

BY_STATE = {
    "issued": Verdict.NOT_ACTIVATED,
    "voided": Verdict.VOIDED,
    "frozen": Verdict.FROZEN,
    "recalled": Verdict.RECALLED,
}


def verdict_of(reading: Reading, facts: UnitFacts | None) -> Verdict:
    """The verdict as of the facts. Unknown: no order printed such a mark, or the link names another product.

    An order's marks are all made with one key: what another key made of its serials, no printer of ours has printed.
    """
    if facts is None or reading.role not in facts.roles:
        return Verdict.UNKNOWN
    if reading.gtin not in {"", facts.product.gtin} or reading.version not in {"", facts.key_version}:
        return Verdict.UNKNOWN
    if facts.state == "active":
        return Verdict.GENUINE_FIRST if facts.first_scanned_at is None else Verdict.GENUINE_REPEAT
    return BY_STATE[facts.state]


def is_genuine(verdict: str) -> bool:
    """Whether the thing in hand is what it says."""
    return verdict in {Verdict.GENUINE_FIRST, Verdict.GENUINE_REPEAT}
