"""What partners are told about units, packings and movements: JSON-ready dictionaries."""

import datetime as dt
from typing import Any

from codes.formats.serials import SerialRange
from codes.models import CodeOrder, Movement, MovementException, MovementSolution
from codes.selectors.blocks import RANK
from codes.selectors.contents import RankedSpan, children_of, items_inside
from codes.selectors.custody import Custody, custody_of
from codes.selectors.journey import Step
from codes.selectors.states import state_of
from core.errors import NotFound
from stores.models import Dealer, Store


def answer_of_movement(movement: Movement) -> dict[str, Any]:
    """A movement with its lines."""
    lines = list(movement.lines.all())
    return {
        "id": movement.pk,
        "kind": movement.kind,
        "store": movement.store.number if movement.store else None,
        "dealer": movement.dealer.number if movement.dealer else None,
        "reference": movement.reference,
        "flag": movement.flag,
        "items": sum(line.items for line in lines),
        "units": [ends(line.serials) | {"items": line.items, "counted": line.counted} for line in lines],
        "exceptions": [answer_of_difference(exception) for exception in movement.exceptions.all()],
        "happened_at": movement.happened_at,
        "recorded_at": movement.recorded_at,
    }


def answer_of_difference(exception: MovementException) -> dict[str, Any]:
    """What does not fit, and the units concerned."""
    return {
        "id": exception.pk,
        "kind": exception.kind,
        "holder": exception.holder_serial,
        "expected": exception.expected,
        "counted": exception.counted,
        "units": [ends(line.serials) for line in exception.lines.all()],
    }


def answer_of_exception(exception: MovementException) -> dict[str, Any]:
    """An exception with its movement and, once it is solved, its solution."""
    movement = exception.movement
    solution = getattr(exception, "solution", None)
    return answer_of_difference(exception) | {
        "movement": movement.pk,
        "movement_kind": movement.kind,
        "store": movement.store.number if movement.store else None,
        "dealer": movement.dealer.number if movement.dealer else None,
        "reference": movement.reference,
        "recorded_by": movement.recorded_by,
        "happened_at": movement.happened_at,
        "raised_at": exception.raised_at,
        "solution": answer_of_solution(solution) if solution else None,
    }


def answer_of_solution(solution: MovementSolution) -> dict[str, Any]:
    """What an exception was found to be, by whom and when."""
    return {
        "id": solution.pk,
        "exception": solution.exception_id,
        "outcome": solution.outcome,
        "corrected_by": solution.corrected_by_id,
        "remark": solution.remark,
        "solved_by": solution.solved_by,
        "solved_at": solution.solved_at,
    }


def answer_of_unit(serial: int, now: dt.datetime) -> dict[str, Any]:
    """What a unit is, its state as of `now`, what is inside, and who has it.

    Raises:
        NotFound: it was never issued.
    """
    unit = state_of(serial, now=now)
    if unit is None:
        raise NotFound
    order, span = unit.order, SerialRange(serial, serial)
    return {
        "serial": serial,
        "level": order.level,
        "state": unit.state,
        "gtin": order.batch.product.gtin,
        "product": order.batch.product.name,
        "lot": order.batch.lot,
        "order": order.pk,
        "items": items_inside([RankedSpan(span, RANK[order.level])])[0],
        "children": children_ranges(order, serial),
        "custody": answer_of_custody(custody_of(serial)),
    }


def children_ranges(order: CodeOrder, serial: int) -> list[dict[str, int]]:
    """What is directly inside; nothing is inside of an item."""
    if order.level == CodeOrder.Level.ITEM:
        return []
    return [{"first": span.first, "last": span.last} for span in children_of(serial)]


def answer_of_custody(custody: Custody) -> dict[str, Any]:
    """Case, pallet, the newest movement, and who has it since then; people by their numbers."""
    last = custody.movement
    return {
        "case": custody.case_serial,
        "pallet": custody.pallet_serial,
        "store": number_of(Store, custody.store_id),
        "dealer": number_of(Dealer, custody.dealer_id),
        "kind": last.kind if last else None,
        "movement": last.id if last else None,
        "since": custody.since,
    }


def number_of(kind: type[Store] | type[Dealer], pk: int | None) -> str | None:
    """The number under which a partner knows a store or dealer."""
    return None if pk is None else kind.objects.values_list("number", flat=True).get(pk=pk)


def answer_of_step(step: Step) -> dict[str, Any]:
    """One step of a trace."""
    moved = step.movement
    return {
        "what": step.what,
        "at": step.at,
        "serial": step.serial,
        "parent": step.parent_serial,
        "movement": moved.pk if moved else None,
        "store": moved.store.number if moved and moved.store else None,
        "dealer": moved.dealer.number if moved and moved.dealer else None,
        "reference": moved.reference if moved else "",
        "flag": moved.flag if moved else "",
    }


def ends(serials: Any) -> dict[str, int]:
    """A range column's value with both ends included; freshly written rows hold a plain tuple."""
    first, end = (serials.lower, serials.upper) if hasattr(serials, "lower") else serials
    return {"first": first, "last": end - 1}
