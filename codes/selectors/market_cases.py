"""Market cases for those who look into them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from codes.models import CaseEvidence, CaseRemark, MarketCase
from codes.selectors.case_words import reason_in_words
from stores.models import Brand, Region

EVIDENCE_SHOWN = 100
OPEN = (MarketCase.State.OPEN, MarketCase.State.LOOKING)


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of evidence, with the name of its region."""

    row: CaseEvidence
    region: str


@dataclass(frozen=True, slots=True)
class Place:
    """How many pieces of the shown evidence come from a region."""

    region: str
    scans: int
    items: int


@dataclass(frozen=True, slots=True)
class CaseFile:
    """All of one case: its reasons in words, the newest evidence with its places, and what people wrote."""

    case: MarketCase
    reasons: Sequence[str]
    evidence: Sequence[Piece]
    evidence_count: int
    places: Sequence[Place]
    remarks: Sequence[CaseRemark]
    following: MarketCase | None


def cases_of(brand: Brand) -> QuerySet[MarketCase]:
    """The brand's cases with what names them."""
    return MarketCase.objects.filter(brand=brand).select_related("dealer", "region", "assignee")


def case_file(case: MarketCase) -> CaseFile:
    """Five statements. The newest 100 pieces of evidence are shown."""
    all_of_it = CaseEvidence.objects.filter(case=case)
    rows = list(all_of_it.select_related("store", "dealer").order_by("-happened_at", "-pk")[:EVIDENCE_SHOWN])
    named = Region.objects.filter(code__in={row.region_code for row in rows}).select_related("parent")
    names = {region.code: name_of(region) for region in named}
    pieces = [Piece(row, names.get(row.region_code, "")) for row in rows]
    return CaseFile(
        case=case,
        reasons=[reason_in_words(reason) for reason in case.reasons],
        evidence=pieces,
        evidence_count=all_of_it.count(),
        places=places_of(pieces),
        remarks=list(case.remarks.order_by("-pk")[:EVIDENCE_SHOWN]),
        following=case.following.order_by("-pk").first(),
    )


def name_of(region: Region) -> str:
    """A district with the city before it."""
    above = region.parent
    return f"{above} {region}" if above is not None and above.level != Region.Level.NATION else str(region)


def places_of(pieces: Sequence[Piece]) -> list[Place]:
    """The regions of the evidence, those with the most first, what has no place last."""
    scans: dict[str, int] = defaultdict(int)
    items: dict[str, int] = defaultdict(int)
    for piece in pieces:
        scans[piece.region] += piece.row.scan_id is not None
        items[piece.region] += piece.row.items
    ordered = sorted(scans, key=lambda region: (not region, -scans[region] - items[region], region))
    return [Place(region, scans[region], items[region]) for region in ordered]
