"""Alipay at its worst."""

import random

from tests.alipay.server import FAILS, LAPSES, SLOW
from tests.far_side.book import PAYS
from tests.far_side.hostility import Fates, Hostility

SEND = {
    "": 55,
    "lost": 5,
    "busy": 2,
    "no_money": 2,
    "system_error": 5,
    "unavailable": 3,
    "unknown_code": 3,
    "permit": 2,
    "too_much": 1,
    "paid_system_error": 5,
    "paid_unavailable": 3,
    "paid_unknown_code": 2,
    "lost_answer": 5,
    "silent_answer": 0.5,
    "answer_5xx": 3,
    "truncated": 2,
    "forged": 2,
    "unsigned": 2,
    "strange_key": 1,
    "other_bill": 1,
    "state_unknown": 1,
}
QUERY = {
    "": 75,
    "not_found": 5,
    "lost": 3,
    "busy": 2,
    "system_error": 4,
    "unknown_code": 2,
    "answer_5xx": 3,
    "other_amount": 2,
    "other_bill": 1,
    "truncated": 1,
    "forged": 1,
    "unsigned": 1,
}
FATES: Fates = {
    "paid at once": (60, (PAYS,)),
    "slow": (15, (SLOW,)),
    "paid a day later": (10, (LAPSES, PAYS)),
    "failed": (15, (FAILS,)),
}


def hostility(dice: random.Random) -> Hostility:
    return Hostility(SEND, QUERY, FATES, frozenset({"failed"}), dice)
