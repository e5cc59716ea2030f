"""Movements that were found to be mistakes: what their events said, to be told again as declared errors."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from codes.models import Contradiction, MovementSolution
from codes.selectors.epcis_rows import CAPTURED, MOVEMENTS, Row, fetched, rows_numbered

OF_MOVEMENTS = """
    SELECT so.id AS number FROM codes_movementsolution so JOIN codes_movementexception ex ON ex.id = so.exception_id
    WHERE ex.movement_id = ANY(%(numbers)s)
"""
MISCOUNTED = frozenset({Contradiction.SHORT.value, Contradiction.SURPLUS.value})


@dataclass(frozen=True, slots=True)
class Mistaken:
    """The movements that errors are about, and those that correct them.

    Attributes:
        rows: each movement's row, as its own source has it.
        captured: of those that a captured event told, that event as it came, with its ID.
    """

    rows: Mapping[int, Row]
    captured: Mapping[int, dict[str, Any]]


def mistaken_of(brand_id: int, errors: Iterable[Row]) -> Mistaken:
    """The movements of these rows of errors. Two statements; none where there are no errors."""
    numbers = sorted({number for row in errors for number in (row["movement"], row["corrected_by"]) if number})
    if not numbers:
        return Mistaken({}, {})
    rows = {int(row["number"]): row for row in rows_numbered(MOVEMENTS, brand_id, numbers)}
    told = fetched(CAPTURED, {"numbers": numbers})
    return Mistaken(rows, {row["movement"]: orjson.loads(row["document"]) for row in told})


def reason_of(error: Row) -> str:
    """CBV's word for what is wrong: what was corrected or miscounted did happen, if not so."""
    did_happen = error["outcome"] == MovementSolution.Outcome.CORRECTED or error["exception"] in MISCOUNTED
    return "incorrect_data" if did_happen else "did_not_occur"


def errors_about(movements: Iterable[int]) -> list[int]:
    """The numbers of the solutions of these movements' exceptions."""
    return [row["number"] for row in fetched(OF_MOVEMENTS, {"numbers": list(movements)})]
