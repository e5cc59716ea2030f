"""The values of parameters, checked and brought to what the index holds."""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

from codes.epcis.vocabulary import BIZ_STEP, DISPOSITION, ERROR_REASON, MEASUREMENT_TYPE, vocabulary
from codes.epcis_query.asked import BadParameter
from codes.epcis_query.texts import is_uri, moment_of, number_of

MOST_VALUES = 200
"""In one parameter."""
ACTIONS = ("ADD", "OBSERVE", "DELETE")

Reader = Callable[[str, Any], str]


def values_of(name: str, value: Any) -> list[Any]:
    """The values of a list parameter: of an address `a|b`, of a named query an array.

    Raises:
        BadParameter: none, an empty one, or too many.
    """
    values = value.split("|") if isinstance(value, str) else value if isinstance(value, list) else [value]
    if not values or any(one == "" for one in values):
        raise BadParameter(name, "Give at least one value, and no empty one.")
    if len(values) > MOST_VALUES:
        raise BadParameter(name, f"At most {MOST_VALUES} values.")
    return list(values)


def uri(name: str, value: Any) -> str:
    """A URI."""
    if not isinstance(value, str) or not is_uri(value):
        raise BadParameter(name, "A URI is expected.")
    return value


def text(name: str, value: Any) -> str:
    """Any text; a number or truth value is taken as JSON writes it."""
    if isinstance(value, dict | list) or value is None:
        raise BadParameter(name, "A text is expected.")
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def action(name: str, value: Any) -> str:
    """One of ACTIONS."""
    if value not in ACTIONS:
        raise BadParameter(name, f"One of: {', '.join(ACTIONS)}.")
    return str(value)


def word_of(which: str) -> Reader:
    """A word of the vocabulary in any notation, or another URI."""

    def read(name: str, value: Any) -> str:
        words = vocabulary(which)
        word = words.word(value) if isinstance(value, str) else ""
        if word not in words.uris and not is_uri(word):
            nearest = words.nearest(str(value))
            raise BadParameter(name, f"A standard value or a URI is expected{f'; {nearest}?' if nearest else '.'}")
        return word

    return read


biz_step, disposition, error_reason, measurement = (
    word_of(which) for which in (BIZ_STEP, DISPOSITION, ERROR_REASON, MEASUREMENT_TYPE)
)


def moment(name: str, value: Any) -> dt.datetime:
    """An RFC 3339 moment with its zone."""
    found = moment_of(value) if isinstance(value, str) else None
    if found is None:
        raise BadParameter(name, "A moment with its time zone is expected, such as 2026-05-01T08:00:00+08:00.")
    return found


def number(name: str, value: Any) -> float:
    """A number."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    found = number_of(value) if isinstance(value, str) else None
    if found is None:
        raise BadParameter(name, "A number is expected.")
    return found


def count(name: str, value: Any) -> int:
    """A whole number from 1 on."""
    found = number(name, value)
    if not found.is_integer() or not 1 <= found < 2**31:
        raise BadParameter(name, "A whole number from 1 on is expected.")
    return int(found)


def truth(name: str, value: Any) -> bool:
    """True or false; of a named query also 1 and 0, and null for true (query-schema.json)."""
    if value in (True, "true", 1, "1", None):
        return True
    if value in (False, "false", 0, "0"):
        return False
    raise BadParameter(name, "true or false is expected.")


def one_of(name: str, value: Any, choices: Sequence[str]) -> str:
    """One of the choices."""
    if value not in choices:
        raise BadParameter(name, f"One of: {', '.join(choices)}.")
    return str(value)
