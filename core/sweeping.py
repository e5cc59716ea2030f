"""Going through rows that are due: one that can't be worked off keeps no other waiting.

What fails is told of in the log and counted, and met again by the next sweep. What the database itself can't do now
(it is away, two wait for each other) passes through: it would fail for the others too, and is no row's fault.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

import structlog
from django.db import InterfaceError, OperationalError
from django.db.models import Model
from prometheus_client import Counter

from core.errors import Conflict

log = structlog.get_logger(__name__)
FAULTS = Counter("onecode_sweep_faults", "Rows that a sweep could not work off and went past, by sweep.", ["sweep"])
NOBODYS_FAULT = (OperationalError, InterfaceError)
Row = TypeVar("Row")


def go_through(rows: Iterable[Row], work: Callable[[Row], object], *, sweep: str) -> int:
    """Do the `work` for each row; how many it was done for. `sweep` names the work in log and metrics.

    The work is a transaction of its own. A `Conflict` means that somebody else was faster: it is neither.
    """
    done = 0
    for row in rows:
        try:
            work(row)
        except Conflict as overtaken:
            log.info("a row was worked off meanwhile", sweep=sweep, row=name_of(row), code=overtaken.code)
        except NOBODYS_FAULT:
            raise
        except Exception:  # whatever one row raises, the others are worked off
            log.exception("a row could not be worked off", sweep=sweep, row=name_of(row))
            FAULTS.labels(sweep).inc()
        else:
            done += 1
    return done


def together_or_alone(rows: Sequence[Row], work: Callable[[Sequence[Row]], int], *, sweep: str) -> int:
    """Do the `work` for all rows at once; where that fails as a whole, for each alone. The sum of what it answers."""
    try:
        return work(rows)
    except NOBODYS_FAULT:
        raise
    except Exception as fault:  # noqa: BLE001 - whose fault it was shows when each is done alone
        log.warning("a batch failed; its rows are worked off one by one", sweep=sweep, rows=len(rows), fault=str(fault))
    answers: list[int] = []
    go_through(rows, lambda row: answers.append(work([row])), sweep=sweep)
    return sum(answers)


def name_of(row: object) -> str:
    """What a log line calls a row."""
    return f"{row._meta.model_name} {row.pk}" if isinstance(row, Model) else str(row)  # noqa: SLF001 - documented
