"""The closed days against the postings: a check of settings.RECOUNTS."""

import datetime as dt
from collections.abc import Iterator

from rewards.chain import Day, hash_of
from rewards.models import Closing
from rewards.selectors.books import ByAccount, balances_of, totals_of, turnover_of
from stores.models import Brand


def day_of(closing: Closing) -> Day:
    """What a closing's hash is made of."""
    return Day(
        brand_id=closing.brand_id,
        day=closing.day,
        balances=closing.balances,
        postings=closing.postings,
        turnover_fen=closing.turnover_fen,
        digest=closing.digest,
        previous_hash=closing.previous_hash,
    )


def differences() -> Iterator[str]:
    """A line for each closed day that the postings, its own hash or the day before do not bear out."""
    for brand in Brand.objects.order_by("pk"):
        for day, fault in faults_of(brand):
            yield f"brand {brand.slug} closed day {day}: {fault}"


def faults_of(brand: Brand) -> Iterator[tuple[dt.date, str]]:
    """Each closed day is counted anew from the beginning, not from the snapshot before it."""
    hash_before, last = "", None
    balances: ByAccount = {}
    for closing in Closing.objects.filter(brand=brand).order_by("day").iterator(chunk_size=100):
        balances = turnover_of(brand.pk, after=last, until=closing.day).added_to(balances)
        totals = totals_of(brand.pk, closing.day)
        checks = {
            "the balances differ from the postings": balances_of(closing) == balances,
            "the postings are not those that were closed": (
                (closing.postings, closing.turnover_fen, closing.digest)
                == (totals.postings, totals.turnover_fen, totals.digest)
            ),
            "its hash is not that of what it says": closing.hash == hash_of(day_of(closing)),
            "it does not follow the day before": closing.previous_hash == hash_before,
        }
        yield from ((closing.day, fault) for fault, is_right in checks.items() if not is_right)
        hash_before, last = closing.hash, closing.day
