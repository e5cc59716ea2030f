"""How a hostile provider treats each call, and what becomes of each payee's bills: at random, by weight."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.far_side.book import Fate

Weights = Mapping[str, float]
Fates = Mapping[str, tuple[float, tuple[Fate, ...]]]
"""By name: weight, and the fate of a payee's first, second, … bill; the last one stays."""


@dataclass
class Hostility:
    """Deals moods to calls and fates to payees; each payee's stays. `not_paid` names fates of which nobody is paid."""

    send: Weights
    query: Weights
    fates: Fates
    not_paid: frozenset[str]
    dice: random.Random = field(default_factory=random.Random)
    dealt: dict[str, str] = field(default_factory=dict)

    def mood(self, kind: str, _: str) -> str:
        told = self.send if kind == "send" else self.query
        return self.dice.choices(list(told), list(told.values()))[0]

    def deal(self, payee: str) -> None:
        self.dealt[payee] = self.dice.choices(list(self.fates), [weight for weight, _ in self.fates.values()])[0]

    def fate_of(self, payee: str, number: int) -> Fate:
        fates = self.fates[self.dealt[payee]][1]
        return fates[min(number, len(fates) - 1)]

    def payees(self, *, paid: bool) -> set[str]:
        """Of those who are to be paid, or not."""
        return {payee for payee, name in self.dealt.items() if (name not in self.not_paid) == paid}


def dealt(hostility: Hostility, payee: str) -> str:
    """The payee, with a fate."""
    hostility.deal(payee)
    return payee
