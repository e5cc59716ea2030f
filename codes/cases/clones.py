"""One mark in many hands, or in two places at once: it was copied."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from codes.cases.judging import Judgement, Reason, judged
from codes.cases.places import certainly_m
from codes.cases.thresholds import Thresholds
from stores.earth import Place, distance_m

KMH = 3.6
KILOMETRE = 1_000.0


@dataclass(frozen=True, slots=True)
class MarkScan:
    """One genuine scan of the mark. `person`: any name of the person; `place` None where it is not usable."""

    at: dt.datetime
    person: str
    place: Place | None = None
    accuracy_m: float | None = None


@dataclass(frozen=True, slots=True)
class MarkHistory:
    """The scans of one mark within the window, oldest first.

    `opened_at`: when it was opened (or first scanned) and by whom, under all names known of that person. None where
    the mark bears nothing to be opened: then how many people scan it says nothing, it is there to be seen.
    """

    scans: Sequence[MarkScan]
    opened_at: dt.datetime | None = None
    owners: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Jump:
    """A journey between two scans that nobody can make: `km` at least, `kmh` at least."""

    before: MarkScan
    after: MarkScan
    km: float
    kmh: float


def judge(history: MarkHistory, thresholds: Thresholds) -> Judgement:
    """Copied, by the people who scanned it or by the places."""
    return judged([by_people(history, thresholds), by_jumps(history, thresholds)])


def by_people(history: MarkHistory, thresholds: Thresholds) -> tuple[Reason, ...]:
    """Others than who opened it, after the opening: the mark was under the cap until then."""
    others = others_of(history)
    return (Reason("mark_people", len(others), thresholds.mark_people),) if others else ()


def others_of(history: MarkHistory) -> frozenset[str]:
    """The people who scanned the mark after its opening, without its opener."""
    opened_at = history.opened_at
    if opened_at is None:
        return frozenset()
    return frozenset(scan.person for scan in history.scans if scan.at > opened_at) - history.owners


def by_jumps(history: MarkHistory, thresholds: Thresholds) -> tuple[Reason, ...]:
    """Journeys that nobody can make."""
    jumps = jumps_of(history.scans, thresholds)
    if not jumps:
        return ()
    fastest = max(jump.kmh for jump in jumps)
    return (Reason("jumps", len(jumps), thresholds.jumps), Reason("speed_kmh", fastest, thresholds.speed_kmh))


def jumps_of(scans: Sequence[MarkScan], thresholds: Thresholds) -> list[Jump]:
    """The impossible journeys from each scan with a place to the next one.

    Great-circle distance (haversine) less the doubt about both places, over the time between, no less than a second.
    Too short ones are left out, and those that an airliner could make.
    """
    placed = [scan for scan in scans if scan.place is not None]
    jumps = (jump_between(before, after) for before, after in pairwise(placed))
    return [jump for jump in jumps if jump.km >= thresholds.jump_km and jump.kmh > thresholds.speed_kmh]


def jump_between(before: MarkScan, after: MarkScan) -> Jump:
    """The slowest journey that explains both; the two have places."""
    assert before.place is not None
    assert after.place is not None
    metres = certainly_m(distance_m(before.place, after.place), before.accuracy_m, after.accuracy_m)
    seconds = max((after.at - before.at).total_seconds(), 1.0)
    return Jump(before, after, metres / KILOMETRE, metres / seconds * KMH)
