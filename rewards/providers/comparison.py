"""A provider's bill list against our payouts: each difference by its kind. Pure."""

import datetime as dt
import enum
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from core.masking import ends_of
from rewards.providers.interface import BillLine, Outcome

CLOCKS_APART = dt.timedelta(minutes=5)
"""By so much the provider's clock and ours may differ."""

FINAL = frozenset({"paid", "failed", "cancelled"})


class Kind(enum.StrEnum):
    """What differs. The first three mean that money moved which our ledger does not show so."""

    NOT_OURS = "not_ours"
    """The provider has a bill that we never made."""
    PAID_THERE_FAILED_HERE = "paid_there_failed_here"
    """The provider paid a bill that we gave up; its promise may have been paid again or released."""
    AMOUNT = "amount"
    """The amounts differ."""
    PAYEE = "payee"
    """The accounts differ."""
    DATE = "date"
    """Not possible so: finished there before we made the bill, or after we recorded it as paid."""
    DUPLICATE = "duplicate"
    """The provider lists the bill more than once."""
    PAID_HERE_FAILED_THERE = "paid_here_failed_there"
    """We hold a bill for paid that the provider gave up."""
    MISSING_THERE = "missing_there"
    """We hold a bill for paid, and no list of the days in question has it."""
    STILL_OPEN_HERE = "still_open_here"
    """The provider finished it; we don't know yet. It goes away by itself when the provider is asked next."""


@dataclass(frozen=True, slots=True)
class OurBill:
    """A payout as the comparison needs it; `state` is a value of Payout.State."""

    bill_no: str
    account: str
    amount_fen: int
    state: str
    made_at: dt.datetime | None = None
    recorded_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """`ours` and `theirs` are short texts, empty where that side has nothing."""

    kind: Kind
    bill_no: str
    ours: str = ""
    theirs: str = ""


def compare(theirs: Iterable[BillLine], ours: Mapping[str, OurBill], must_be_there: Iterable[str]) -> list[Difference]:
    """All differences, by bill number.

    `theirs` are the provider's lines; `ours` our bills by number, as many as are known of those lines and of
    `must_be_there`: numbers of bills that we hold for paid and that have to be among the lines.
    """
    missing = set(must_be_there)
    found: list[Difference] = []
    times: Counter[str] = Counter()
    for line in theirs:
        times[line.bill_no] += 1
        if times[line.bill_no] > 1:
            continue
        missing.discard(line.bill_no)
        found.extend(differences_of(line, ours.get(line.bill_no)))
    found.extend(Difference(Kind.MISSING_THERE, number, ours=text_of(ours[number])) for number in missing)
    found.extend(Difference(Kind.DUPLICATE, number, theirs=f"{n} lines") for number, n in times.items() if n > 1)
    return sorted(found, key=lambda difference: (difference.bill_no, difference.kind))


def differences_of(line: BillLine, our: OurBill | None) -> Iterator[Difference]:
    """What one line of the provider's and our bill of that number disagree in."""
    there = f"{line.outcome} {line.amount_fen} {shown(line.account)}".strip()
    if our is None:
        yield Difference(Kind.NOT_OURS, line.bill_no, theirs=there)
        return
    kinds = [Kind.AMOUNT] if our.amount_fen != line.amount_fen else []
    kinds += [Kind.PAYEE] if line.account not in {"", our.account} else []
    kinds += [Kind.STILL_OPEN_HERE] if our.state not in FINAL else []
    if our.state in FINAL and (our.state == "paid") != (line.outcome is Outcome.PAID):
        kinds.append(Kind.PAID_HERE_FAILED_THERE if our.state == "paid" else Kind.PAID_THERE_FAILED_HERE)
    kinds += [Kind.DATE] if is_out_of_time(line, our) else []
    for kind in kinds:
        yield Difference(kind, line.bill_no, text_of(our), there)


def is_out_of_time(line: BillLine, our: OurBill) -> bool:
    """Whether the provider finished the bill before there was one, or after we were told that it is paid."""
    if our.made_at is not None and line.finished_at < our.made_at - CLOCKS_APART:
        return True
    if our.state != "paid" or our.recorded_at is None:
        return False
    return line.finished_at > our.recorded_at + CLOCKS_APART


def text_of(our: OurBill) -> str:
    """State, amount in fen and the ends of the account: lists show no more of it."""
    return f"{our.state} {our.amount_fen} {shown(our.account)}"


def shown(account: str) -> str:
    """The ends of an account; nothing of none."""
    return ends_of(account) if account else ""
