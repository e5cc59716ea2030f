"""Going through the scans, behind the histories, for market cases.

A cursor says how far. Its row stays locked while a batch is examined, and moves in the transaction that writes what
was found: a batch is examined wholly or not at all, a killed worker leaves nothing behind, and a second worker that
comes meanwhile goes away again. A batch that is examined twice finds what it found before.
"""

import datetime as dt
from collections.abc import Sequence
from functools import partial
from uuid import UUID

from django.db import transaction

from codes.formats.code_text import Level, Role
from codes.models import CaseCursor, ExaminationFault
from codes.models.scan import Verdict
from codes.selectors.case_rules import BrandRule, rules_of
from codes.selectors.seen_scans import LAST_SCAN, NO_SCAN, SeenScan, scans_after
from codes.services.case_judging import Newest, TouchedMark, judge_touched, note, touched_by
from codes.services.examining_past_faults import judge_past_faults
from codes.services.sighting import sight

BATCH = 500
SETTLED = dt.timedelta(seconds=60)
"""Rows younger than this may still have elder ones behind them that are not committed yet: they are left for later."""
ITEM_ROLES = frozenset(role for role in Role if role.level is Level.ITEM)


@transaction.atomic
def examine_scans(*, now: dt.datetime, before: UUID = LAST_SCAN, limit: int = BATCH) -> int:
    """Examine the next scans whose keys lie before `before`, `limit` at most; how many. 0 also where others do it."""
    cursor = locked_cursor("scans")
    if cursor is None:
        return 0
    scans = scans_after(UUID(cursor.position) if cursor.position else NO_SCAN, before=before, limit=limit)
    if scans:
        judge_past_faults(scans, partial(judge_scans, now=now), history=ExaminationFault.History.SCANS, now=now)
        move_on(cursor, str(scans[-1].id))
    return len(scans)


def judge_scans(scans: Sequence[SeenScan], *, now: dt.datetime) -> None:
    """Note the sightings, and judge what they touch."""
    rules = rules_of({scan.brand_id for scan in scans if scan.brand_id is not None})
    sightings = sight(scans, {brand_id: rule.thresholds for brand_id, rule in rules.items()})
    judge_touched(touched_by(sightings) | touched_marks(scans, rules), rules, now=now)


def touched_marks(scans: Sequence[SeenScan], rules: dict[int, BrandRule]) -> Newest:
    """The items' marks that were not scanned for the first time."""
    newest: Newest = {}
    for scan in scans:
        if scan.verdict is not Verdict.GENUINE_REPEAT or scan.role not in ITEM_ROLES or scan.brand_id not in rules:
            continue
        assert scan.serial is not None
        assert scan.brand_id is not None
        note(newest, TouchedMark(scan.brand_id, scan.serial, int(scan.role)), scan.scanned_at)
    return newest


def locked_cursor(name: str) -> CaseCursor | None:
    """The cursor, locked until the transaction ends; None where another worker has it."""
    CaseCursor.objects.bulk_create([CaseCursor(name=name)], ignore_conflicts=True)
    return CaseCursor.objects.select_for_update(skip_locked=True).filter(name=name).first()


def move_on(cursor: CaseCursor, position: str) -> None:
    """The next batch begins after this row."""
    cursor.position = position
    cursor.save(update_fields=["position"])
