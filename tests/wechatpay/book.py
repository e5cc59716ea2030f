"""What becomes of bills at WeChat Pay, in its words."""

import re

from tests.far_side import book
from tests.far_side.book import PAYS, Bill, Fate

FINAL = ("SUCCESS", "FAIL", "CANCELLED")
WAITS: Fate = ((0, "WAIT_USER_CONFIRM", ""),)
CONFIRMED: Fate = ((0, "WAIT_USER_CONFIRM", ""), (0.6, "TRANSFERING", ""), (0.7, "SUCCESS", ""))
SLOW: Fate = ((0, "ACCEPTED", ""), (0.4, "PROCESSING", ""), (1.2, "SUCCESS", ""))
REFUSED: Fate = ((0, "FAIL", "OPENID_INVALID"),)
FAILS: Fate = ((0, "PROCESSING", ""), (0.3, "FAIL", "PAYER_ACCOUNT_ABNORMAL"))
CLOSED: Fate = ((0, "WAIT_USER_CONFIRM", ""), (0.4, "CANCELING", ""), (0.5, "CANCELLED", ""))
FORM = re.compile(r"[0-9A-Za-z]{1,32}")


class Book(book.Book):
    """Its bills may wait for their payees."""

    def confirm(self, bill_no: str) -> None:
        """The payee says yes."""
        self.turn(bill_no, ("TRANSFERING", ""), ("SUCCESS", ""))

    def cancel(self, bill_no: str) -> bool:
        """Whether a bill waits for its payee, and so can be withdrawn."""
        if self.bills[bill_no].state != "WAIT_USER_CONFIRM":
            return False
        self.turn(bill_no, ("CANCELLED", ""))
        return True


__all__ = ["CLOSED", "CONFIRMED", "FAILS", "FINAL", "FORM", "PAYS", "REFUSED", "SLOW", "WAITS", "Bill", "Book", "Fate"]
