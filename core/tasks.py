import datetime as dt

from celery import shared_task

from core import clock
from core.models import IdempotentCall

REMEMBERED = dt.timedelta(days=3)


@shared_task(name="core.tasks.forget_old_calls")
def forget_old_calls() -> None:
    """Idempotency keys are remembered for three days."""
    IdempotentCall.objects.filter(started_at__lt=clock.now() - REMEMBERED).delete()
