"""Promises that nobody could be paid for in time: their money goes back into the budget."""

import datetime as dt

from django.conf import settings
from django.db import transaction

from rewards.models import Grant, Payout
from rewards.services.grants import release_grant
from rewards.services.tallying import give_back
from stores.services.counting import mark_day

POSTED_BY = "system:lapsing"
LAPSED = "lapsed"


@transaction.atomic
def release_lapsed(*, now: dt.datetime, limit: int = 500) -> int:
    """Release promises to store owners that had no bill for settings.PROMISE_DAYS; how many.

    The owner gave no account in that time. A promise with a bill, whatever became of it, does not lapse: its bills end
    by the provider's word alone. Call again while the answer is `limit`.
    """
    old = Grant.objects.filter(
        state=Grant.State.PROMISED,
        payee=Grant.Payee.STORE_OWNER,
        promised_at__lte=now - dt.timedelta(days=settings.PROMISE_DAYS),
        payouts__isnull=True,
    )
    # In the order of the budget's slots, which each release locks in turn.
    ordered = old.order_by("campaign", "budget_slot", "pk").select_for_update(of=("self",), skip_locked=True)
    locked = {grant.pk: grant for grant in ordered[:limit]}
    # Asked again under the lock: whoever bills a promise locks it too.
    billed = set(Payout.objects.filter(grant__in=locked).values_list("grant", flat=True))
    lapsed = [grant for pk, grant in locked.items() if pk not in billed]
    for grant in lapsed:
        release_grant(grant=grant, reason=LAPSED, posted_by=POSTED_BY, now=now)
        if grant.store_id is not None:
            mark_day(store_id=grant.store_id, day=grant.day)
    give_back(lapsed)
    return len(lapsed)
