"""Captured events that tell of our own units go into our histories: shipped, received, returned, packed, unpacked.

Each such event has an effect, written with it and decided by a worker: taken down through the services that all other
reports go through, or not taken down, for a reason that is kept. An event declared an error takes nothing back: it is
raised as an exception of its movement, for a person to judge. The effect's row is decided in the transaction of what
it does, so that no event has its effect twice.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import orjson
import structlog
from celery import current_app
from django.conf import settings
from django.db import OperationalError, transaction
from django.utils.translation import gettext_lazy

from codes.epcis.naming import Naming
from codes.models import EpcisEffect, EpcisEvent, Movement
from codes.services.epcis_rows import NewEvent
from codes.services.epcis_telling import ForeignUnits, partner_of, ranges_told, serials_named, unit_named, units_of
from codes.services.exceptions import raise_declared
from codes.services.movement_lines import NewMovement
from codes.services.moving import move
from codes.services.packing import pack
from codes.services.unpacking import take_out, unpack
from core import bell
from core.errors import Invalid, Problem
from stores.models import Brand

log = structlog.get_logger(__name__)
State = EpcisEffect.State
ACTOR = "system:epcis"
WORKER = "codes.tasks.take_down_effects"
STEPS = frozenset({"shipping", "receiving", "packing", "unpacking"})
PLACES = ("bizLocation", "readPoint", "destinationList")
LOOKED_AT = 500
LONGEST_REFERENCE = 60


class NothingDeclared(Invalid):
    code = "nothing_declared"
    title = gettext_lazy("The event that is declared an error told of no movement.")


def naming_of(brand: Brand) -> Naming:
    """How the brand's things are named."""
    return Naming(settings.PUBLIC_URL, brand.slug)


def note_effects(brand: Brand, events: Sequence[NewEvent]) -> None:
    """Have those looked at that may tell of our units. In the transaction that captures them."""
    naming = naming_of(brand)
    told = {event.name for event in events if concerns(event.normal, naming)}
    if not told:
        return
    rows = EpcisEvent.objects.filter(brand=brand, key__in=[key for key, _declaration in told])
    written = [pk for pk, *name in rows.values_list("pk", "key", "declaration") if tuple(name) in told]
    EpcisEffect.objects.bulk_create([EpcisEffect(event_id=pk) for pk in written], ignore_conflicts=True)
    bell.ring_on_commit(current_app.signature(WORKER))


def concerns(event: Mapping[str, Any], naming: Naming) -> bool:
    """Whether the event tells of a step that our histories know, of at least one unit of ours."""
    if step_of(event) not in STEPS:
        return False
    uris = [*event.get("epcList", ()), *event.get("childEPCs", ()), event.get("parentID", "")]
    return any(unit_named(uri, naming) for uri in uris) or any(True for _ in ranges_told(event, naming))


def step_of(event: Mapping[str, Any]) -> str:
    """The business step's word."""
    return str(event.get("bizStep", "")).rpartition("BizStep-")[2]


def take_down(*, clock: Callable[[], dt.datetime], until: dt.datetime) -> bool:
    """Decide effects until none waits (False) or it is `until` (True), in the order in which things happened."""
    while True:
        waiting = EpcisEffect.objects.filter(state=State.WAITING).order_by("event__event_at", "event_id")
        keys = list(waiting.values_list("pk", flat=True)[:LOOKED_AT])
        decided = 0
        for pk in keys:
            if clock() >= until:
                return True
            decided += decide(pk, now=clock())
        if not decided:
            return False


def decide(pk: int, *, now: dt.datetime) -> bool:
    """Decide one effect; False where another worker is at it."""
    with transaction.atomic():
        rows = EpcisEffect.objects.select_for_update(skip_locked=True, of=("self",)).select_related("event__brand")
        effect = rows.filter(pk=pk, state=State.WAITING).first()
        if effect is None:
            return False
        try:
            with transaction.atomic():
                effect.movement = carry_out(effect.event, now=now)
            effect.state = State.DONE
        except Problem as problem:
            effect.state, effect.code, effect.detail = State.REFUSED, problem.code, problem.detail
        except OperationalError:
            raise
        except Exception:
            log.exception("an event's effect failed", effect=pk)
            effect.state, effect.code = State.REFUSED, "server_fault"
        effect.decided_at = now
        effect.save()
        return True


def carry_out(row: EpcisEvent, *, now: dt.datetime) -> Movement | None:
    """Do what the event tells; the movement that was written, if it tells of one.

    Raises:
        Problem: a refusal of the service; ForeignUnits, UnknownPartner, NothingDeclared.
    """
    if row.declaration is not None:
        raise_declared(movement_told_by(row), now=now)
        return None
    event = orjson.loads(row.normal)
    if event["type"] == "AggregationEvent":
        aggregate(event, row, now=now)
        return None
    if event["type"] != "ObjectEvent" or step_of(event) not in {"shipping", "receiving"}:
        raise ForeignUnits
    return relocate(event, row, now=now)


def movement_told_by(declaration: EpcisEvent) -> Movement:
    """The movement that the event told which is declared an error.

    Raises:
        NothingDeclared: it told none.
    """
    named = {"event__brand": declaration.brand_id, "event__key": declaration.key, "event__declaration": None}
    told = EpcisEffect.objects.select_related("movement").filter(movement__isnull=False, **named).first()
    if told is None or told.movement is None:
        raise NothingDeclared
    return told.movement


def relocate(event: Mapping[str, Any], row: EpcisEvent, *, now: dt.datetime) -> Movement:
    """A shipment, receipt or return."""
    brand, naming = row.brand, naming_of(row.brand)
    kind, names = kind_of(event)
    partner = partner_of(event, brand=brand, names=names)
    spans = units_of(event, "epcList", brand=brand, naming=naming)
    papers = [one["bizTransaction"] for one in event.get("bizTransactionList", ())]
    reference = str(papers[0]).rpartition("/")[2].rpartition(":")[2][:LONGEST_REFERENCE] if papers else ""
    movement = NewMovement(kind, partner, spans, happened_at=row.event_at, reference=reference)
    return move(brand=brand, movement=movement, actor=ACTOR, now=now)


def kind_of(event: Mapping[str, Any]) -> tuple[str, tuple[str, ...]]:
    """The kind of movement, and where its partner is named. CBV has no word for returning: goods come back in."""
    if step_of(event) == "shipping":
        return Movement.Kind.SHIP, ("destinationList",)
    if str(event.get("disposition", "")).endswith("-returned"):
        return Movement.Kind.RETURN, ("sourceList",)
    return Movement.Kind.RECEIVE, PLACES


def aggregate(event: Mapping[str, Any], row: EpcisEvent, *, now: dt.datetime) -> None:
    """Packing into a parent, or taking out of one."""
    brand, naming = row.brand, naming_of(row.brand)
    told: dict[str, Any] = {"brand": brand, "actor": ACTOR, "now": now, "happened_at": row.event_at}
    (parent,) = serials_named([event.get("parentID", "")], brand=brand, naming=naming)
    has_children = "childEPCs" in event or any(True for _ in ranges_told(event, naming))
    if event["action"] == "DELETE" and not has_children:
        unpack(parents=[parent], **told)
        return
    children = units_of(event, "childEPCs", brand=brand, naming=naming)
    if event["action"] == "DELETE":
        take_out(children=children, **told)
    elif event["action"] == "ADD":
        pack(packings=[(parent, one.first, one.last) for one in children], **told)
