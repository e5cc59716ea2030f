"""Statements of the way of a scan, planned once per connection instead of at every call.

Django binds parameters on the client, so that PostgreSQL plans each statement anew; for a statement of a dozen joins
that takes longer than running it. Here the same connection (and transaction) is used with server-side binding, and
by the driver's own functions, without Django's cursor and the driver's: these take longer than waiting for the answer.

A statement's parameters have the types that PostgreSQL sees in it: say `%(serial)s::bigint` where it sees none.
"""

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

import orjson
import psycopg
from django.db import DEFAULT_DB_ALIAS, connections
from psycopg import generators, pq
from psycopg.adapt import AdaptersMap, PyFormat, Transformer
from psycopg.types.json import set_json_dumps, set_json_loads

from core.json import dumps

Row = dict[str, Any]
Asked = tuple[str, Mapping[str, Any]]
Connection = psycopg.Connection[Any]
Result = pq.abc.PGresult
Written = Sequence[pq.abc.Buffer | None]

PARAMETER = re.compile(r"%(?:%|\((\w+)\)s)")
ANSWERED = (pq.ExecStatus.TUPLES_OK, pq.ExecStatus.COMMAND_OK)
_NUMBERS = itertools.count()


def row_of(statement: str, parameters: Mapping[str, Any]) -> Row | None:
    """The statement's first row by column name, or None. Database errors are raised as Django's."""
    return rows_together((statement, parameters))[0]


def rows_together(*asked: Asked) -> list[Row | None]:
    """Each statement's first row; all are sent at once, and waited for once.

    Each sees what was committed before it began, as if sent by itself. Outside a transaction they are one: all are
    carried out, or none, and locks are held to the last one's end.
    """
    wrapper = connections[DEFAULT_DB_ALIAS]
    wrapper.close_if_health_check_failed()
    wrapper.ensure_connection()
    with wrapper.wrap_database_errors:
        return answers(wrapper.connection, asked)


def answers(opened: Connection, asked: Sequence[Asked]) -> list[Row | None]:
    """The first rows of statements on this connection."""
    line = line_of(opened)
    line.begin()
    return [line.one(*asked[0])] if len(asked) == 1 else line.several(asked)


class Plan(NamedTuple):
    """A statement as PostgreSQL takes it: `$1` stands for the first of `parameters`, which all go as text."""

    name: bytes
    text: bytes
    parameters: tuple[str, ...]
    formats: list[PyFormat]


@cache
def plan_of(statement: str) -> Plan:
    """The plan of a statement of ours; there is a fixed number of them."""
    names: dict[str, str] = {}

    def numbered(found: re.Match[str]) -> str:
        return names.setdefault(found[1], f"${len(names) + 1}") if found[1] else "%"

    text = PARAMETER.sub(numbered, statement)
    return Plan(b"onecode_%d" % next(_NUMBERS), text.encode(), tuple(names), [PyFormat.TEXT] * len(names))


class Types(NamedTuple):
    """How values are written and read on a connection: as the driver does by itself, JSON by orjson."""

    adapters: AdaptersMap
    connection: Connection | None


TYPES = Types(AdaptersMap(psycopg.adapters), None)
set_json_dumps(dumps, TYPES)
set_json_loads(orjson.loads, TYPES)


class Line:
    """A connection, with the statements that were prepared on it, and the names of their columns."""

    def __init__(self, opened: Connection) -> None:
        self.opened = opened
        self.transformer = Transformer(TYPES._replace(connection=opened))
        self.columns: dict[bytes, tuple[str, ...]] = {}

    def begin(self) -> None:
        """Begin the transaction that was asked of the driver, which it does with its first statement."""
        if not self.opened.autocommit and self.opened.pgconn.transaction_status == pq.TransactionStatus.IDLE:
            self.opened.execute("")

    def one(self, statement: str, parameters: Mapping[str, Any]) -> Row | None:
        plan = self.prepared(statement)
        self.send(plan, self.written(plan, parameters))
        return self.row(plan, self.answer())

    def several(self, asked: Sequence[Asked]) -> list[Row | None]:
        """All in one pipeline, whose end is the transaction's."""
        plans = [self.prepared(statement) for statement, _parameters in asked]
        written = [self.written(plan, given) for plan, (_statement, given) in zip(plans, asked, strict=True)]
        pgconn = self.opened.pgconn
        pgconn.enter_pipeline_mode()
        for plan, values in zip(plans, written, strict=True):
            self.send(plan, values)
        pgconn.pipeline_sync()
        results = list(self.answers_to_the_end())
        pgconn.exit_pipeline_mode()
        return [self.row(plan, result) for plan, result in zip(plans, checked(results), strict=True)]

    def answer(self) -> Result:
        (result,) = checked(self.opened.wait(generators.execute(self.opened.pgconn)))
        return result

    def answers_to_the_end(self) -> Iterator[Result]:
        """Of each statement of the pipeline; one more where the transaction's end failed."""
        pgconn = self.opened.pgconn
        results = self.opened.wait(generators.execute(pgconn))
        while results and results[-1].status != pq.ExecStatus.PIPELINE_SYNC:
            yield from results
            results = self.opened.wait(generators.fetch_many(pgconn))

    def prepared(self, statement: str) -> Plan:
        """The statement's plan, known to the server from now on."""
        plan = plan_of(statement)
        if plan.name not in self.columns:
            self.opened.pgconn.send_prepare(plan.name, plan.text)
            self.answer()
            self.opened.pgconn.send_describe_prepared(plan.name)
            told = self.answer()
            names = [told.fname(number) or b"" for number in range(told.nfields)]
            self.columns[plan.name] = tuple(name.decode() for name in names)
        return plan

    def written(self, plan: Plan, parameters: Mapping[str, Any]) -> Written:
        return self.transformer.dump_sequence([parameters[name] for name in plan.parameters], plan.formats)

    def send(self, plan: Plan, values: Written) -> None:
        self.opened.pgconn.send_query_prepared(plan.name, values)

    def row(self, plan: Plan, result: Result) -> Row | None:
        if not result.ntuples:
            return None
        self.transformer.set_pgresult(result)
        return dict(zip(self.columns[plan.name], self.transformer.load_row(0, tuple) or (), strict=True))


def line_of(opened: Connection) -> Line:
    """The connection's line, kept with it."""
    kept = vars(opened)
    if "onecode_line" not in kept:
        kept["onecode_line"] = Line(opened)
    line: Line = kept["onecode_line"]
    return line


def checked(results: list[Result]) -> list[Result]:
    """The same.

    Raises:
        psycopg.Error: one is a failure. It may be the last, when a constraint was looked at where all ended.
    """
    for result in results:
        if result.status not in ANSWERED:
            raise psycopg.errors.error_from_result(result, encoding="utf-8")
    return results
