"""Days that people want compared with a provider's bill list: asked for on a page, compared by a worker."""

import datetime as dt
from collections.abc import Callable

import structlog
from celery import signature
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Q

from core import audit
from core.bell import ring_on_commit
from rewards.models import AskedComparison, Reconciliation
from rewards.services.providers import provider
from rewards.services.reconciling import run_reconciliation

log = structlog.get_logger(__name__)
COMPARE_ASKED = signature("rewards.tasks.compare_asked")
LEASE = dt.timedelta(minutes=30)
"""A worker who has not told the end by then is dead: a bill list takes minutes at most."""
State = AskedComparison.State
OPEN = (State.WAITING, State.RUNNING)


@transaction.atomic
def ask_for_comparison(*, provider_name: str, day: dt.date, actor: str, now: dt.datetime) -> AskedComparison:
    """Have a worker compare the day soon. One that waits or is being compared is answered as it is."""
    new = AskedComparison(provider=provider_name, day=day, asked_by=actor, asked_at=now)
    AskedComparison.objects.bulk_create([new], ignore_conflicts=True)
    asked = AskedComparison.objects.filter(provider=provider_name, day=day).latest("pk")
    audit.record(
        actor=actor,
        action="reconciliation.asked",
        subject=asked,
        at=now,
        after={"provider": provider_name, "day": day.isoformat()},
    )
    ring_on_commit(COMPARE_ASKED)
    return asked


def compare_asked(*, tick: Callable[[], dt.datetime]) -> int:
    """Compare all days that wait, each once; how many. One that can't be compared says so and stops no other."""
    compared = 0
    while (asked := take(now=tick())) is not None:
        carry_out(asked, tick=tick)
        compared += 1
    return compared


@transaction.atomic
def take(*, now: dt.datetime) -> AskedComparison | None:
    """The oldest that waits, or whose worker died; it is the caller's for LEASE. None where there is none."""
    waiting = Q(state=State.WAITING) | Q(state=State.RUNNING, taken_at__lt=now - LEASE)
    asked = AskedComparison.objects.select_for_update(skip_locked=True).filter(waiting).order_by("pk").first()
    if asked is not None:
        asked.state, asked.taken_at = State.RUNNING, now
        asked.save(update_fields=["state", "taken_at"])
    return asked


def carry_out(asked: AskedComparison, *, tick: Callable[[], dt.datetime]) -> None:
    """Call the provider, keep what was found, and tell the end."""
    try:
        run = run_reconciliation(bank=provider(asked.provider), day=asked.day, actor=asked.asked_by, now=tick())
    except (OperationalError, InterfaceError):
        raise
    except Exception as fault:  # whatever the provider raises is told to who asked
        log.exception("a day could not be compared", provider=asked.provider, day=asked.day.isoformat())
        finish(asked, state=State.FAILED, fault=type(fault).__name__, now=tick())
    else:
        finish(asked, state=State.DONE, run=run.kept, now=tick())


def finish(
    asked: AskedComparison, *, state: str, now: dt.datetime, run: Reconciliation | None = None, fault: str = ""
) -> None:
    """Tell the end, unless another worker has taken it meanwhile."""
    ours = AskedComparison.objects.filter(pk=asked.pk, state=State.RUNNING, taken_at=asked.taken_at)
    ours.update(state=state, finished_at=now, run=run, fault=fault)
