"""Events that a query asks for, by the index of their texts and figures.

Which way is taken is decided here, not by the planner, which can't know how often two texts stand in one event:

1. Where a text (or figure) stands in few events, these are fetched by their keys and the rest is checked on them.
2. Otherwise, in order of event time, the rarest text's own entries are walked, which lie in that order.
3. Otherwise the events are walked in the order that was asked for.

A walk that finds too little is ended by MOST_MS.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import psycopg
from django.db import OperationalError, connection, transaction

from codes.epcis_query.asked import EVENT_TIME, Bound, Group, Probe, Query
from codes.epcis_query.kinds import RAREST_FIRST

RARE = 2_000
"""So many events are fetched by their keys within a few milliseconds."""
ENOUGH = 200
"""With no more candidates than these, no further text is looked up."""
MOST_MS = 5_000
LAST_CHARACTER = "\U0010ffff"


class TooComplex(Exception):  # noqa: N818 - says what became of the query
    """The query was not done in time."""


class Position(NamedTuple):
    """The last event of a page: its time in the order, and its key."""

    at: dt.datetime
    event: int


@dataclass(slots=True)
class Statement:
    """SQL in the making, with its parameters in order."""

    parts: list[str] = field(default_factory=list)
    parameters: list[Any] = field(default_factory=list)

    def add(self, sql: str, *parameters: Any) -> None:
        """Append."""
        self.parts.append(sql)
        self.parameters += parameters

    def rows(self) -> list[Any]:
        """What it answers."""
        with connection.cursor() as cursor:
            cursor.execute(" ".join(self.parts), self.parameters)
            return list(cursor.fetchall())


@contextmanager
def in_time() -> Iterator[None]:
    """Statements inside end after MOST_MS, and read no table from its beginning. Raises TooComplex.

    To the planner, the first rows of a common text are cheapest found in the table itself; but all of these may be
    another brand's.
    """
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL statement_timeout = {MOST_MS}; SET LOCAL enable_seqscan = off")
            yield
            cursor.execute("SET LOCAL statement_timeout TO DEFAULT; SET LOCAL enable_seqscan TO DEFAULT")
    except OperationalError as error:
        if isinstance(error.__cause__, psycopg.errors.QueryCanceled):
            raise TooComplex from error
        raise


def search(brand_id: int, query: Query, *, after: Position | None = None, most: int) -> list[Position]:
    """At most so many events, in the order of event or record time that the query asks for, behind a position."""
    groups = in_order(query.groups)
    candidates = candidates_of(brand_id, query, groups)
    if candidates is not None:
        return walk(brand_id, query, groups, after=after, most=most, candidates=candidates) if candidates else []
    if query.order == EVENT_TIME and groups and not any(probe.is_prefix for probe in groups[0]):
        return walk_terms(brand_id, query, groups, after=after, most=most)
    return walk(brand_id, query, groups, after=after, most=most)


def in_order(groups: Sequence[Group]) -> list[Group]:
    """The groups, those first that probably find the fewest events."""
    rank = {int(kind): place for place, kind in enumerate(RAREST_FIRST)}
    return sorted(groups, key=lambda group: min(rank.get(probe.kind, len(rank)) for probe in group))


def candidates_of(brand_id: int, query: Query, groups: Sequence[Group]) -> list[int] | None:
    """The events that can be meant, where one of the texts or figures stands in few events; else None."""
    found: set[int] | None = None
    lookups = [lookup_of_group(brand_id, query, group) for group in groups]
    lookups += [lookup_of_bounds(brand_id, bounds) for bounds in by_field(query.bounds)]
    for lookup in lookups:
        if found is not None and len(found) <= ENOUGH:
            break
        ids = {row[0] for row in lookup.rows()}
        if len(ids) <= RARE:
            found = ids if found is None else found & ids
    return None if found is None else sorted(found)


def lookup_of_group(brand_id: int, query: Query, group: Group) -> Statement:
    """The first events, in no order, that any probe finds within the times asked for."""
    lookup = Statement()
    lookup.add("SELECT DISTINCT event_id FROM (")
    for place, probe in enumerate(group):
        lookup.add("UNION ALL" if place else "")
        lookup.add("(SELECT t.event_id FROM codes_epcisterm t WHERE")
        match_probe(lookup, brand_id, probe)
        match_times(lookup, query, "t")
        lookup.add("LIMIT %s)", RARE + 1)
    lookup.add(") found")
    return lookup


def lookup_of_bounds(brand_id: int, bounds: Sequence[Bound]) -> Statement:
    """The first events, in no order, with a figure within all bounds, which are on one field."""
    lookup = Statement()
    lookup.add("SELECT DISTINCT event_id FROM (SELECT f.event_id FROM codes_epcisfigure f WHERE")
    match_bounds(lookup, brand_id, bounds)
    lookup.add("LIMIT %s) found", RARE + 1)
    return lookup


def by_field(bounds: Sequence[Bound]) -> list[list[Bound]]:
    """The bounds of each field."""
    return [[bound for bound in bounds if bound.field == name] for name in dict.fromkeys(b.field for b in bounds)]


def match_probe(statement: Statement, brand_id: int, probe: Probe) -> None:
    """The term `t` is what the probe asks for."""
    statement.add("t.brand_id = %s AND t.kind = %s", brand_id, probe.kind)
    if probe.is_prefix:
        statement.add("AND t.value >= %s AND t.value < %s", probe.text, probe.text + LAST_CHARACTER)
    else:
        statement.add("AND t.value = %s", probe.text)


def match_bounds(statement: Statement, brand_id: int, bounds: Sequence[Bound]) -> None:
    """The figure `f` is within the bounds."""
    statement.add("f.brand_id = %s AND f.field = %s", brand_id, bounds[0].field)
    for bound in bounds:
        statement.add(f"AND f.value {bound.operator} %s", bound.value)


def match_times(statement: Statement, query: Query, table: str, columns: Sequence[str] = (EVENT_TIME,)) -> None:
    """The event's times are within the query's."""
    for bound in query.times:
        if bound.column in columns:
            statement.add(f"AND {table}.{bound.column} {bound.operator} %s", bound.at)


def match_rest(
    statement: Statement, brand_id: int, groups: Sequence[Group], query: Query, named: tuple[str, str]
) -> None:
    """The event has a text of each group, and figures within all bounds; `named` are its key's and time's columns.

    OFFSET 0 has each event looked up by itself: the planner would read a common text's whole list instead.
    """
    key, at = named
    for group in groups:
        exact = [probe for probe in group if not probe.is_prefix]
        prefixes = [probe for probe in group if probe.is_prefix]
        statement.add("AND (FALSE")
        if exact:
            statement.add(
                "OR EXISTS (SELECT 1 FROM codes_epcisterm t WHERE t.brand_id = %s AND (t.kind, t.value) IN"
                f" (SELECT * FROM unnest(%s::smallint[], %s::text[])) AND t.event_at = {at} AND t.event_id = {key}"
                " OFFSET 0)",
                brand_id,
                [probe.kind for probe in exact],
                [probe.text for probe in exact],
            )
        for probe in prefixes:
            statement.add(f"OR {key} IN (SELECT t.event_id FROM codes_epcisterm t WHERE")
            match_probe(statement, brand_id, probe)
            statement.add(")")
        statement.add(")")
    for bounds in by_field(query.bounds):
        statement.add("AND EXISTS (SELECT 1 FROM codes_epcisfigure f WHERE")
        match_bounds(statement, brand_id, bounds)
        statement.add(f"AND f.event_id = {key} OFFSET 0)")


def walk_terms(
    brand_id: int, query: Query, groups: Sequence[Group], *, after: Position | None, most: int
) -> list[Position]:
    """Along the entries of each text of the first group, which lie in order of event time."""
    direction = "ASC" if query.is_ascending else "DESC"
    needs_event = any(bound.column != EVENT_TIME for bound in query.times)
    statement = Statement()
    statement.add("SELECT DISTINCT event_at, event_id FROM (")
    for place, probe in enumerate(groups[0]):
        statement.add("UNION ALL" if place else "")
        statement.add("(SELECT d.event_at, d.event_id FROM codes_epcisterm d")
        statement.add("JOIN codes_epcisevent e ON e.id = d.event_id" if needs_event else "")
        statement.add("WHERE d.brand_id = %s AND d.kind = %s AND d.value = %s", brand_id, probe.kind, probe.text)
        match_times(statement, query, "d")
        if needs_event:
            match_times(statement, query, "e", [bound.column for bound in query.times if bound.column != EVENT_TIME])
        match_rest(statement, brand_id, groups[1:], query, ("d.event_id", "d.event_at"))
        match_after(statement, after, query, ("d.event_at", "d.event_id"))
        statement.add(f"ORDER BY d.event_at {direction}, d.event_id {direction} LIMIT %s)", most)
    statement.add(f") found ORDER BY event_at {direction}, event_id {direction} LIMIT %s", most)
    return [Position(*row) for row in statement.rows()]


def walk(
    brand_id: int,
    query: Query,
    groups: Sequence[Group],
    *,
    after: Position | None,
    most: int,
    candidates: Sequence[int] | None = None,
) -> list[Position]:
    """Along the events in the order asked for, or over the candidates."""
    direction = "ASC" if query.is_ascending else "DESC"
    statement = Statement()
    statement.add(f"SELECT e.{query.order}, e.id FROM codes_epcisevent e WHERE e.brand_id = %s", brand_id)
    if candidates is not None:
        statement.add("AND e.id = ANY(%s)", list(candidates))
    match_times(statement, query, "e", [bound.column for bound in query.times])
    match_rest(statement, brand_id, groups, query, ("e.id", "e.event_at"))
    match_after(statement, after, query, (f"e.{query.order}", "e.id"))
    statement.add(f"ORDER BY e.{query.order} {direction}, e.id {direction} LIMIT %s", most)
    return [Position(*row) for row in statement.rows()]


def match_after(statement: Statement, after: Position | None, query: Query, named: tuple[str, str]) -> None:
    """Behind the position, in the query's order."""
    if after is not None:
        sign = ">" if query.is_ascending else "<"
        statement.add(f"AND ({named[0]}, {named[1]}) {sign} (%s, %s)", after.at, after.event)
