from celery import shared_task

from core import clock
from rewards.services import deciding

BATCH = 100


@shared_task(name="rewards.tasks.decide_overdue")
def decide_overdue() -> None:
    """Held envelopes that nobody has decided in time."""
    while deciding.decide_overdue(now=clock.now(), limit=BATCH) == BATCH:
        continue
