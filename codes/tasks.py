import datetime as dt

from celery import shared_task

from codes.selectors.seen_scans import first_key_at
from codes.services.epcis_capturing import capture_waiting
from codes.services.epcis_delivering import deliver_due
from codes.services.epcis_effects import take_down
from codes.services.epcis_following import follow_all
from codes.services.examining import SETTLED, examine_scans
from codes.services.examining_again import examine_again
from codes.services.examining_movements import examine_movements
from codes.services.removing import remove_expired
from codes.services.writing import write_waiting
from core import bell, clock

TURN = dt.timedelta(seconds=60)
"""Far below the broker's visibility timeout, after which a task would run twice."""
LOOK = dt.timedelta(seconds=5)
"""A run is short, so that payouts and statistics get their turn between two runs."""


@shared_task(name="codes.tasks.write_waiting_files")
def write_waiting_files() -> None:
    """Write print files for a while; with more left, the bell is rung again."""
    bell.answer(write_waiting_files)
    if write_waiting(clock=clock.now, until=clock.now() + TURN):
        bell.ring(write_waiting_files)


@shared_task(name="codes.tasks.capture_waiting_documents")
def capture_waiting_documents() -> None:
    """Capture documents of EPCIS events for a while; with more left, the bell is rung again."""
    bell.answer(capture_waiting_documents)
    if capture_waiting(clock=clock.now, until=clock.now() + TURN):
        bell.ring(capture_waiting_documents)


@shared_task(name="codes.tasks.tell_subscribers")
def tell_subscribers() -> None:
    """Tell subscribers what their queries find for a while; with more left, the bell is rung again."""
    bell.answer(tell_subscribers)
    if deliver_due(clock=clock.now, until=clock.now() + TURN):
        bell.ring(tell_subscribers)


@shared_task(name="codes.tasks.take_down_effects")
def take_down_effects() -> None:
    """Take down in our histories what captured events tell of our units; with more left, the bell is rung again."""
    bell.answer(take_down_effects)
    if take_down(clock=clock.now, until=clock.now() + TURN):
        bell.ring(take_down_effects)


@shared_task(name="codes.tasks.follow_histories")
def follow_histories() -> None:
    """Write our own histories as events for a while; with more left, the bell is rung again."""
    bell.answer(follow_histories)
    if follow_all(clock=clock.now, until=clock.now() + TURN):
        bell.ring(follow_histories)


@shared_task(name="codes.tasks.remove_expired_files")
def remove_expired_files() -> None:
    """Take print files off the disk whose time is over."""
    remove_expired(now=clock.now())


@shared_task(name="codes.tasks.examine_histories")
def examine_histories() -> None:
    """Examine histories for market cases for a while, first what failed before; with more left, ring again."""
    bell.answer(examine_histories)
    examine_again(now=clock.now())
    stop_at = clock.now() + LOOK
    while clock.now() < stop_at:
        settled = clock.now() - SETTLED
        moved = examine_movements(now=clock.now(), before=settled)
        if not examine_scans(now=clock.now(), before=first_key_at(settled)) and not moved:
            return
    bell.ring(examine_histories)
