"""Writing what was found into the one open case of its subject, or into a new one.

A subject is locked before anything is counted of it, by whoever judges or closes: two workers come one after the
other, and the later one sees the case of the earlier. The unique constraint `market_case_one_open` stands behind that.
"""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Q

from codes.cases.judging import Judgement
from codes.models import MarketCase
from codes.selectors.case_figures import Window
from core import audit

ACTOR = "system:cases"
LOCK = "SELECT pg_advisory_xact_lock(hashtextextended(name, 0)) FROM unnest(%s::text[]) AS name"


class Subject(NamedTuple):
    """Of which one case at most is open; `key` as in codes.cases.subjects."""

    brand_id: int
    kind: str
    key: str


@dataclass(frozen=True, slots=True)
class Standing:
    """The open case of a subject, and the newest closed one."""

    open: MarketCase | None = None
    closed: MarketCase | None = None

    def window(self, until: dt.datetime, days: int) -> Window:
        """What counts: the last days, but nothing that belongs to a closed case.

        Evidence that is examined late, behind newer one of its open case, takes nothing of that away.
        """
        until = max(until, self.open.newest_at) if self.open else until
        since = until - dt.timedelta(days=days)
        before = self.open.counted_from if self.open else self.closed.closed_at if self.closed else None
        return Window(max(since, before) if before else since, until)


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found of a subject. `about`: the case's own fields that name it; `figures`: what was counted."""

    subject: Subject
    judgement: Judgement
    newest_at: dt.datetime
    figures: Mapping[str, Any]
    about: Mapping[str, Any] = field(default_factory=dict)


def lock_subjects(subjects: Collection[Subject]) -> None:
    """Until the transaction ends nobody else judges or closes these; everybody locks in one order."""
    names = [f"market case:{subject.brand_id}:{subject.kind}:{subject.key}" for subject in sorted(subjects)]
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [names])


def standings_of(subjects: Collection[Subject]) -> dict[Subject, Standing]:
    """The cases of locked subjects. Two statements."""
    named = Q(pk__in=[])
    for brand_id, kind in {(subject.brand_id, subject.kind) for subject in subjects}:
        keys = [subject.key for subject in subjects if (subject.brand_id, subject.kind) == (brand_id, kind)]
        named |= Q(brand_id=brand_id, kind=kind, subject__in=keys)
    cases = MarketCase.objects.filter(named)
    is_closed = Q(state=MarketCase.State.CLOSED)
    closed = cases.filter(is_closed).order_by("brand_id", "kind", "subject", "-closed_at", "-pk")
    newest = {subject_of(case): case for case in closed.distinct("brand_id", "kind", "subject")}
    open_ones = {subject_of(case): case for case in cases.exclude(is_closed).select_for_update().order_by("pk")}
    return {subject: Standing(open_ones.get(subject), newest.get(subject)) for subject in subjects}


def subject_of(case: MarketCase) -> Subject:
    """What a case is about."""
    return Subject(case.brand_id, case.kind, case.subject)


def write_finding(finding: Finding, standing: Standing, *, now: dt.datetime) -> MarketCase | None:
    """Bring the open case up to date, or open one where the finding is a case; None where there is neither."""
    if standing.open is not None:
        return joined(standing.open, finding)
    return opened(finding, standing.closed, now) if finding.judgement.is_case else None


def joined(case: MarketCase, finding: Finding) -> MarketCase:
    """New evidence joins the open case. Its reasons are the newest that make it a case; its score does not fall."""
    case.figures = json_ready(finding.figures)
    if finding.judgement.is_case:
        case.reasons = reasons_of(finding.judgement)
        case.score = max(case.score, finding.judgement.score)
    case.newest_at = max(case.newest_at, finding.newest_at)
    case.save(update_fields=["figures", "reasons", "score", "newest_at"])
    return case


def opened(finding: Finding, previous: MarketCase | None, now: dt.datetime) -> MarketCase:
    """A new case; where there was one before, it names that."""
    subject = finding.subject
    case = MarketCase.objects.create(
        brand_id=subject.brand_id,
        kind=subject.kind,
        subject=subject.key,
        score=finding.judgement.score,
        reasons=reasons_of(finding.judgement),
        figures=json_ready(finding.figures),
        previous=previous,
        counted_from=previous.closed_at if previous else None,
        opened_at=now,
        newest_at=finding.newest_at,
        **finding.about,
    )
    audit.record(
        actor=ACTOR,
        action="market_case.opened",
        subject=case,
        at=now,
        brand_slug=case.brand.slug,
        after={"kind": case.kind, "subject": case.subject, "score": case.score},
    )
    return case


def reasons_of(judgement: Judgement) -> list[dict[str, Any]]:
    """The conditions that made it a case, JSON-ready."""
    return [asdict(reason) for reason in judgement.reasons]


def json_ready(figures: Mapping[str, Any]) -> dict[str, Any]:
    """Figures, JSON-ready: distances in whole metres."""
    return {name: round(value) if isinstance(value, float) else value for name, value in figures.items()}
