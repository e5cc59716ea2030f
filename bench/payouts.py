"""Bills settled by a real Celery worker; the floor is the same worker doing nothing, task by task."""

import time
from collections.abc import Callable
from pathlib import Path

from bench.empty import empty
from bench.parts import worker
from bench.rows import Row, row_of
from config.celery import app
from core.bell import ring
from core.valkey import valkey
from rewards.models import Payout
from rewards.services.payouts import SETTLE_DUE

QUEUE, PRODUCT_QUEUE = "bench-empty", "celery"
EMPTIES = 2_500
SECONDS = 10.0
LIMIT = (
    "PostgreSQL and the disk: the sandbox wallet enters each bill by a statement and commit of its own, as a foreign "
    "system would; then Python in the two worker processes"
)


def payouts(folder: Path) -> Row:
    """Payouts that the claims left behind, handed over, answered and booked."""
    publish()
    with worker(folder, queue=QUEUE):
        floors = [drained()]
        read(PRODUCT_QUEUE, instead_of=QUEUE)
        rate = settled()
        publish()
        read(QUEUE, instead_of=PRODUCT_QUEUE)
        floors.append(drained())
    floor = ("empty Celery tasks, same worker", max(floors))
    return row_of(name="payouts, 2 worker processes", unit="/s", value=rate, floor=floor, limit=LIMIT, aim="≥ 400")


def publish() -> None:
    """Tasks in a queue that nobody reads yet."""
    with app.producer_or_acquire() as producer:
        for _ in range(EMPTIES):
            empty.apply_async(queue=QUEUE, producer=producer, ignore_result=True)


def read(queue: str, *, instead_of: str) -> None:
    """Have the worker read one queue and not the other: product and floor must not share it."""
    app.control.cancel_consumer(instead_of, reply=True, timeout=5)
    app.control.add_consumer(queue, reply=True, timeout=5)


def drained() -> float:
    """Empty tasks a second, from when the worker has begun with their queue until it is empty."""
    wait_for(lambda: left() < EMPTIES, seconds=60)
    before, start = left(), time.perf_counter()
    wait_for(lambda: left() == 0, seconds=60)
    return before / (time.perf_counter() - start)


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


def wait_until_read() -> None:
    """A worker reads the product's queue: a task that was put into it is gone."""
    empty.apply_async(queue=PRODUCT_QUEUE, ignore_result=True)
    wait_for(lambda: int(valkey().llen(PRODUCT_QUEUE)) == 0, seconds=60)


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
