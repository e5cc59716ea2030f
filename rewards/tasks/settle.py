import datetime as dt

from celery import shared_task

from core import bell, clock
from rewards.services import lapsing, payouts
from rewards.services.providers import gate_of, provider, provider_names
from rewards.services.settling import settle_due_of

RUN = dt.timedelta(seconds=5)
"""A run is short, so that the statistics' tasks get their turn between two runs of a long queue of payouts."""


@shared_task(name="rewards.tasks.settle_due")
def settle_due() -> None:
    """Settle what is due at all providers; where time runs out before the work does, have another run started."""
    bell.answer(settle_due)
    stop_at = clock.now() + RUN
    left = [
        name
        for name in provider_names()
        if settle_due_of(bank=provider(name), gate=gate_of(name), tick=clock.now, until=stop_at)
    ]
    if left:  # each had a batch at least: no provider's queue keeps another's waiting for ever
        bell.ring(settle_due)


@shared_task(name="rewards.tasks.release_lapsed")
def release_lapsed() -> None:
    """Promises that nobody could be paid for, or called for, in time go back into the budget."""
    for release in (lapsing.release_lapsed, lapsing.release_locked):
        release(now=clock.now())


@shared_task(name="rewards.tasks.create_waiting_payouts")
def create_waiting_payouts() -> None:
    """Payees who told their account since get what was promised them."""
    payouts.create_waiting_payouts(now=clock.now())
