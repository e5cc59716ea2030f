"""Bills settled by a real Celery worker; the floor is the same worker doing nothing, task by task."""

import time
from collections.abc import Callable
from pathlib import Path

from bench.empty import app, empty
from bench.parts import worker
from bench.rows import Row, row_of
from core.bell import ring
from core.valkey import valkey
from rewards.models import Payout
from rewards.services.payouts import SETTLE_DUE

QUEUE = "bench-empty"
EMPTIES = 2_500
SECONDS = 10.0
LIMIT = (
    "PostgreSQL and the disk: the sandbox wallet enters each bill by a statement and commit of its own, as a foreign "
    "system would; then Python in the two worker processes"
)


def payouts(folder: Path) -> Row:
    """Payouts that the claims left behind, handed over, answered and booked."""
    publish()
    with worker(folder):
        floors = [drained()]
        rate = settled()
        publish()
        floors.append(drained())
    floor = ("empty Celery tasks, same worker", max(floors))
    return row_of(name="payouts, 2 worker processes", unit="/s", value=rate, floor=floor, limit=LIMIT, aim="≥ 400")


def publish() -> None:
    """Tasks in a queue that nobody reads yet."""
    with app.producer_or_acquire() as producer:
        for _ in range(EMPTIES):
            empty.apply_async(queue=QUEUE, producer=producer, ignore_result=True)


def drained() -> float:
    """Empty tasks a second, from when the worker begins to read their queue until it is empty."""
    wait_for(lambda: bool(app.control.ping(timeout=1)), seconds=30)
    app.control.add_consumer(QUEUE, reply=True, timeout=5)
    before, start = left(), time.perf_counter()
    wait_for(lambda: left() == 0, seconds=30)
    rate = before / (time.perf_counter() - start)
    app.control.cancel_consumer(QUEUE, reply=True, timeout=5)
    return rate


def left() -> int:
    return int(valkey().llen(QUEUE))


def settled() -> float:
    """Payouts a second, from the first that is paid until all are or the time is over; claims ring as they go."""
    before = paid()
    wait_for(lambda: rung() and paid() > before, seconds=30)
    before, start = paid(), time.perf_counter()
    while time.perf_counter() - start < SECONDS and waiting():
        ring(SETTLE_DUE)
        time.sleep(0.1)
    return (paid() - before) / (time.perf_counter() - start)


def rung() -> bool:
    ring(SETTLE_DUE)
    return True


def paid() -> int:
    return Payout.objects.filter(state=Payout.State.PAID).count()


def waiting() -> bool:
    return Payout.objects.exclude(state=Payout.State.PAID).exists()


def wait_for(happened: Callable[[], bool], *, seconds: float) -> None:
    give_up = time.monotonic() + seconds
    while not happened():
        if time.monotonic() > give_up:
            raise TimeoutError("The worker did not do what the benchmark waits for.")
        time.sleep(0.02)
