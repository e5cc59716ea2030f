"""What the rules see of one opening, as of one moment."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

from stores.earth import Place


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a telephone was (WGS-84, degrees), give or take `accuracy_m` (68 % radius; None: not told), and when."""

    latitude: float
    longitude: float
    accuracy_m: float | None
    at: dt.datetime

    @property
    def place(self) -> Place:
        return Place(self.latitude, self.longitude)


@dataclass(frozen=True, slots=True)
class Facts:
    """Counts take in this opening itself and stop at `thresholds.MOST_COUNTED`; docs/risk.md tells the windows.

    Attributes:
        person_hour, person_day: items that the person opened.
        device_hour, device_day: items first scanned with the opening's browser.
        device_people: different people who opened with it within a week.
        address_hour, network_hour: items first scanned from its address, its /24 or /48; 0 where the address is none
            of the public Internet.
        new_accounts: accounts younger than a day that opened from the address within an hour; 0 where this is none.
        guesses_person, guesses_address, guesses_all: codes tried that were never printed; `guesses_all` is 0 where
            this person tried none.
        serials: what the person opened within two days, newest first, 30 at most.
        store_week: items of the bound store that the person opened within a week; 0 without a store.
        own_store: whether the person is that store's owner or salesperson, or is paid to the same account.
        scan, before: where this opening's scan was, and that of the person's newest placed opening before it.
        store: where the bound store is.
        refused_before: whether the rules have refused this item's claim before.
    """

    person_hour: int = 1
    person_day: int = 1
    device_hour: int = 1
    device_day: int = 1
    device_people: int = 1
    address_hour: int = 0
    network_hour: int = 0
    new_accounts: int = 0
    guesses_person: int = 0
    guesses_address: int = 0
    guesses_all: int = 0
    serials: tuple[int, ...] = ()
    store_week: int = 0
    own_store: bool = False
    scan: Spot | None = None
    before: Spot | None = None
    store: Place | None = None
    refused_before: bool = False

    def kept(self) -> dict[str, Any]:
        """As JSON-ready values."""
        known = asdict(self)
        known["serials"] = list(self.serials)
        known["store"] = list(self.store) if self.store else None
        for name in ("scan", "before"):
            if known[name]:
                known[name]["at"] = known[name]["at"].isoformat()
        return known

    @classmethod
    def of_kept(cls, known: Mapping[str, Any]) -> Self:
        """The facts that `kept` wrote down."""
        spots = {name: spot_of(known[name]) for name in ("scan", "before")}
        store = Place(*known["store"]) if known["store"] else None
        return cls(**{**known, **spots, "store": store, "serials": tuple(known["serials"])})


def spot_of(known: Mapping[str, Any] | None) -> Spot | None:
    """A kept spot."""
    return Spot(**{**known, "at": dt.datetime.fromisoformat(known["at"])}) if known else None
