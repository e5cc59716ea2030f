"""Examining histories past rows that can't be examined: one that raises keeps no other waiting, and is not forgotten.

A batch that fails is halved, and at last examined row by row. What still fails is noted in the transaction that moves
the cursor, and tried again by `codes.services.examining_again`.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

import structlog
from django.db import transaction

from codes.models import ExaminationFault
from core.sweeping import NOBODYS_FAULT, together_or_alone

log = structlog.get_logger(__name__)
SWEEP = "cases.examine"
FEW = 8
FIRST_WAIT = dt.timedelta(minutes=5)
LONGEST_FAULT = 200


class Examined(Protocol):
    """A row of a history."""

    @property
    def id(self) -> object: ...

    @property
    def brand_id(self) -> int | None: ...


Row = TypeVar("Row", bound=Examined)
Judge = Callable[[Sequence[Row]], None]


def judge_past_faults(rows: Sequence[Row], judge: Judge[Row], *, history: str, now: dt.datetime) -> None:
    """Judge all rows; those that raise are noted. To be called in the transaction that moves the history's cursor."""
    faults: dict[object, str] = {}

    def work(some: Sequence[Row]) -> int:
        try:
            with transaction.atomic():
                judge(some)
        except Exception as fault:
            faults.update({row.id: told(fault) for row in some})
            raise
        for row in some:
            faults.pop(row.id, None)
        return len(some)

    halved_or_alone(rows, work)
    ExaminationFault.objects.bulk_create(
        [
            ExaminationFault(
                history=history,
                row=str(row.id),
                brand_id=row.brand_id,
                fault=faults[row.id],
                failed_at=now,
                next_at=now + FIRST_WAIT,
            )
            for row in rows
            if row.id in faults
        ],
        ignore_conflicts=True,
    )


def halved_or_alone(rows: Sequence[Row], work: Callable[[Sequence[Row]], int]) -> None:
    """Do the `work` for all rows; where that fails, for each half, down to few rows, and then for each row alone."""
    if len(rows) <= FEW:
        together_or_alone(rows, work, sweep=SWEEP)
        return
    try:
        work(rows)
    except NOBODYS_FAULT:
        raise
    except Exception as fault:  # noqa: BLE001 - whose fault it was shows when few are left
        log.warning("a batch failed; it is halved", sweep=SWEEP, rows=len(rows), fault=str(fault))
        middle = len(rows) // 2
        halved_or_alone(rows[:middle], work)
        halved_or_alone(rows[middle:], work)


def told(fault: Exception) -> str:
    """A fault in a line."""
    return f"{type(fault).__name__}: {fault}".replace("\x00", "\ufffd")[:LONGEST_FAULT]
