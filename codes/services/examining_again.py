"""Trying again what could not be examined, each row by itself, later and later, until it is."""

import datetime as dt
from functools import partial
from uuid import UUID

from django.db import transaction
from django.db.models import F

from codes.models import ExaminationFault
from codes.selectors.seen_scans import scans_named
from codes.services.examining import judge_scans
from codes.services.examining_movements import judge_movements, movements_to_judge
from codes.services.examining_past_faults import FIRST_WAIT, told
from core.sweeping import go_through

SWEEP = "cases.examine_again"
LONGEST_WAIT = dt.timedelta(days=1)
MOST_DOUBLINGS = 9
AT_ONCE = 50


def examine_again(*, now: dt.datetime) -> int:
    """Try once more what is due; how many rows were tried and did not fail."""
    due = ExaminationFault.objects.filter(next_at__lte=now).order_by("next_at", "pk")[:AT_ONCE]
    return go_through(due, partial(try_again, now=now), sweep=SWEEP)


def try_again(fault: ExaminationFault, *, now: dt.datetime) -> None:
    """Examine a row that failed. It is put off first, so that it waits again whatever becomes of this attempt."""
    mine = ExaminationFault.objects.filter(pk=fault.pk, attempts=fault.attempts)
    if not mine.update(attempts=F("attempts") + 1, next_at=now + wait_after(fault.attempts)):
        return
    try:
        with transaction.atomic():
            examine(fault, now=now)
            ExaminationFault.objects.filter(pk=fault.pk).delete()
    except Exception as error:
        ExaminationFault.objects.filter(pk=fault.pk).update(fault=told(error))
        raise


def wait_after(attempts: int) -> dt.timedelta:
    """Ten minutes after the second attempt, twenty after the third, … a day."""
    return min(FIRST_WAIT * (1 << min(attempts, MOST_DOUBLINGS)), LONGEST_WAIT)


def examine(fault: ExaminationFault, *, now: dt.datetime) -> None:
    """Judge the scan or movement by what is known now."""
    if fault.history == ExaminationFault.History.SCANS:
        judge_scans(scans_named([UUID(fault.row)]), now=now)
    else:
        judge_movements(list(movements_to_judge().filter(pk=fault.row)), now=now)
