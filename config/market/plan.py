"""What will happen on the market, drawn beforehand: deliveries and purchases, day by day, repeatable by seed."""

import datetime as dt
import math
import random
from collections.abc import Iterator
from dataclasses import dataclass, field

from config.market.courses import Course, course_of
from config.market.goods import ITEMS_PER_CASE

OPENS, CLOSES = 10 * 3600, 22 * 3600
LOW_STOCK = 8
STOCK_DAYS = 8
LOYAL_SHARE, LOYAL_WEIGHT, FIRST_TIME_WEIGHT = 0.3, 6, 8
PASSING_BY = 0.06
EARLY, LATE = 0.6, 0.85
"""Shares of the time by when the people of a store that does not grow, or grows, have all come for the first time."""


@dataclass(frozen=True, slots=True)
class Size:
    """How large a market to play."""

    stores: int
    consumers: int
    days: int


@dataclass(frozen=True, slots=True)
class Delivery:
    """Cases arrive at a store, `second` seconds after midnight."""

    second: int
    store: int
    cases: int


@dataclass(frozen=True, slots=True)
class Purchase:
    """A consumer opens the store's next item. `offset_m`: metres north and east of the store, where the phone told."""

    number: int
    second: int
    store: int
    consumer: int
    b_code_before_s: int | None
    outer_before: bool
    offset_m: tuple[float, float] | None
    accuracy_m: float
    claims: bool
    scans_again: bool


@dataclass(frozen=True, slots=True)
class Day:
    """What happens on one day, in the order of the clock."""

    deliveries: tuple[Delivery, ...]
    purchases: tuple[Purchase, ...]


@dataclass(slots=True)
class Regular:
    """Somebody who lives near a store."""

    consumer: int
    comes_on: int
    weight: int
    bought: bool = False

    def pull(self, day: int) -> int:
        """How probable it is that it is this one who buys today."""
        if day < self.comes_on:
            return 0
        return self.weight if self.bought else FIRST_TIME_WEIGHT


@dataclass(slots=True)
class Shelf:
    """A store during the drawing."""

    number: int
    course: Course
    stock: int = 0
    regulars: list[Regular] = field(default_factory=list)


def drawn(size: Size, first_day: dt.date, seed: int) -> list[Day]:
    """The whole market's days."""
    chance = random.Random(seed)  # noqa: S311 - a play, no secret
    shelves = [Shelf(number, course_of(number)) for number in range(size.stores)]
    settle_regulars(shelves, size, chance)
    days, number = [], 0
    for index in range(size.days):
        weekday = (first_day.weekday() + index) % 7
        deliveries, purchases = [], []
        for shelf in shelves:
            rate = shelf.course.rate(size.days - 1 - index, weekday)
            deliveries += list(delivered(shelf, index, rate, chance))
            for _ in range(min(poisson(rate, chance), shelf.stock)):
                shelf.stock -= 1
                purchases.append(purchase(number, shelf, buyer(shelf, shelves, index, chance), chance))
                number += 1
        days.append(Day(tuple(deliveries), tuple(sorted(purchases, key=lambda each: each.second))))
    return days


def settle_regulars(shelves: list[Shelf], size: Size, chance: random.Random) -> None:
    """Everybody gets a store near home: the busier the store, the more people."""
    pulls = [shelf.course.mean(size.days) + 0.05 for shelf in shelves]
    homes = chance.choices(shelves, pulls, k=size.consumers)
    for consumer, home in enumerate(homes):
        latest = (LATE if home.course.grows else EARLY) * size.days
        weight = LOYAL_WEIGHT if chance.random() < LOYAL_SHARE else 1
        home.regulars.append(Regular(consumer, int(chance.random() * latest), weight))


def delivered(shelf: Shelf, index: int, rate: float, chance: random.Random) -> Iterator[Delivery]:
    """A store that runs low gets goods for some days; each has a case once, whether it sells or not."""
    if shelf.stock >= LOW_STOCK or (index and not rate):
        return
    cases = max(1, math.ceil(rate * STOCK_DAYS / ITEMS_PER_CASE))
    shelf.stock += cases * ITEMS_PER_CASE
    yield Delivery(chance.randrange(8 * 3600, OPENS - 1800), shelf.number, cases)


def buyer(shelf: Shelf, shelves: list[Shelf], day: int, chance: random.Random) -> int:
    """Who buys: mostly one of the store's own people, now and then somebody passing by."""
    regulars = shelf.regulars
    if chance.random() < PASSING_BY:
        regulars = chance.choice(shelves).regulars or regulars
    pulls = [regular.pull(day) for regular in regulars]
    if not any(pulls):
        regulars = [regular for other in shelves for regular in other.regulars]
        pulls = [max(1, regular.pull(day)) for regular in regulars]
    chosen = chance.choices(regulars, pulls)[0]
    chosen.bought = True
    return chosen.consumer


def purchase(number: int, shelf: Shelf, consumer: int, chance: random.Random) -> Purchase:
    """One purchase with the habits of the moment."""
    told = chance.random() < 0.55  # noqa: PLR2004 - shares of people
    return Purchase(
        number=number,
        second=chance.randrange(OPENS, CLOSES),
        store=shelf.number,
        consumer=consumer,
        b_code_before_s=chance.randrange(60, 1200) if chance.random() < 0.35 else None,  # noqa: PLR2004
        outer_before=chance.random() < 0.3,  # noqa: PLR2004
        offset_m=(chance.gauss(0, 25), chance.gauss(0, 25)) if told else None,
        accuracy_m=float(chance.randrange(8, 60)),
        claims=chance.random() < 0.97,  # noqa: PLR2004
        scans_again=chance.random() < 0.08,  # noqa: PLR2004
    )


def poisson(mean: float, chance: random.Random) -> int:
    """A number of independent events of this mean (Knuth's way)."""
    limit, product, count = math.exp(-mean), chance.random(), 0
    while product > limit:
        product *= chance.random()
        count += 1
    return count
