from celery import shared_task

from core import clock
from rewards.services import deciding


@shared_task(name="rewards.tasks.decide_overdue")
def decide_overdue() -> None:
    """Held envelopes that nobody has decided in time."""
    deciding.decide_overdue(now=clock.now())
