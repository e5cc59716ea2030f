"""How a hostile provider treats each call, and what becomes of each payee's bills."""

import random
from dataclasses import dataclass, field

from tests.wechatpay.book import CLOSED, CONFIRMED, FAILS, PAYS, REFUSED, SLOW, Fate

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
FATES: dict[str, tuple[float, tuple[Fate, ...]]] = {
    "paid at once": (60, (PAYS,)),
    "confirmed": (12, (CONFIRMED,)),
    "slow": (12, (SLOW,)),
    "paid after a failure": (5, (FAILS, PAYS)),
    "paid after two closed bills": (3, (CLOSED, CLOSED, CONFIRMED)),
    "refused": (4, (REFUSED,)),
    "failed thrice": (2, (FAILS,)),
    "closed thrice": (2, (CLOSED,)),
}
"""Weights, and the fate of a payee's first, second, … bill; the last one stays."""
NOT_PAID = {"refused", "failed thrice", "closed thrice"}


@dataclass
class Hostility:
    """Deals moods to calls and fates to payees, at random; each payee's stays."""

    dice: random.Random = field(default_factory=random.Random)
    dealt: dict[str, str] = field(default_factory=dict)

    def mood(self, kind: str, _: str) -> str:
        told = SEND if kind == "send" else QUERY
        return self.dice.choices(list(told), list(told.values()))[0]

    def deal(self, openid: str) -> None:
        self.dealt[openid] = self.dice.choices(list(FATES), [weight for weight, _ in FATES.values()])[0]

    def fate_of(self, openid: str, number: int) -> Fate:
        fates = FATES[self.dealt[openid]][1]
        return fates[min(number, len(fates) - 1)]

    def openids(self, *, paid: bool) -> set[str]:
        """Of those who are to be paid, or not."""
        return {openid for openid, name in self.dealt.items() if (name not in NOT_PAID) == paid}
