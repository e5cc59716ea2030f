"""A payment provider's own book: bills by number, each with a fate that time brings about, whoever looks."""

import random
import secrets
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

Clock = Callable[[], float]
Fate = tuple[tuple[float, str, str], ...]
"""After so many seconds, this state, for this reason."""

PAYS: Fate = ((0, "SUCCESS", ""),)


@dataclass
class Bill:
    bill_no: str
    payee: str
    amount_fen: int
    body: bytes
    fate: Fate
    began_at: float
    clock: Clock = time.time
    ref: str = field(default_factory=lambda: f"1330{random.randrange(10**30):030}")
    package: str = field(default_factory=lambda: "affffddafdfafddffda==" + secrets.token_hex(8))

    @property
    def state(self) -> str:
        return self.now()[1]

    @property
    def reason(self) -> str:
        return self.now()[2]

    @property
    def finished_at(self) -> float:
        """When it comes to its end."""
        return self.began_at + self.fate[-1][0]

    def now(self) -> tuple[float, str, str]:
        past = [step for step in self.fate if self.began_at + step[0] <= self.clock()]
        return past[-1] if past else self.fate[0]


@dataclass
class Book:
    """`fate_of` decides by payee, and by how many bills that one has had. `on_bill` is told of each new bill."""

    fate_of: Callable[[str, int], Fate] = lambda payee, number: PAYS  # noqa: ARG005 - a default
    on_bill: Callable[[Bill], None] = lambda bill: None  # noqa: ARG005 - a default
    clock: Clock = time.time
    bills: dict[str, Bill] = field(default_factory=dict)
    of_payee: defaultdict[str, list[Bill]] = field(default_factory=lambda: defaultdict(list))
    seen: Counter = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def enter(self, bill_no: str, payee: str, amount_fen: int, body: bytes) -> Bill | None:
        """The bill of that number, new or known; None where the known one is another."""
        with self.lock:
            bill = self.bills.get(bill_no)
            if bill is not None:
                self.seen["handed over again"] += 1
                return bill if (bill.payee, bill.amount_fen, bill.body) == (payee, amount_fen, body) else None
            fate = self.fate_of(payee, len(self.of_payee[payee]))
            bill = Bill(bill_no, payee, amount_fen, body, fate, self.clock(), self.clock)
            self.bills[bill_no] = bill
            self.of_payee[payee].append(bill)
        self.on_bill(bill)
        return bill

    def turn(self, bill_no: str, *steps: tuple[str, str]) -> None:
        bill = self.bills[bill_no]
        past = self.clock() - bill.began_at
        bill.fate = (*bill.fate, *((past, state, reason) for state, reason in steps))

    def paid(self) -> list[Bill]:
        return [bill for bill in self.bills.values() if bill.state == "SUCCESS"]
