from celery import shared_task

from core import clock
from rewards.selectors.campaigns import due_to_end, with_late_money
from rewards.services.campaigns import end_campaign, return_late_money

ACTOR = "system:campaigns"


@shared_task(name="rewards.tasks.end_campaigns")
def end_campaigns() -> None:
    """End what is over, and return money that came back to campaigns after their end."""
    now = clock.now()
    for campaign in due_to_end(now):
        end_campaign(campaign_id=campaign.pk, brand=campaign.brand, actor=ACTOR, now=now)
    for campaign in with_late_money():
        return_late_money(campaign_id=campaign.pk, actor=ACTOR, now=now)
