"""Our histories as EPCIS events. Each function makes one event, in JSON, with its hash ID as eventID.

Nothing in here asks a table: equal facts make equal events, and equal events have equal IDs. The mapping is told in
docs/epcis.md. An event names each unit up to EPCS_IN_EVENT of them; of more, it gives the classes with their quantities
and the ranges of serials as an extension, so that an order of twenty million is one event of a few lines.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from codes.epcis.hash_ids import event_hash_id
from codes.epcis.naming import PREFIX, Naming

EPCS_IN_EVENT = 200

Event = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Units:
    """The units first..last, both included, of one batch and level."""

    level: str
    gtin: str
    lot: str
    first: int
    last: int

    @property
    def count(self) -> int:
        """How many."""
        return self.last - self.first + 1


@dataclass(frozen=True, slots=True)
class Partner:
    """A store or dealer (`kind`) by its number."""

    kind: str
    number: str


@dataclass(frozen=True, slots=True)
class Teller:
    """Who tells: how things are named, and whose clock shows the time at the place."""

    naming: Naming
    timezone: str

    def finished(self, event: Event) -> Event:
        """The event with its ID."""
        return {"eventID": event_hash_id(event, self.naming.context())} | event

    def when(self, at: dt.datetime) -> Event:
        """The moment, and the offset at the place."""
        local = at.astimezone(ZoneInfo(self.timezone))
        offset = local.strftime("%z")
        return {
            "eventTime": local.isoformat(timespec="milliseconds"),
            "eventTimeZoneOffset": f"{offset[:3]}:{offset[3:5]}",
        }

    def objects(self, units: Sequence[Units]) -> Event:
        """Each unit by its EPC, or of many, how many of which class."""
        if sum(one.count for one in units) <= EPCS_IN_EVENT:
            return {"epcList": self.epcs(units)}
        return {"quantityList": self.quantities(units)} | serial_ranges(units)

    def children(self, units: Sequence[Units]) -> Event:
        """The same of what is inside of a parent."""
        if sum(one.count for one in units) <= EPCS_IN_EVENT:
            return {"childEPCs": self.epcs(units)}
        return {"childQuantityList": self.quantities(units)} | serial_ranges(units)

    def epcs(self, units: Sequence[Units]) -> list[str]:
        """Every unit by its EPC."""
        name = self.naming.unit
        return [name(one.level, one.gtin, serial) for one in units for serial in range(one.first, one.last + 1)]

    def quantities(self, units: Sequence[Units]) -> list[Event]:
        """How many of which class, each class once."""
        found: dict[str, int] = {}
        for one in units:
            name = self.naming.unit_class(one.level, one.gtin, one.lot)
            found[name] = found.get(name, 0) + one.count
        return [{"epcClass": name, "quantity": count} for name, count in found.items()]


def serial_ranges(units: Sequence[Units]) -> Event:
    """The ranges of serials, as an extension; both ends included."""
    ranges = [{f"{PREFIX}:first": str(one.first), f"{PREFIX}:last": str(one.last)} for one in units]
    return {f"{PREFIX}:serials": ranges}


def commissioned(teller: Teller, units: Sequence[Units], at: dt.datetime) -> Event:
    """An order was released for printing: from now on these serials exist."""
    return teller.finished(
        {"type": "ObjectEvent"}
        | teller.when(at)
        | teller.objects(units)
        | {"action": "ADD", "bizStep": "commissioning", "disposition": "encoded"}
        | {"ilmd": {"cbvmda:lotNumber": units[0].lot}}
    )


def packed(teller: Teller, parent: Units, children: Sequence[Units], at: dt.datetime) -> Event:
    """Children were put into a parent."""
    return _packing(teller, parent, children, at, ("ADD", "packing", "in_progress"))


def unpacked(teller: Teller, parent: Units, children: Sequence[Units], at: dt.datetime) -> Event:
    """Children were taken out of a parent."""
    return _packing(teller, parent, children, at, ("DELETE", "unpacking", "in_progress"))


def _packing(
    teller: Teller, parent: Units, children: Sequence[Units], at: dt.datetime, words: tuple[str, str, str]
) -> Event:
    action, step, disposition = words
    return teller.finished(
        {"type": "AggregationEvent"}
        | teller.when(at)
        | {"parentID": teller.epcs([parent])[0]}
        | teller.children(children)
        | {"action": action, "bizStep": step, "disposition": disposition}
    )


@dataclass(frozen=True, slots=True)
class Moved:
    """A movement: its kind as the supply chain reports it, whom it names, and the number of its paper."""

    kind: str
    units: Sequence[Units]
    at: dt.datetime
    partner: Partner | None = None
    reference: str = ""


MOVES = {
    "ship": ("OBSERVE", "shipping", "in_transit"),
    "receive": ("OBSERVE", "receiving", "in_progress"),
    "return": ("OBSERVE", "receiving", "returned"),
    "destroy": ("DELETE", "destroying", "destroyed"),
    "sample": ("OBSERVE", "sampling", "non_sellable_other"),
}
"""Kind of a movement → action, business step and disposition. CBV has no word for returning: goods come back in."""


def moved(teller: Teller, movement: Moved) -> Event:
    """Units were shipped to, received by or returned from a partner, destroyed, or taken as samples."""
    action, step, disposition = MOVES[movement.kind]
    event: Event = {"type": "ObjectEvent"} | teller.when(movement.at) | teller.objects(movement.units)
    event |= {"action": action, "bizStep": step, "disposition": disposition}
    event |= _way(teller.naming, movement)
    if movement.reference:
        event["bizTransactionList"] = [{"bizTransaction": teller.naming.paper(movement.reference)}]
    return teller.finished(event)


def _way(naming: Naming, movement: Moved) -> Event:
    """Where it happened, from whom and to whom, so far as is known: who ships is not told, who gets it is."""
    partner = (movement.partner.kind, movement.partner.number) if movement.partner else ("", "")
    if movement.kind == "ship":
        return {
            "destinationList": [
                {"type": "possessing_party", "destination": naming.party(*partner)},
                {"type": "location", "destination": naming.place(*partner)},
            ]
        }
    if movement.kind == "return":
        source = [{"type": "possessing_party", "source": naming.party(*partner)}]
        return _at(naming.place()) | {"sourceList": source}
    return _at(naming.place(*partner))


def _at(place: str) -> Event:
    return {"readPoint": {"id": place}, "bizLocation": {"id": place}}


def sold(teller: Teller, item: Units, store: Partner | None, at: dt.datetime) -> Event:
    """An item was opened, so it had been sold: by this store, if any is known. Who bought it is nobody's business."""
    place = _at(teller.naming.place(store.kind, store.number)) if store else {}
    return teller.finished(
        {"type": "ObjectEvent"}
        | teller.when(at)
        | teller.objects([item])
        | {"action": "OBSERVE", "bizStep": "retail_selling", "disposition": "retail_sold"}
        | place
    )


STATEMENTS: dict[str, Event] = {
    "active": {"action": "OBSERVE", "bizStep": "commissioning", "disposition": "active"},
    "voided": {"action": "DELETE", "bizStep": "decommissioning", "disposition": "inactive"},
    "frozen": {
        "action": "OBSERVE",
        "bizStep": "holding",
        "disposition": "unavailable",
        "persistentDisposition": {"set": ["unavailable"]},
    },
    "recalled": {
        "action": "OBSERVE",
        "bizStep": "holding",
        "disposition": "recalled",
        "persistentDisposition": {"set": ["recalled"]},
    },
}
"""What is said of a range of serials."""
RELEASES: dict[str, Event] = {
    "frozen": {"action": "OBSERVE", "disposition": "available", "persistentDisposition": {"unset": ["unavailable"]}},
    "recalled": {"action": "OBSERVE", "disposition": "available", "persistentDisposition": {"unset": ["recalled"]}},
}
"""A freeze or recall was lifted: it had been so, and is no more."""


def stated(teller: Teller, kind: str, units: Sequence[Units], at: dt.datetime) -> Event:
    """Codes were activated, voided, frozen or recalled."""
    return teller.finished(
        {"type": "ObjectEvent"} | teller.when(at) | teller.objects(units) | STATEMENTS[kind],
    )


def taken_back(teller: Teller, kind: str, units: Sequence[Units], at: dt.datetime, taken_at: dt.datetime) -> Event:
    """A statement was taken back. A freeze or recall is lifted; anything else had been said by mistake.

    An error declaration is the event that it is about, under the same ID.
    """
    if kind in RELEASES:
        return teller.finished(
            {"type": "ObjectEvent"} | teller.when(taken_at) | teller.objects(units) | RELEASES[kind],
        )
    return declared(teller, stated(teller, kind, units, at), Declaration(taken_at))


@dataclass(frozen=True, slots=True)
class Declaration:
    """That an event is wrong, since when that is known, and the IDs of the events that tell what is right."""

    at: dt.datetime
    reason: str = "did_not_occur"
    corrective: Sequence[str] = ()


def declared(teller: Teller, event: Event, declaration: Declaration) -> Event:
    """The event, under its own ID, declared to be wrong."""
    error: Event = {"declarationTime": teller.when(declaration.at)["eventTime"], "reason": declaration.reason}
    if declaration.corrective:
        error["correctiveEventIDs"] = list(declaration.corrective)
    return event | {"errorDeclaration": error}
