"""What does not fit in a movement: noted with it, and solved by a person, once."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from codes.formats.serials import SerialRange, joined
from codes.models import Contradiction, ExceptionLine, Movement, MovementException, MovementSolution
from codes.services.differences import Difference
from codes.services.movement_lines import Fault
from core import audit
from core.errors import Conflict, Invalid, NotFound
from stores.models import Brand
from stores.services.constraints import explaining

LONGEST_REMARK = 200
Outcome = MovementSolution.Outcome


class AlreadySolved(Conflict):
    code = "already_solved"
    title = gettext_lazy("This exception has been solved already.")


@dataclass(frozen=True, slots=True)
class Finding:
    """What an exception was found to be. `corrected_by`: number of the movement that put it right, for that outcome."""

    outcome: str
    remark: str = ""
    corrected_by: int | None = None


def raise_exceptions(movement: Movement, faults: Sequence[Fault], differences: Sequence[Difference]) -> None:
    """Note what does not fit, one exception for each kind of contradiction and for each difference.

    To be called in the transaction that writes the movement.
    """
    concerned: dict[tuple[str, int | None], list[SerialRange]] = defaultdict(list)
    for fault in faults:
        concerned[fault.kind, None].append(fault.serials)
    known = {(found.kind, found.holder): found for found in differences}
    for key, found in known.items():
        concerned[key].extend(found.units)
    rows = [new_exception(movement, key, known.get(key)) for key in concerned]
    MovementException.objects.bulk_create(rows)
    lines = [
        ExceptionLine(exception=row, serials=units.bounds)
        for row, ranges in zip(rows, concerned.values(), strict=True)
        for units in joined(ranges)
    ]
    ExceptionLine.objects.bulk_create(lines, batch_size=1_000)


def raise_declared(movement: Movement, *, now: dt.datetime) -> None:
    """Note, once, that who reported the movement declares it to be an error."""
    named = {"movement": movement, "kind": Contradiction.DECLARED_AN_ERROR, "holder_serial": None}
    row, is_new = MovementException.objects.get_or_create(
        **named, defaults={"brand_id": movement.brand_id, "raised_at": now}
    )
    if is_new:
        lines = [ExceptionLine(exception=row, serials=line.serials) for line in movement.lines.order_by("id")]
        ExceptionLine.objects.bulk_create(lines, batch_size=1_000)


def new_exception(movement: Movement, key: tuple[str, int | None], found: Difference | None) -> MovementException:
    """One exception, not yet written."""
    kind, holder = key
    return MovementException(
        brand=movement.brand,
        movement=movement,
        kind=kind,
        holder_serial=holder,
        expected=found.expected if found else None,
        counted=found.counted if found else None,
        raised_at=movement.recorded_at,
    )


def solve(*, brand: Brand, exception_id: int, finding: Finding, actor: str, now: dt.datetime) -> MovementSolution:
    """Close an exception, for good.

    Raises:
        NotFound: the brand has no such exception.
        Invalid: an unknown outcome, a remark of more than 200 characters, or a correction that is no other movement
            of the brand, or that is named with another outcome.
        AlreadySolved: it was closed before.
    """
    exception = MovementException.objects.select_related("movement").filter(brand=brand, pk=exception_id).first()
    if exception is None:
        raise NotFound
    check(exception, finding)
    with explaining({"codes_movementsolution_exception_id_key": AlreadySolved}):
        solution = MovementSolution.objects.create(
            exception=exception,
            outcome=finding.outcome,
            corrected_by_id=finding.corrected_by,
            remark=finding.remark,
            solved_by=actor,
            solved_at=now,
        )
        audit.record(
            actor=actor,
            action="movement_exception.solve",
            subject=exception,
            at=now,
            brand_slug=brand.slug,
            after={
                "kind": exception.kind,
                "movement": exception.movement_id,
                "outcome": finding.outcome,
                "corrected_by": finding.corrected_by,
                "remark": finding.remark,
            },
        )
    return solution


def check(exception: MovementException, finding: Finding) -> None:
    """Refuse what is wrong by itself.

    Raises:
        Invalid: see `solve`.
    """
    wrong = {}
    if finding.outcome not in Outcome.values:
        wrong["outcome"] = [_("One of: %(values)s.") % {"values": ", ".join(Outcome.values)}]
    if len(finding.remark) > LONGEST_REMARK:
        wrong["remark"] = [_("At most %(most)d characters.") % {"most": LONGEST_REMARK}]
    if finding.outcome != Outcome.CORRECTED and finding.corrected_by is not None:
        wrong["corrected_by"] = [_("Only what is corrected by another movement names it.")]
    if finding.outcome == Outcome.CORRECTED and not is_another(exception, finding.corrected_by):
        wrong["corrected_by"] = [_("The number of another movement of the brand is expected.")]
    if wrong:
        raise Invalid(fields=wrong)


def is_another(exception: MovementException, movement_id: int | None) -> bool:
    """Whether this is another movement of the same brand."""
    if movement_id is None or movement_id == exception.movement_id:
        return False
    return Movement.objects.filter(brand=exception.brand_id, pk=movement_id).exists()
