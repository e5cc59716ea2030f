"""Celery's tasks of the room; thin: each makes one domain call."""

from rewards.tasks.campaigns import end_campaigns
from rewards.tasks.risk import decide_overdue
from rewards.tasks.settle import create_waiting_payouts, settle_due

__all__ = ["create_waiting_payouts", "decide_overdue", "end_campaigns", "settle_due"]
