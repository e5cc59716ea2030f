"""Payouts that a person should look at."""

import datetime as dt

from django.db.models import Q

from rewards.models import Payout
from rewards.payout_moves import PUT_OFF

LATE = dt.timedelta(minutes=10)
"""A payout that has not come to an end by then is worth a look."""

CONTRADICTED = "told_"
"""A `fault` that begins so: the provider has told something else of it after its end (`services.notices`)."""

SETTLED = (Payout.State.PAID, Payout.State.CANCELLED)


def worth_a_look(now: dt.datetime) -> Q:
    """Failed ones, those that have been on their way for too long, and those whose end the provider has denied.

    A bill that failed on a spent allowance is followed by another on the next day: nobody need look.
    """
    failed = Q(state=Payout.State.FAILED) & ~Q(fault__startswith=PUT_OFF)
    late = ~Q(state__in=[*SETTLED, Payout.State.FAILED]) & Q(created_at__lt=now - LATE)
    return failed | late | Q(fault__startswith=CONTRADICTED)
