"""Our payouts beside a provider's bill list of a day. Nothing is mended here; people see each difference."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from core import clock
from core.sealing import unseal
from rewards.models import Payout
from rewards.providers.comparison import Difference, OurBill, compare
from rewards.providers.interface import BillLine, Provider

AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class Comparison:
    """How many bills the provider's list of the day has, and each difference."""

    lines: int
    differences: list[Difference]


def reconcile_day(*, bank: Provider, day: dt.date) -> list[Difference]:
    """The differences of `compare_day`."""
    return compare_day(bank=bank, day=day).differences


def compare_day(*, bank: Provider, day: dt.date) -> Comparison:
    """The bank's bill list of `day` and our payouts.

    Compared are the lines of that list, and the payouts that we recorded as paid on that day. Between the bank's
    payment and our record days may pass: such a payout is looked for in the lists from its creation to its record.
    """
    lines = list(bank.bills(day))
    listed = len(lines)
    start, end = clock.day_bounds(day, bank.pace.zone)
    paid_here = Payout.objects.filter(provider=bank.name, state=Payout.State.PAID)
    recorded = dict(paid_here.filter(finished_at__gte=start, finished_at__lt=end).values_list("bill_no", "created_at"))
    for line in lines:
        recorded.pop(line.bill_no, None)
    lines += earlier_lines(bank, recorded, before=day)
    numbers = {line.bill_no for line in lines} | set(recorded)
    return Comparison(listed, compare(lines, our_bills(bank.name, numbers), recorded))


def earlier_lines(bank: Provider, missing: dict[str, dt.datetime], *, before: dt.date) -> list[BillLine]:
    """Lines of the `missing` bills (number → creation) from the lists of the days before."""
    if not missing:
        return []
    day = clock.business_day(min(missing.values()), bank.pace.zone)
    found = []
    while day < before:
        found += [line for line in bank.bills(day) if line.bill_no in missing]
        day += dt.timedelta(days=1)
    return found


def our_bills(name: str, numbers: Collection[str]) -> dict[str, OurBill]:
    """Our payouts at the provider `name` by bill number, read in portions."""
    found: dict[str, OurBill] = {}
    for portion in portions(sorted(numbers)):
        rows = Payout.objects.filter(provider=name, bill_no__in=portion)
        for row in rows.values_list("bill_no", "payee_account", "amount_fen", "state", "created_at", "finished_at"):
            found[row[0]] = OurBill(row[0], unseal(row[1]), *row[2:])
    return found


def portions(numbers: list[str]) -> Iterable[list[str]]:
    """At most AT_ONCE each."""
    return (numbers[start : start + AT_ONCE] for start in range(0, len(numbers), AT_ONCE))
