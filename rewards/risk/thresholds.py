"""From when on facts speak against a claim. Each brand may choose otherwise (rewards.models.RiskRule)."""

from dataclasses import dataclass
from typing import Any

from core.choosable import Choosable

MOST_COUNTED = 120
"""No count of the facts goes above this (rewards.selectors.risk_facts): a higher threshold switches its rule off."""


@dataclass(frozen=True, slots=True)
class Thresholds(Choosable):
    """The defaults are cautious: people buy by the case, share telephones and Wi-Fi, and travel.

    Raises:
        ValueError: a threshold that makes no sense, in words.
    """

    person_hour: int = 20
    """Items that one person opened within an hour. A case of twelve after a wedding is no fraud."""
    person_day: int = 40
    """The same within a day."""
    device_hour: int = 20
    """Items first scanned with one browser within an hour, whoever was signed in."""
    device_day: int = 40
    """The same within a day."""
    address_hour: int = 60
    """Items first scanned from one IP address within an hour. Counts little: a restaurant has one address."""
    network_hour: int = 100
    """The same from one network, /24 or /48. Counts little: a mobile operator puts thousands behind one."""
    device_people: int = 5
    """People who opened with one browser within a week. A family shares a telephone."""
    new_accounts: int = 15
    """Accounts younger than a day that opened from one address within an hour, this one among them."""
    speed_kmh: float = 1_000.0
    """From this person's opening before to this one: faster than an airliner."""
    jump_km: float = 100.0
    """A shorter jump may be the network's mistake about the place."""
    store_km: float = 500.0
    """Between the store that sold the item and the telephone. Counts little: bottles are given away."""
    guesses_person: int = 8
    """Codes that were never printed, tried by this person or browser within a day."""
    guesses_address: int = 40
    """The same from this IP address."""
    guesses_all: int = 100
    """The same by everybody within an hour: the site is being tried. Asked only of who has guessed too."""
    guesses_under_attack: int = 3
    """While it is, so many by this person or browser are enough."""
    order_run: int = 8
    """Openings of one person in a row, within two days, in the order in which the codes were printed."""
    order_step: int = 2
    """So far apart at most are neighbours of such a row."""
    store_week: int = 30
    """Items of one store that one person opened within a week."""
    own_store_week: int = 3
    """The same where that person is the store's own owner."""
    hold_score: int = 50
    """Held from this score on; 50 is where one rule is just met."""
    refuse_score: int = 97
    """Refused from this score on: several kinds of rules speak, each by far, or one sixteen times over."""

    def __post_init__(self) -> None:
        Choosable.__post_init__(self)
        if self.refuse_score <= self.hold_score:
            raise ValueError("refuse_score must be above hold_score")

    @classmethod
    def limits_of(cls, name: str) -> tuple[int, int]:
        """The least and the most that a threshold may be. A score of 101 is never reached."""
        if name in SCORES:
            return 1, 101
        return 1, MOST_STEP if name == "order_step" else MOST


SCORES = frozenset({"hold_score", "refuse_score"})
MOST = 100_000
MOST_STEP = 1_000

DEFAULTS: dict[str, Any] = Thresholds.defaults()
"""Every threshold by name."""
