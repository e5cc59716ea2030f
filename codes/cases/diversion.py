"""Goods of a shipment that turn up in a city where its dealer may not sell."""

import math
from dataclasses import dataclass

from codes.cases.judging import Judgement, Reason, judged
from codes.cases.thresholds import Thresholds

KILOMETRE = 1_000.0


@dataclass(frozen=True, slots=True)
class Shipment:
    """What was seen of one shipment in one foreign city.

    Attributes:
        units: different units that consumers scanned there.
        people: different people who did.
        seen_units: different units of the shipment that were scanned anywhere.
        distance_m: median of how far the places certainly are from the territory; None where none is known.
        received: items of the shipment that stores there received.
        receipt_m: how far the farthest of these stores is from the territory; None where none has a place.
        travel_share: what honest travel brings there of any shipment.
    """

    units: int = 0
    people: int = 0
    seen_units: int = 0
    distance_m: float | None = None
    received: int = 0
    receipt_m: float | None = None
    travel_share: float = 0.05


def judge(shipment: Shipment, thresholds: Thresholds) -> Judgement:
    """Diverted by scans, by receipts, or by both."""
    return judged([by_scans(shipment, thresholds), by_receipts(shipment, thresholds)])


def by_scans(shipment: Shipment, thresholds: Thresholds) -> tuple[Reason, ...]:
    """Many units, by many people, a large share, more than travel explains, and far away: all of it."""
    if not shipment.units:
        return ()
    distance_m = shipment.distance_m
    return (
        Reason("units", shipment.units, thresholds.units_at_least),
        Reason("people", shipment.people, thresholds.people_at_least),
        Reason("share", shipment.units / max(shipment.seen_units, shipment.units), thresholds.share_at_least),
        Reason("chance", chance_by_travel(shipment), thresholds.chance_at_most, at_most=True),
        Reason("distance_km", None if distance_m is None else distance_m / KILOMETRE, thresholds.distance_km),
    )


def by_receipts(shipment: Shipment, thresholds: Thresholds) -> tuple[Reason, ...]:
    """A store says that it has the goods: no travel explains that. A store of unknown place counts by its region."""
    if not shipment.received:
        return ()
    reasons = [Reason("received", shipment.received, thresholds.receipt_items)]
    if shipment.receipt_m is not None:
        reasons.append(Reason("receipt_km", shipment.receipt_m / KILOMETRE, thresholds.receipt_km))
    return tuple(reasons)


def chance_by_travel(shipment: Shipment) -> float:
    """How probable it is that travel alone brings so many of the seen units to this city."""
    seen = max(shipment.seen_units, shipment.units)
    return binomial_tail(shipment.units, seen, shipment.travel_share)


def binomial_tail(least: int, trials: int, share: float) -> float:
    """P(X ≥ least) for X ~ Binomial(trials, share), 0 < share < 1; 1 where no more came than is expected anyway.

    The first term by logarithms of the gamma function, the others by the ratio of neighbours,
    t(i+1) = t(i) (n-i)/(i+1) p/(1-p), until they add nothing.
    """
    if least <= trials * share:
        return 1.0
    log_ways = math.lgamma(trials + 1) - math.lgamma(least + 1) - math.lgamma(trials - least + 1)
    term = math.exp(log_ways + least * math.log(share) + (trials - least) * math.log1p(-share))
    total, odds = term, share / (1 - share)
    for number in range(least, trials):
        term *= (trials - number) / (number + 1) * odds
        if total + term == total:
            break
        total += term
    return min(total, 1.0)
