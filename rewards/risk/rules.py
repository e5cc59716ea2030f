"""One rule for each kind of fraud: what it looks at, and how much it says."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from codes.cases.judging import Reason
from codes.cases.places import certainly_m
from rewards.risk.facts import Facts, Spot
from rewards.risk.thresholds import Thresholds
from stores.earth import distance_m

KMH = 3.6
KILOMETRE = 1_000.0
FULLY, LITTLE = 1.0, 0.5


class Family(StrEnum):
    """Rules of one family see the same thing from several sides: only the gravest of them counts."""

    PACE = "pace"
    PEOPLE = "people"
    PLACE = "place"
    GUESSING = "guessing"
    ORDER = "order"
    STORE = "store"


@dataclass(frozen=True, slots=True)
class Rule:
    """`reasons`: the rule's conditions, all of which must hold; empty where it has nothing to look at.

    `weight`: 1, or ½ where honest people often meet it: such a rule alone never holds anything.
    """

    name: str
    family: Family
    reasons: Callable[[Facts, Thresholds], Sequence[Reason]]
    weight: float = FULLY


def count(name: str) -> Callable[[Facts, Thresholds], Sequence[Reason]]:
    """A count of the facts against the threshold of the same name."""

    def reasons(facts: Facts, thresholds: Thresholds) -> Sequence[Reason]:
        return (Reason(name, getattr(facts, name), getattr(thresholds, name)),)

    return reasons


def travel(facts: Facts, thresholds: Thresholds) -> Sequence[Reason]:
    """A journey from the person's opening before that nobody can make.

    Great-circle distance less the doubt about both places, over the time between the scans, no less than a second.
    """
    if facts.scan is None or facts.before is None:
        return ()
    km = certain_km(facts.scan, facts.before)
    seconds = max(abs((facts.scan.at - facts.before.at).total_seconds()), 1.0)
    kmh = km * KILOMETRE / seconds * KMH
    return Reason("jump_km", km, thresholds.jump_km), Reason("speed_kmh", kmh, thresholds.speed_kmh)


def certain_km(one: Spot, other: Spot) -> float:
    """How far apart two telephones certainly were."""
    return certainly_m(distance_m(one.place, other.place), one.accuracy_m, other.accuracy_m) / KILOMETRE


def far_from_store(facts: Facts, thresholds: Thresholds) -> Sequence[Reason]:
    """The telephone was far from the store that sold the item."""
    if facts.scan is None or facts.store is None:
        return ()
    metres = certainly_m(distance_m(facts.scan.place, facts.store), facts.scan.accuracy_m)
    return (Reason("store_km", metres / KILOMETRE, thresholds.store_km),)


def under_attack(facts: Facts, thresholds: Thresholds) -> Sequence[Reason]:
    """Everybody is guessing, and this person has too."""
    if not facts.guesses_person:
        return ()
    return (
        Reason("guesses_all", facts.guesses_all, thresholds.guesses_all),
        Reason("guesses_under_attack", facts.guesses_person, thresholds.guesses_under_attack),
    )


def printing_order(facts: Facts, thresholds: Thresholds) -> Sequence[Reason]:
    """The person's newest openings run along the serials, up or down."""
    return (Reason("order_run", newest_run(facts.serials, thresholds.order_step), thresholds.order_run),)


def newest_run(serials: Sequence[int], step: int) -> int:
    """How many of the newest serials (newest first) follow each other in one direction, by 1 to `step` each."""
    run, direction = min(len(serials), 1), 0
    for newer, older in pairwise(serials):
        apart = newer - older
        way = (apart > 0) - (apart < 0)
        if abs(apart) > step or not way or direction not in (0, way):
            break
        run, direction = run + 1, way
    return run


def own_store(facts: Facts, thresholds: Thresholds) -> Sequence[Reason]:
    """The store's owner opens what the store should sell."""
    return (Reason("own_store_week", facts.store_week, thresholds.own_store_week),) if facts.own_store else ()


RULES: tuple[Rule, ...] = (
    Rule("person_hour", Family.PACE, count("person_hour")),
    Rule("person_day", Family.PACE, count("person_day")),
    Rule("device_hour", Family.PACE, count("device_hour")),
    Rule("device_day", Family.PACE, count("device_day")),
    Rule("address_hour", Family.PACE, count("address_hour"), LITTLE),
    Rule("network_hour", Family.PACE, count("network_hour"), LITTLE),
    Rule("shared_device", Family.PEOPLE, count("device_people")),
    Rule("new_accounts", Family.PEOPLE, count("new_accounts")),
    Rule("impossible_travel", Family.PLACE, travel),
    Rule("far_from_store", Family.PLACE, far_from_store, LITTLE),
    Rule("guesses_person", Family.GUESSING, count("guesses_person")),
    Rule("guesses_address", Family.GUESSING, count("guesses_address"), LITTLE),
    Rule("guesses_under_attack", Family.GUESSING, under_attack),
    Rule("printing_order", Family.ORDER, printing_order),
    Rule("hoarding", Family.STORE, count("store_week")),
    Rule("own_store", Family.STORE, own_store),
)
