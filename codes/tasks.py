import datetime as dt

from celery import shared_task

from codes.services.removing import remove_expired
from codes.services.writing import write_waiting
from core import bell, clock

TURN = dt.timedelta(seconds=60)
"""Far below the broker's visibility timeout, after which a task would run twice."""


@shared_task(name="codes.tasks.write_waiting_files")
def write_waiting_files() -> None:
    """Write print files for a while; with more left, the bell is rung again."""
    bell.answer(write_waiting_files)
    if write_waiting(clock=clock.now, until=clock.now() + TURN):
        bell.ring(write_waiting_files)


@shared_task(name="codes.tasks.remove_expired_files")
def remove_expired_files() -> None:
    """Take print files off the disk whose time is over."""
    remove_expired(now=clock.now())
