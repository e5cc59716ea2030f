"""What a query asks for, once its parameters are read."""

import datetime as dt
from dataclasses import dataclass, field
from typing import NamedTuple


class Probe(NamedTuple):
    """Events with this text; with `is_prefix`, with one that begins so."""

    kind: int
    text: str
    is_prefix: bool = False


Group = tuple[Probe, ...]
"""Events that any of the probes finds."""


class Bound(NamedTuple):
    """Events with a figure under `field` that compares so; `operator` is =, >, >=, < or <=."""

    field: str
    operator: str
    value: float


class TimeBound(NamedTuple):
    """Events whose time compares so; `column` is event_at or recorded_at, `operator` >= or <."""

    column: str
    operator: str
    at: dt.datetime


EVENT_TIME = "event_at"
RECORD_TIME = "recorded_at"


@dataclass(frozen=True, slots=True)
class Query:
    """All of these must hold. An event is compared by the same figure of a field against all bounds on that field.

    Attributes:
        order: event_at, recorded_at, or the name of a field of an extension.
        is_ascending: of that order.
        count_limit: only the first so many in that order, or None.
        most: more than so many are too many, or None.
    """

    groups: tuple[Group, ...] = ()
    bounds: tuple[Bound, ...] = ()
    times: tuple[TimeBound, ...] = ()
    order: str = EVENT_TIME
    is_ascending: bool = False
    count_limit: int | None = None
    most: int | None = None
    places: tuple[tuple[int, tuple[str, ...]], ...] = field(default=())
    """(kind, places): events at one of these places or at what lies inside of them, by master data."""


class BadParameter(ValueError):  # noqa: N818 - says what is wrong with the query
    """A parameter that is unknown, or whose value does not fit. `name` is the parameter."""

    def __init__(self, name: str, message: str) -> None:
        self.name = name
        super().__init__(message)
