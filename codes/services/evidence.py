"""The evidence for a store that lies in the facts of a scan, weighed and fused."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from codes.fusion.evidence import Piece, Road, weight_of_b_code, weight_of_case, weight_of_place
from codes.fusion.fuse import decide
from codes.selectors.facts import REACH_M, StoreFacts, UnitFacts
from codes.services.places import Place
from stores.selectors.around import nearest

STORES_NEAR = 5

Told = tuple[Piece, StoreFacts]


@dataclass(frozen=True, slots=True)
class Judgement:
    """The pieces, the store that they point to (None: to none) and how sure that is."""

    pieces: tuple[Piece, ...]
    store: StoreFacts | None
    confidence: float


def judge(facts: UnitFacts, place: Place | None, at: dt.datetime) -> Judgement:
    """Weigh the received case, scanned B-codes and the place of one scan at the moment `at`, and decide.

    The facts were asked with this place.
    """
    told = [*from_case(facts), *from_store_scans(facts, at), *from_place(facts, place)]
    return judgement_of(told)


def judgement_of(told: Iterable[Told]) -> Judgement:
    """The decision over pieces with weight."""
    weighty = [(piece, store) for piece, store in told if piece.weight > 0]
    pieces = tuple(piece for piece, _store in weighty)
    stores = {store.id: store for _piece, store in weighty}
    decision = decide(pieces)
    chosen = stores[decision.store_id] if decision.store_id is not None else None
    return Judgement(pieces, chosen, decision.confidence)


def from_case(facts: UnitFacts) -> Iterator[Told]:
    """The store that received the case (or pallet, or the item itself) and has not given it back."""
    receipt = facts.holder
    if receipt is not None and receipt.store is not None:
        known = {"movement": receipt.movement_id, "received_at": receipt.at.isoformat()}
        yield Piece(receipt.store.id, Road.CASE, weight_of_case(), known), receipt.store


def from_store_scans(facts: UnitFacts, at: dt.datetime) -> Iterator[Told]:
    """Stores whose B-code the same person or browser scanned in the half hour before."""
    for scan in facts.store_scans:
        age = (at - scan.scanned_at).total_seconds()
        known = {"scan": str(scan.scan_id), "age_seconds": round(age)}
        yield Piece(scan.store.id, Road.B_CODE, weight_of_b_code(age), known), scan.store


def from_place(facts: UnitFacts, place: Place | None) -> Iterator[Told]:
    """Stores within reach of where the phone was: the place that the facts were asked with."""
    if place is None:
        return
    for store, distance_m in nearest(facts.stores_in_box, place.point, REACH_M, STORES_NEAR):
        known = {"distance_m": round(distance_m), "accuracy_m": place.accuracy_m}
        weight = weight_of_place(distance_m, place.accuracy_m)
        yield Piece(store.id, Road.PLACE, weight, known), StoreFacts(store.id, store.name, store.address)
