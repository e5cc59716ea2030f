"""The far side's own book: bills by number, each with a fate that time brings about, whoever looks."""

import random
import re
import secrets
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

FINAL = ("SUCCESS", "FAIL", "CANCELLED")
Fate = tuple[tuple[float, str, str], ...]
"""After so many seconds, this state, for this reason."""

PAYS: Fate = ((0, "SUCCESS", ""),)
WAITS: Fate = ((0, "WAIT_USER_CONFIRM", ""),)
CONFIRMED: Fate = ((0, "WAIT_USER_CONFIRM", ""), (0.6, "TRANSFERING", ""), (0.7, "SUCCESS", ""))
SLOW: Fate = ((0, "ACCEPTED", ""), (0.4, "PROCESSING", ""), (1.2, "SUCCESS", ""))
REFUSED: Fate = ((0, "FAIL", "OPENID_INVALID"),)
FAILS: Fate = ((0, "PROCESSING", ""), (0.3, "FAIL", "PAYER_ACCOUNT_ABNORMAL"))
CLOSED: Fate = ((0, "WAIT_USER_CONFIRM", ""), (0.4, "CANCELING", ""), (0.5, "CANCELLED", ""))
FORM = re.compile(r"[0-9A-Za-z]{1,32}")


@dataclass
class Bill:
    bill_no: str
    openid: str
    amount_fen: int
    body: bytes
    fate: Fate
    began_at: float
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
        past = [step for step in self.fate if self.began_at + step[0] <= time.time()]
        return past[-1] if past else self.fate[0]


@dataclass
class Book:
    """`fate_of` decides by openid, and by how many bills that one has had. `on_bill` is told of each new bill."""

    fate_of: Callable[[str, int], Fate] = lambda openid, number: PAYS  # noqa: ARG005 - a default
    on_bill: Callable[[Bill], None] = lambda bill: None  # noqa: ARG005 - a default
    bills: dict[str, Bill] = field(default_factory=dict)
    of_payee: defaultdict[str, list[Bill]] = field(default_factory=lambda: defaultdict(list))
    seen: Counter = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def enter(self, bill_no: str, openid: str, amount_fen: int, body: bytes) -> Bill | None:
        """The bill of that number, new or known; None where the known one is another."""
        with self.lock:
            bill = self.bills.get(bill_no)
            if bill is not None:
                self.seen["handed over again"] += 1
                return bill if (bill.openid, bill.amount_fen, bill.body) == (openid, amount_fen, body) else None
            fate = self.fate_of(openid, len(self.of_payee[openid]))
            bill = Bill(bill_no, openid, amount_fen, body, fate, time.time())
            self.bills[bill_no] = bill
            self.of_payee[openid].append(bill)
        self.on_bill(bill)
        return bill

    def confirm(self, bill_no: str) -> None:
        """The payee says yes."""
        self.turn(bill_no, ("TRANSFERING", ""), ("SUCCESS", ""))

    def cancel(self, bill_no: str) -> bool:
        """Whether a bill waits for its payee, and so can be withdrawn."""
        if self.bills[bill_no].state != "WAIT_USER_CONFIRM":
            return False
        self.turn(bill_no, ("CANCELLED", ""))
        return True

    def turn(self, bill_no: str, *steps: tuple[str, str]) -> None:
        bill = self.bills[bill_no]
        past = time.time() - bill.began_at
        bill.fate = (*bill.fate, *((past, state, reason) for state, reason in steps))

    def paid(self) -> list[Bill]:
        return [bill for bill in self.bills.values() if bill.state == "SUCCESS"]
