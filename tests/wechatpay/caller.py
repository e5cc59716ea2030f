"""Posts callbacks as WeChat Pay would, and as somebody else would: lost, doubled, late, early, forged, replayed."""

import heapq
import http.client
import random
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Self

from tests.wechatpay.book import FINAL, Bill
from tests.wechatpay.callbacks import Callback, false_ones, true
from tests.wechatpay.server import WechatPay

COPIES = ([0], [0], [0], [0, 0], [0, 0.5, 2], [1.5], [])
FALSE_ONES = 0.15
LIES = ({"transfer_amount": 1}, {"openid": "o-other"})
TIMES = 6


@dataclass(order=True)
class Appointment:
    at: float
    number: int
    bill: Bill = field(compare=False)
    kind: str = field(compare=False)
    times: int = field(default=0, compare=False)


@dataclass
class Caller:
    """`answers` counts (kind, status); true ones are said again until they are taken, as the provider does."""

    bank: WechatPay
    port: int
    answers: Counter = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    waiting: list[Appointment] = field(default_factory=list)
    wake: threading.Condition = field(default_factory=threading.Condition)
    done: bool = False
    number: int = 0

    def __enter__(self) -> Self:
        self.threads = [threading.Thread(target=self.run, daemon=True) for _ in range(3)]
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        with self.wake:
            self.done = True
            self.wake.notify_all()
        for thread in self.threads:
            thread.join()

    def announce(self, bill: Bill) -> None:
        """Decide what will be said of a new bill."""
        if bill.fate[-1][1] in FINAL:
            for delay in random.choice(COPIES):
                self.plan(bill.finished_at + delay, bill, "true")
        if random.random() < FALSE_ONES:
            self.plan(time.time() + random.random(), bill, "false")
        if random.random() < 0.03:
            self.plan(bill.finished_at + random.random(), bill, "lie")

    def plan(self, at: float, bill: Bill, kind: str, times: int = 0) -> None:
        with self.wake:
            self.number += 1
            heapq.heappush(self.waiting, Appointment(at, self.number, bill, kind, times))
            self.wake.notify()

    def run(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        while (due := self.next()) is not None:
            name, callback = self.words(due)
            status = self.post(connection, callback)
            self.answers[name, status] += 1
            if due.kind == "true" and status not in {204, 422} and due.times < TIMES:
                self.plan(time.time() + 0.5, due.bill, "true", due.times + 1)
        connection.close()

    def next(self) -> Appointment | None:
        with self.wake:
            while not self.done:
                if self.waiting and self.waiting[0].at <= time.time():
                    return heapq.heappop(self.waiting)
                self.wake.wait(0.05)
        return None

    def words(self, due: Appointment) -> tuple[str, Callback]:
        if due.kind == "false":
            return random.choice(list(false_ones(self.bank, due.bill).items()))
        if due.kind == "lie":
            return "signed lie", true(self.bank, due.bill, **random.choice(LIES))
        return "true", true(self.bank, due.bill)

    def post(self, connection: http.client.HTTPConnection, callback: Callback) -> int:
        """The status; 0 where nobody answers."""
        body, headers = callback
        began = time.monotonic()
        try:
            connection.request("POST", "/webhooks/wechatpay/", body, headers | {"Content-Type": "application/json"})
            response = connection.getresponse()
            response.read()
        except (OSError, http.client.HTTPException, UnicodeEncodeError):
            connection.close()
            return 0
        self.seconds.append(time.monotonic() - began)
        return response.status
