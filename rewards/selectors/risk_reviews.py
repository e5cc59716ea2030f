"""Held envelopes for those who decide them: why, and what happened around."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, QuerySet

from codes.models import Binding, Opening, Scan
from codes.models.scan import Verdict
from rewards.models import RiskJudgement, RiskReview
from rewards.selectors.risk_words import finding_in_words
from stores.models import Brand, Store

SHOWN = 12


@dataclass(frozen=True, slots=True)
class Neighbour:
    """An opening near the one in question, and what became of its claim; `person` is a short name for people."""

    serial: int
    opened_at: Any
    person: str
    store: Store | None
    state: str


@dataclass(frozen=True, slots=True)
class DevicePerson:
    """Somebody who opened with the same browser."""

    person: str
    openings: int
    newest_at: Any


@dataclass(frozen=True, slots=True)
class ReviewFile:
    """All that an analyst sees of one held envelope."""

    review: RiskReview
    judgement: RiskJudgement | None
    findings: Sequence[str]
    person: str
    scan: Scan
    binding: Binding | None
    of_person: Sequence[Neighbour]
    of_store: Sequence[Neighbour]
    of_device: Sequence[DevicePerson]


def reviews_of(brand: Brand) -> QuerySet[RiskReview]:
    """The brand's held envelopes."""
    return RiskReview.objects.filter(brand=brand)


def review_file(review: RiskReview) -> ReviewFile:
    """Six statements, however much there is around."""
    judgement = RiskJudgement.objects.filter(claim=review.claim_id).order_by("-pk").first()
    opening = Opening.objects.select_related("scan", "binding__store__owner").get(pk=review.claim_id)
    binding: Binding | None = getattr(opening, "binding", None)
    own = Opening.objects.filter(brand_id=review.brand_id, consumer_id=opening.consumer_id)
    of_store: list[Neighbour] = []
    if binding is not None and binding.store_id is not None:
        there = Opening.objects.filter(binding__store_id=binding.store_id)
        of_store = neighbours(there.order_by("-binding__day", "-opened_at"))
    return ReviewFile(
        review=review,
        judgement=judgement,
        findings=[finding_in_words(finding) for finding in judgement.findings] if judgement else [],
        person=short(opening.consumer_id),
        scan=opening.scan,
        binding=binding,
        of_person=neighbours(own.order_by("-opened_at")),
        of_store=of_store,
        of_device=people_on(opening.scan.visitor, review.brand_id),
    )


def neighbours(openings: QuerySet[Opening]) -> list[Neighbour]:
    """The first few of these openings. One statement."""
    rows = openings.select_related("binding__store", "claim")[:SHOWN]
    return [
        Neighbour(
            serial=row.serial,
            opened_at=row.opened_at,
            person=short(row.consumer_id),
            store=row.binding.store if hasattr(row, "binding") else None,
            state=row.claim.get_state_display() if hasattr(row, "claim") else "",
        )
        for row in rows
    ]


def people_on(visitor: str, brand_id: int) -> list[DevicePerson]:
    """Who opened the brand's items with a browser. One statement."""
    first = Scan.objects.filter(visitor=visitor, verdict=Verdict.GENUINE_FIRST, opening__brand_id=brand_id)
    counted = first.values("opening__consumer_id").annotate(openings=Count("pk"), newest_at=Max("scanned_at"))
    rows = counted.order_by("-openings", "opening__consumer_id")[:SHOWN]
    return [DevicePerson(short(row["opening__consumer_id"]), row["openings"], row["newest_at"]) for row in rows]


def short(consumer_id: UUID) -> str:
    """A name by which to tell people apart on a page, and no more."""
    return f"…{consumer_id.hex[-6:]}"
