"""The statistics' workers."""

from celery import shared_task

from core.bell import answer, ring
from stores.services.counting import count_batch

BATCHES = 40


@shared_task(name="stores.tasks.count_pending")
def count_pending() -> None:
    """Count what was marked; after a while leave the rest to another run, so that no task runs for long."""
    answer(count_pending)
    for _ in range(BATCHES):
        if not count_batch():
            return
    ring(count_pending)
