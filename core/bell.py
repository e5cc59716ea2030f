"""Ringing a worker after a commit, at most once until it has come.

The row is the queue; the bell only wakes somebody. A bell that was rung and not yet answered is not rung again:
the answering task takes the bell down *before* it reads the rows, so a row committed earlier is always seen.
A lost bell does no harm: beat comes by anyway.

A process that has just rung does not ring again for a moment: when hundreds want a worker in one second, asking
Valkey for each whether the bell hangs costs more than it tells. The last of them may have to wait for beat.
"""

import time
from typing import Any

import structlog
from django.db import transaction
from kombu.exceptions import OperationalError
from redis import RedisError

from core.valkey import valkey

log = structlog.get_logger(__name__)
HANGS_MS = 2_000
REST_SECONDS = 0.05
rung_at: dict[str, float] = {}
"""By the task's name, on the clock that only goes forward. Threads may overtake each other: then it rings twice."""


def ring_on_commit(task: Any) -> None:
    """After the present transaction has committed, start `task` (a Celery task without arguments)."""
    transaction.on_commit(lambda: ring(task))


def ring(task: Any) -> None:
    """Start `task` unless its bell is already ringing, or was rung from here just now.

    Losing Valkey is logged, never raised.
    """
    now = time.monotonic()
    if now - rung_at.get(task.name, -REST_SECONDS) < REST_SECONDS:
        return
    rung_at[task.name] = now
    try:
        if valkey().set(f"bell:{task.name}", 1, nx=True, px=HANGS_MS):
            task.apply_async(retry=False, ignore_result=True)
    except (RedisError, OperationalError) as error:
        log.warning("the bell is away; beat will come by", task=task.name, fault=str(error))


def answer(task: Any) -> None:
    """To be called by the task first of all: whoever rings from now on is heard by another run."""
    try:
        valkey().delete(f"bell:{task.name}")
    except RedisError as error:
        log.warning("the bell could not be taken down", task=task.name, fault=str(error))
