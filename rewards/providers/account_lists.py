"""A merchant's account at a provider, as its daily list tells it: money that left for bills, and that came back."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from rewards.providers.interface import BillLine, Outcome

FEN = Decimal("0.01")
"""In yuan."""
BEIJING = dt.timezone(dt.timedelta(hours=8))


class ListRefused(RuntimeError):  # noqa: N818 - says what became of it
    """The provider gave no list, or one that can't be read; the text is a code."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A movement of the account for a bill: `fen` is positive where money left, negative where it came back."""

    bill_no: str
    fen: int
    at: dt.datetime


def lines_of(entries: Iterable[Entry]) -> Iterator[BillLine]:
    """The bills that money left for: paid, or failed where all of it came back on the same day. Payees are unknown."""
    moved: defaultdict[str, int] = defaultdict(int)
    spent: dict[str, int] = {}
    at: dict[str, dt.datetime] = {}
    for entry in entries:
        moved[entry.bill_no] += entry.fen
        at[entry.bill_no] = entry.at
        if entry.fen > 0:
            spent[entry.bill_no] = entry.fen
    for number, fen in spent.items():
        yield BillLine(number, "", fen, Outcome.PAID if moved[number] else Outcome.FAILED, at[number])


def fen_of(yuan: str) -> int:
    """An amount in yuan as fen.

    Raises:
        ListRefused: it is none, or has a part of a fen.
    """
    try:
        told = Decimal(yuan)
        whole = told.quantize(FEN)
    except InvalidOperation as error:
        raise ListRefused("amount_malformed") from error
    if whole != told:
        raise ListRefused("amount_malformed")
    return int(whole * 100)


def moment_of(text: str) -> dt.datetime:
    """A moment of the list, which is in Beijing's time.

    Raises:
        ListRefused: it is none.
    """
    try:
        return dt.datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=BEIJING)
    except ValueError as error:
        raise ListRefused("moment_malformed") from error
