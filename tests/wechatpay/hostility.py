"""WeChat Pay at its worst."""

from tests.far_side.hostility import Fates, Hostility
from tests.wechatpay.book import CLOSED, CONFIRMED, FAILS, PAYS, REFUSED, SLOW

SEND = {
    "": 70,
    "lost": 4,
    "silent": 0.3,
    "refused_5xx": 2,
    "refused_unknown": 1,
    "frequency": 0.7,
    "lost_answer": 6,
    "silent_answer": 0.3,
    "answer_5xx": 3,
    "answer_unknown": 2,
    "late_answer": 1,
    "garbage": 1,
    "other_bill": 1,
    "state_unknown": 1,
    "strange_key": 1,
    "forged": 1,
    "unsigned": 1,
}
QUERY = {
    "": 80,
    "not_found": 5,
    "frequency": 1,
    "lost_answer": 3,
    "silent_answer": 0.2,
    "answer_5xx": 3,
    "answer_unknown": 2,
    "other_amount": 2,
    "other_bill": 1,
    "forged": 1,
    "unsigned": 1,
    "strange_key": 1,
}
FATES: Fates = {
    "paid at once": (60, (PAYS,)),
    "confirmed": (12, (CONFIRMED,)),
    "slow": (12, (SLOW,)),
    "paid after a failure": (5, (FAILS, PAYS)),
    "paid after two closed bills": (3, (CLOSED, CLOSED, CONFIRMED)),
    "refused": (4, (REFUSED,)),
    "failed thrice": (2, (FAILS,)),
    "closed thrice": (2, (CLOSED,)),
}
NOT_PAID = frozenset({"refused", "failed thrice", "closed thrice"})


def hostility() -> Hostility:
    return Hostility(SEND, QUERY, FATES, NOT_PAID)
