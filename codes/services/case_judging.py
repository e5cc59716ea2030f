"""Judging the subjects that new scans and receipts have touched. Called within a transaction."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import NamedTuple

from codes.cases import clones, clusters, diversion, subjects
from codes.cases.judging import Judgement
from codes.models import MarketCase, Sighting
from codes.selectors.case_figures import (
    ClusterAsked,
    ShipmentAsked,
    ShipmentCounts,
    cluster_counts,
    reports_shipments,
    shipment_counts,
)
from codes.selectors.case_rules import BrandRule
from codes.selectors.mark_histories import MarkAsked, MarkFound, mark_histories
from codes.selectors.seen_scans import scans_named
from codes.selectors.territories import Lineages, lineages_of
from codes.services.case_evidence import keep_cluster, keep_scans, keep_shipment
from codes.services.case_findings import Finding, Standing, Subject, lock_subjects, standings_of, write_finding
from codes.services.sighting import sight

Kind = MarketCase.Kind
Cause = Sighting.Cause
Rules = Mapping[int, BrandRule]


class TouchedShipment(NamedTuple):
    """Goods of one movement seen or received in one foreign city."""

    brand_id: int
    shipment: int
    dealer_id: int
    area: str

    @property
    def subject(self) -> Subject:
        return Subject(self.brand_id, Kind.DIVERSION, subjects.of_shipment(self.shipment, self.area))


class TouchedMark(NamedTuple):
    """A mark that was scanned again."""

    brand_id: int
    serial: int
    role: int

    @property
    def subject(self) -> Subject:
        return Subject(self.brand_id, Kind.CLONE, subjects.of_mark(self.serial, self.role))


class TouchedArea(NamedTuple):
    """Codes of one cause in one city; the cause is the kind of the case."""

    brand_id: int
    cause: str
    area: str

    @property
    def subject(self) -> Subject:
        return Subject(self.brand_id, self.cause, subjects.of_area(self.area))


Touched = TouchedShipment | TouchedMark | TouchedArea
Newest = dict[Touched, dt.datetime]
"""What was touched, and when its newest evidence happened."""


def judge_touched(newest: Newest, rules: Rules, *, now: dt.datetime) -> list[MarketCase]:
    """Judge all of it, and write what was found; the cases that were opened or that new evidence joined.

    What is touched belongs to brands of `rules`. The number of statements grows with the cases alone.
    """
    if not newest:
        return []
    standings = locked_standings(newest)
    shipments = {each: at for each, at in newest.items() if isinstance(each, TouchedShipment)}
    marks = {each: at for each, at in newest.items() if isinstance(each, TouchedMark)}
    areas = {each: at for each, at in newest.items() if isinstance(each, TouchedArea)}
    return [
        *judge_shipments(shipments, standings, rules, now),
        *judge_marks(marks, standings, rules, now),
        *judge_areas(areas, standings, rules, now),
    ]


def locked_standings(newest: Iterable[Touched]) -> dict[Subject, Standing]:
    """What there is of each subject; nobody else judges or closes them any more."""
    touched = {each.subject for each in newest}
    lock_subjects(touched)
    return standings_of(touched)


def judge_shipments(
    newest: Mapping[TouchedShipment, dt.datetime], standings: Mapping[Subject, Standing], rules: Rules, now: dt.datetime
) -> list[MarketCase]:
    """Diversion."""
    if not newest:
        return []
    lineages = lineages_of({each.area for each in newest})
    windows = {
        each: standings[each.subject].window(at, rules[each.brand_id].thresholds.window_days)
        for each, at in newest.items()
    }
    counts = shipment_counts([ShipmentAsked(each.shipment, each.area, windows[each]) for each in newest])
    cases = []
    for each, counted in zip(newest, counts, strict=True):
        judgement = judgement_of(each, counted, rules[each.brand_id], lineages)
        about = {"dealer_id": each.dealer_id, "shipment_id": each.shipment, "region_id": each.area}
        finding = Finding(each.subject, judgement, newest[each], asdict(counted), about)
        case = write_finding(finding, standings[each.subject], now=now)
        if case is not None:
            keep_shipment(case, windows[each], now=now)
            cases.append(case)
    return cases


def judgement_of(each: TouchedShipment, counted: ShipmentCounts, rule: BrandRule, lineages: Lineages) -> Judgement:
    """The rule's word on what was counted."""
    shipment = diversion.Shipment(
        units=counted.units,
        people=counted.people,
        seen_units=counted.seen_units,
        distance_m=counted.distance_m,
        received=counted.received,
        receipt_m=counted.receipt_m,
        travel_share=rule.travel_share(lineages.by_code[each.area]),
    )
    return diversion.judge(shipment, rule.thresholds)


def judge_marks(
    newest: Mapping[TouchedMark, dt.datetime], standings: Mapping[Subject, Standing], rules: Rules, now: dt.datetime
) -> list[MarketCase]:
    """Copied marks."""
    if not newest:
        return []
    asked = [
        MarkAsked(
            each.serial, each.role, standings[each.subject].window(at, rules[each.brand_id].thresholds.window_days)
        )
        for each, at in newest.items()
    ]
    usable = [rules[each.brand_id].thresholds.accuracy_m_at_most for each in newest]
    cases = []
    for each, found in zip(newest, mark_histories(asked, usable), strict=True):
        thresholds = rules[each.brand_id].thresholds
        judgement = clones.judge(found.history, thresholds)
        figures = figures_of(found, len(clones.jumps_of(found.history.scans, thresholds)))
        about = {"serial": each.serial, "role": each.role}
        finding = Finding(each.subject, judgement, newest[each], figures, about)
        case = write_finding(finding, standings[each.subject], now=now)
        if case is not None:
            keep_scans(case, found.scan_ids, now=now)
            cases.append(case)
    return cases


def figures_of(found: MarkFound, jumps: int) -> dict[str, int]:
    """What was counted of a mark."""
    scans = found.history.scans
    others = len(clones.others_of(found.history))
    return {"scans": len(scans), "people": len({scan.person for scan in scans}), "others": others, "jumps": jumps}


def judge_areas(
    newest: Mapping[TouchedArea, dt.datetime], standings: Mapping[Subject, Standing], rules: Rules, now: dt.datetime
) -> list[MarketCase]:
    """Clusters of codes that nobody should hold yet, or that nobody issued."""
    if not newest:
        return []
    asked = [
        ClusterAsked(
            each.brand_id,
            each.cause,
            each.area,
            standings[each.subject].window(at, rules[each.brand_id].thresholds.cluster_days),
        )
        for each, at in newest.items()
    ]
    cases = []
    for each, one, counted in zip(newest, asked, cluster_counts(asked), strict=True):
        judgement = clusters.judge(clusters.Cluster(counted.codes, counted.people), rules[each.brand_id].thresholds)
        if judgement.is_case and each.cause == Cause.NOT_SHIPPED and not is_reported(one, rules):
            continue
        finding = Finding(each.subject, judgement, newest[each], asdict(counted), {"region_id": each.area})
        case = write_finding(finding, standings[each.subject], now=now)
        if case is not None:
            keep_cluster(case, one.window, now=now)
            cases.append(case)
    return cases


def is_reported(asked: ClusterAsked, rules: Rules) -> bool:
    """Whether the cluster stands once shipments that were reported late are counted, of a brand that reports any."""
    late = Sighting.objects.filter(
        brand_id=asked.brand_id,
        cause=Cause.NOT_SHIPPED,
        area_id=asked.area,
        seen_at__gt=asked.window.since,
        seen_at__lte=asked.window.until,
    )
    ids = list(late.order_by("-seen_at").values_list("pk", flat=True)[:MOST_LOOKED_AT_AGAIN])
    sight(scans_named(ids), {brand_id: rule.thresholds for brand_id, rule in rules.items()})
    (counted,) = cluster_counts([asked])
    stands = clusters.judge(clusters.Cluster(counted.codes, counted.people), rules[asked.brand_id].thresholds)
    return stands.is_case and reports_shipments(asked.brand_id, asked.window.since)


MOST_LOOKED_AT_AGAIN = 1_000


def touched_by(sightings: Sequence[Sighting]) -> Newest:
    """The shipments and areas that these sightings speak against."""
    newest: Newest = {}
    for seen in sightings:
        if seen.cause == Cause.FOREIGN:
            assert seen.shipment_id is not None
            assert seen.dealer_id is not None
            note(newest, TouchedShipment(seen.brand_id, seen.shipment_id, seen.dealer_id, seen.area_id), seen.seen_at)
        elif seen.cause != Cause.HOME:
            note(newest, TouchedArea(seen.brand_id, seen.cause, seen.area_id), seen.seen_at)
    return newest


def note(newest: Newest, touched: Touched, at: dt.datetime) -> None:
    """Remember the newest moment."""
    newest[touched] = max(newest.get(touched, at), at)
