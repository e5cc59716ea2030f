"""How far a single piece of evidence convinces that a store sold an item."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Road(StrEnum):
    """The ways by which evidence comes; the values are stored."""

    CASE = "case"
    B_CODE = "b_code"
    PLACE = "place"


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of evidence for one store. `weight` in [0, 1]: how far it alone would convince."""

    store_id: int
    road: Road
    weight: float
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Weights:
    """What the roads are worth.

    A case that the store received says so for good. A scanned B-code fades in a straight line from `b_code` at once
    to nothing after `b_code_minutes`. A place speaks for a store at most `place_metres` away: from `place_far` at
    that distance to `place_near` at the door, and the less, the less exactly the phone knew its place.
    """

    case: float = 0.85
    b_code: float = 0.70
    b_code_minutes: float = 30.0
    place_near: float = 0.60
    place_far: float = 0.40
    place_metres: float = 150.0


DEFAULT = Weights()


def weight_of_case(weights: Weights = DEFAULT) -> float:
    """The case of the item was received by the store, and nobody has taken it on since."""
    return weights.case


def weight_of_b_code(age_seconds: float, weights: Weights = DEFAULT) -> float:
    """The store's B-code was scanned by the same person or browser `age_seconds` earlier; 0 when too long ago."""
    share = 1 - max(age_seconds, 0.0) / (weights.b_code_minutes * 60)
    return weights.b_code * share if share > 0 else 0.0


def weight_of_place(distance_m: float, accuracy_m: float | None, weights: Weights = DEFAULT) -> float:
    """The phone was `distance_m` from the store, give or take `accuracy_m` (68 % radius; None: not told).

    The weight between far and near is scaled by how probable it is that the phone really was within reach of the
    store, for a normal error: 1 - exp(-(r/a)²) with reach r and accuracy a. An untold accuracy counts as r.
    """
    reach = weights.place_metres
    if not 0 <= distance_m <= reach:
        return 0.0
    nearness = 1 - distance_m / reach
    exactness = 1 - math.exp(-((reach / max(reach if accuracy_m is None else accuracy_m, 1.0)) ** 2))
    return (weights.place_far + (weights.place_near - weights.place_far) * nearness) * exactness
