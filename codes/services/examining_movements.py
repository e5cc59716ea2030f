"""Going through the movements for market cases, as `examining` goes through the scans.

A store's receipt tells of diversion by itself. Any movement may come late: goods that were seen before it was reported
are looked at again.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import partial
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet

from codes.formats.serials import SerialRange
from codes.models import ExaminationFault, ForeignReceipt, Movement, MovementLine
from codes.selectors.case_rules import BrandRule, rules_of
from codes.selectors.consignments import Consignment, consignment_at, movements_of
from codes.selectors.contents import RankedSpan, item_ranges_inside, items_inside
from codes.selectors.seen_scans import scans_named
from codes.selectors.segments import segments
from codes.selectors.territories import Territory, lineages_of, territories_of
from codes.services.case_judging import MOST_LOOKED_AT_AGAIN, Newest, TouchedShipment, judge_touched, note, touched_by
from codes.services.examining import locked_cursor, move_on
from codes.services.examining_past_faults import judge_past_faults
from codes.services.moving import ranks_of
from codes.services.sighting import sight
from stores.earth import Place
from stores.models import Store
from stores.selectors.territories import metres_to_territory

MOVEMENTS_AT_ONCE = 50
SEEN_BEFORE = f"""
    SELECT s.scan_id FROM unnest(%s::bigint[], %s::bigint[]) AS k(f, l)
    CROSS JOIN LATERAL (
        SELECT scan_id FROM codes_sighting WHERE cause = 'not_shipped' AND serial BETWEEN k.f AND k.l
    ) s LIMIT {MOST_LOOKED_AT_AGAIN}
"""  # noqa: S608 - a constant


@transaction.atomic
def examine_movements(*, now: dt.datetime, before: dt.datetime | None = None, limit: int = MOVEMENTS_AT_ONCE) -> int:
    """Examine the next movements, up to the first that was recorded from `before` on; how many.

    0 also where another worker does it.
    """
    cursor = locked_cursor("movements")
    if cursor is None:
        return 0
    found = list(movements_to_judge().filter(pk__gt=int(cursor.position or 0)).order_by("pk")[:limit])
    settled = settled_ones(found, before)
    if settled:
        history = ExaminationFault.History.MOVEMENTS
        judge_past_faults(settled, partial(judge_movements, now=now), history=history, now=now)
        move_on(cursor, str(settled[-1].pk))
    return len(settled)


def movements_to_judge() -> QuerySet[Movement]:
    """Movements with all that `judge_movements` asks of them."""
    return Movement.objects.select_related("brand", "store").prefetch_related("lines")


def settled_ones(movements: Sequence[Movement], before: dt.datetime | None) -> list[Movement]:
    """Those up to the first that was recorded too short a while ago."""
    young = [number for number, each in enumerate(movements) if before is not None and each.recorded_at >= before]
    return list(movements[: young[0]] if young else movements)


def judge_movements(movements: Sequence[Movement], *, now: dt.datetime) -> None:
    """Judge what the receipts say, and what was seen of the units before anybody reported them."""
    rules = rules_of({movement.brand_id for movement in movements})
    newest: Newest = {}
    for movement in movements:
        if movement.brand_id not in rules:
            continue
        spans = spans_of(movement)
        for touched, at in (seen_before(spans, rules) | received(movement, spans)).items():
            note(newest, touched, at)
    judge_touched(newest, rules, now=now)


def spans_of(movement: Movement) -> list[tuple[MovementLine, RankedSpan]]:
    """The lines that brought something, with the level of their units."""
    lines = [line for line in movement.lines.all() if line.items]
    serials = [SerialRange(line.serials.lower, line.serials.upper - 1) for line in lines]
    ranks = ranks_of(movement.brand, serials)
    return [(line, RankedSpan(span, rank)) for line, span, rank in zip(lines, serials, ranks, strict=True)]


def seen_before(spans: Sequence[tuple[MovementLine, RankedSpan]], rules: Mapping[int, BrandRule]) -> Newest:
    """What is touched by goods that were seen as not shipped, and are known to be shipped now."""
    inside = [each for ranges in item_ranges_inside([span for _line, span in spans]) for each in ranges]
    with connection.cursor() as cursor:
        cursor.execute(SEEN_BEFORE, [[each.first for each in inside], [each.last for each in inside]])
        ids: list[UUID] = [row[0] for row in cursor.fetchall()]
    seen = sight(scans_named(ids), {brand_id: rule.thresholds for brand_id, rule in rules.items()}) if ids else []
    return {touched: at for touched, at in touched_by(seen).items() if isinstance(touched, TouchedShipment)}


def received(movement: Movement, spans: Sequence[tuple[MovementLine, RankedSpan]]) -> Newest:
    """What a store's receipt touches: shipments that may not be sold in its region. They are noted."""
    store = movement.store
    if movement.kind != Movement.Kind.RECEIVE or store is None or not spans:
        return {}
    items = items_by_consignment(movement, spans)
    territories = territories_of(list(items))
    lineages = lineages_of({store.region_id})
    area = lineages.area_of(store.region_id)
    newest: Newest = {}
    for consignment, count in items.items():
        territory = territories.of(consignment)
        if area is None or territory is None or lineages.is_inside(store.region_id, territory):
            continue
        keep(movement, store, consignment.shipment, territory, area=area, items=count)
        touched = TouchedShipment(movement.brand_id, consignment.shipment, territory.dealer_id, area)
        newest[touched] = movement.happened_at
    return newest


def items_by_consignment(
    movement: Movement, spans: Sequence[tuple[MovementLine, RankedSpan]]
) -> dict[Consignment, int]:
    """How many of the received items came with each consignment.

    A line of one consignment brought what it says; one of several is told apart by what is inside of its units now.
    """
    pieces = segments([span.serials for _line, span in spans])
    moved = movements_of(piece.first for inside in pieces for piece in inside)
    items: dict[Consignment, int] = defaultdict(int)
    for (line, span), inside in zip(spans, pieces, strict=True):
        whose = [consignment_at(moved.get(piece.first, ()), movement.happened_at) for piece in inside]
        counts = items_inside([RankedSpan(piece, span.rank) for piece in inside]) if len(set(whose)) > 1 else []
        for number, consignment in enumerate(whose):
            if consignment is not None:
                items[consignment] += counts[number] if counts else line.items if number == 0 else 0
    return items


def keep(movement: Movement, store: Store, shipment: int, territory: Territory, *, area: str, items: int) -> None:
    """Note the receipt, once."""
    distance = None
    if store.latitude is not None and store.longitude is not None:
        distance = metres_to_territory(Place(store.latitude, store.longitude), territory.codes)
    row = ForeignReceipt(
        movement=movement,
        shipment_id=shipment,
        brand_id=movement.brand_id,
        dealer_id=territory.dealer_id,
        store=store,
        area_id=area,
        items=items,
        distance_m=distance,
        received_at=movement.happened_at,
    )
    ForeignReceipt.objects.bulk_create([row], ignore_conflicts=True)
