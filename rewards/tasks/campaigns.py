from celery import shared_task

from core import clock
from rewards.services.campaign_calendar import begin_due, end_due, return_all_late_money, settle_due

ACTOR = "system:campaigns"


@shared_task(name="rewards.tasks.end_campaigns")
def end_campaigns() -> None:
    """Begin and end what is due, return money that came back after the end, and settle what nobody waits for."""
    now = clock.now()
    for step in (begin_due, end_due, return_all_late_money, settle_due):
        step(actor=ACTOR, now=now)
