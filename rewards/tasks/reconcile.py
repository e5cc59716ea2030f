import datetime as dt

import structlog
from celery import shared_task

from core import bell, clock
from rewards.models import Reconciliation
from rewards.services import comparing
from rewards.services.providers import provider, provider_names
from rewards.services.reconciling import run_reconciliation

ACTOR = "system:reconcile"
READY_AFTER = dt.timedelta(hours=11)
"""After midnight: providers give out yesterday's bill list in the course of the morning."""
log = structlog.get_logger(__name__)


@shared_task(name="rewards.tasks.reconcile_yesterday")
def reconcile_yesterday() -> None:
    """Compare yesterday's bill list of each provider, once; a list that can't be had is asked for again later."""
    now = clock.now()
    for name in provider_names():
        bank = provider(name)
        day = clock.business_day(now - READY_AFTER, bank.pace.zone) - dt.timedelta(days=1)
        if Reconciliation.objects.filter(provider=name, day=day).exists():
            continue
        try:
            run_reconciliation(bank=bank, day=day, actor=ACTOR, now=now)
        except Exception:  # whatever the provider raises, the others' lists are compared
            log.exception("the bill list could not be compared", provider=name, day=day.isoformat())


@shared_task(name="rewards.tasks.compare_asked")
def compare_asked() -> None:
    """Days that people want compared."""
    bell.answer(compare_asked)
    comparing.compare_asked(tick=clock.now)
