"""The end of a market's day: envelopes are paid, days counted, stores judged."""

import datetime as dt

from django.db import connection
from django.db.models import Max

from core.clock import business_day
from rewards.sandbox.provider import SandboxProvider
from rewards.services.settling import settle_batch
from stores.models import Brand, StoreStanding
from stores.services.counting import count_batch
from stores.services.evaluating import evaluate_brand

PAYOUTS_AT_ONCE = 500


def close_day(*, brand: Brand, now: dt.datetime) -> None:
    """Settle what is due at the sandbox, count what was marked, and move the stores on the ladder."""
    settle(now)
    while count_batch():
        continue
    judge_day(brand, now)


def settle(now: dt.datetime) -> int:
    """Pay what is due at the moment `now`; how many calls that took."""

    def tick() -> dt.datetime:
        return now

    bank = SandboxProvider(tick=tick)
    calls = 0
    while claimed := settle_batch(bank=bank, tick=tick, limit=PAYOUTS_AT_ONCE):
        calls += claimed
    return calls


def judge_day(brand: Brand, now: dt.datetime) -> None:
    """Evaluate the brand's stores once a day; a day before their newest evaluation is past judging."""
    standings = StoreStanding.objects.filter(store__brand=brand)
    newest: dt.date | None = standings.aggregate(newest=Max("evaluated_on"))["newest"]
    if newest is None or newest <= business_day(now, brand.timezone):
        evaluate_brand(brand=brand, now=now)


def hurry() -> None:
    """Let this connection's commits not wait for the disk: whatever a power cut takes away is played again."""
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit TO off")
