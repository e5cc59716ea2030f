"""What providers tell by themselves: one form for all, whatever theirs looks like."""

import datetime as dt
import re
from dataclasses import dataclass

from rewards.providers.interface import Answer, Outcome

FRESH = dt.timedelta(minutes=5)
"""By so much the moment that a notice tells may be away from ours."""

BILL_NO = re.compile(r"[0-9A-Za-z]{1,32}")


class NoticeRefused(ValueError):  # noqa: N818 - says what became of it
    """`code` says why a callback, though signed, is not one about a bill of ours."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class Notice:
    """What the provider says has become of a bill: its state, its amount, and its payee where it tells."""

    bill_no: str
    answer: Answer


def notice_of(bill_no: object, answer: Answer) -> Notice:
    """The notice, if it names a bill, and an amount where one may have been paid.

    Raises:
        NoticeRefused: notice_malformed.
    """
    needs_amount = answer.outcome in {Outcome.PAID, Outcome.UNKNOWN}
    if not isinstance(bill_no, str) or not BILL_NO.fullmatch(bill_no) or (needs_amount and answer.amount_fen is None):
        raise NoticeRefused("notice_malformed")
    return Notice(bill_no, answer)
