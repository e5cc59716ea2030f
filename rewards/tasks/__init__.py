"""Celery's tasks of the room; thin: each makes one domain call."""

from rewards.tasks.books import close_books
from rewards.tasks.campaigns import end_campaigns
from rewards.tasks.reconcile import compare_asked, reconcile_yesterday
from rewards.tasks.risk import decide_overdue
from rewards.tasks.settle import create_waiting_payouts, release_lapsed, settle_due

__all__ = [
    "close_books",
    "compare_asked",
    "create_waiting_payouts",
    "decide_overdue",
    "end_campaigns",
    "reconcile_yesterday",
    "release_lapsed",
    "settle_due",
]
