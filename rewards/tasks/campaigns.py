from celery import shared_task

from core import clock
from rewards.selectors.campaigns import due_to_begin, due_to_end, due_to_settle, with_late_money
from rewards.services.campaigns import begin_campaign, end_campaign, return_late_money, settle_campaign

ACTOR = "system:campaigns"


@shared_task(name="rewards.tasks.end_campaigns")
def end_campaigns() -> None:
    """Begin and end what is due, return money that came back after the end, and settle what nobody waits for."""
    now = clock.now()
    for campaign in due_to_begin(now):
        begin_campaign(campaign_id=campaign.pk, brand=campaign.brand, actor=ACTOR, now=now)
    for campaign in due_to_end(now):
        end_campaign(campaign_id=campaign.pk, brand=campaign.brand, actor=ACTOR, now=now)
    for campaign in with_late_money():
        return_late_money(campaign_id=campaign.pk, actor=ACTOR, now=now)
    for campaign in due_to_settle():
        settle_campaign(campaign_id=campaign.pk, brand=campaign.brand, actor=ACTOR, now=now)
