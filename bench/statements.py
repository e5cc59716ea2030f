"""The statements that one call of the product sends, as a pgbench script: the floor of everything above SQL.

The call is made once in this process while the driver is listened to. Values that differ from call to call become
variables, which pgbench draws from a table; all others stay as they were. Identifiers that the product makes up
are made up anew by PostgreSQL.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg
from django.db import connection
from psycopg import sql
from psycopg.types.json import Jsonb

from core import prepared

Statement = tuple[str, Any]
MARK = "\x01"
COLON, COLON_AGAIN = re.compile(r"(?<!:):(?=[A-Za-z_])"), "' || chr(58) || '"
DASHED = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
BEGIN, COMMIT = ("BEGIN", None), ("COMMIT", None)
TOGETHER, SO_FAR = ("\\startpipeline", None), ("\\endpipeline", None)
"""Around statements that are sent at once, and are one transaction where none is open."""


@contextmanager
def listening() -> Iterator[list[Statement]]:
    """Statements and parameters that this process's connections send from now on, with their transactions' ends."""
    heard: list[Statement] = []
    execute, commit, answers = psycopg.Cursor.execute, psycopg.Connection.commit, prepared.answers

    def heard_execute(cursor: Any, query: Any, params: Any = None, **options: Any) -> Any:
        if not cursor.connection.autocommit and not is_open(heard):
            heard.append(BEGIN)
        heard.append((query if isinstance(query, str) else query.decode(), params))
        return execute(cursor, query, params, **options)

    def heard_commit(opened: Any) -> None:
        if is_open(heard):
            heard.append(COMMIT)
        commit(opened)

    def heard_answers(opened: Any, asked: Sequence[Statement]) -> Any:
        if not opened.autocommit and not is_open(heard):
            heard.append(BEGIN)
        heard.extend(asked if len(asked) == 1 else [TOGETHER, *asked, SO_FAR])
        return answers(opened, asked)

    psycopg.Cursor.execute, psycopg.Connection.commit = heard_execute, heard_commit  # type: ignore[method-assign,assignment]
    prepared.answers = heard_answers
    try:
        yield heard
    finally:
        psycopg.Cursor.execute, psycopg.Connection.commit = execute, commit  # type: ignore[method-assign]
        prepared.answers = answers


def is_open(heard: Sequence[Statement]) -> bool:
    """Whether the last transaction that began has not ended."""
    ends = [statement for statement in heard if statement in (BEGIN, COMMIT)]
    return bool(ends) and ends[-1] == BEGIN


def statements_of(call: Callable[[], object]) -> list[Statement]:
    """What one call sends."""
    connection.ensure_connection()
    with listening() as heard:
        call()
    return heard


@dataclass(frozen=True)
class Script:
    """A pgbench script. `varying` names the value of each of the table's columns in the call that was heard."""

    statements: Sequence[Statement]
    table: str
    varying: Mapping[str, Any]

    @property
    def text(self) -> str:
        made_up: dict[UUID, str] = {}
        body = [self.rendered(query, params, made_up) for query, params in self.statements]
        columns = ", ".join([*self.varying, *(f"gen_random_uuid() AS {name}" for name in made_up.values())])
        draw = f"SELECT {columns} FROM {self.table} WHERE n = (SELECT nextval('{self.table}_next')) \\gset"  # noqa: S608
        return "\n".join([draw, *(one if one.startswith("\\") else f"{one};" for one in body)]) + "\n"

    def rendered(self, query: str, params: Any, made_up: dict[UUID, str]) -> str:
        if params is None:
            return query
        if isinstance(params, Mapping):
            return query % {name: self.value(each, made_up) for name, each in params.items()}
        return query % tuple(self.value(each, made_up) for each in params)

    def value(self, each: Any, made_up: dict[UUID, str]) -> str:
        """A variable where the value differs from call to call, else a literal."""
        if isinstance(each, list):
            return f"ARRAY[{', '.join(self.value(one, made_up) for one in each)}]" if each else "'{}'"
        if isinstance(each, Jsonb):
            return self.document(json.loads((each.dumps or json.dumps)(each.obj)), made_up)
        return self.variable(each, made_up) or literal(each)

    def variable(self, each: Any, made_up: dict[UUID, str]) -> str:
        """The variable that stands for a value, if one does: its own, or that of an identifier made up in the call."""
        for name, known in self.varying.items():
            if each == known and isinstance(each, type(known)):
                return f":{name}"
        if isinstance(each, UUID):
            return ":" + made_up.setdefault(each, f"made_up_{len(made_up)}")
        if isinstance(each, str) and (of := uuid_in(each)) in made_up:
            return f"replace(:{made_up[of]}::text, '-', '')"
        return ""

    def document(self, each: Any, made_up: dict[UUID, str]) -> str:
        """A JSON document, put together by PostgreSQL from its text and the variables in it."""
        parts = json.dumps(self.marked(each, made_up), ensure_ascii=False).split(json.dumps(MARK)[1:-1])
        texts = [f"{part}::text" if number % 2 else literal(part) for number, part in enumerate(parts)]
        return f"concat({', '.join(texts)})::jsonb"

    def marked(self, each: Any, made_up: dict[UUID, str]) -> Any:
        """The document with variables between two marks; identifiers are texts in JSON, and part of some texts."""
        if isinstance(each, dict):
            return {name: self.marked(one, made_up) for name, one in each.items()}
        if isinstance(each, list):
            return [self.marked(one, made_up) for one in each]
        if isinstance(each, str) and (found := DASHED.search(each)):
            variable = self.variable(UUID(found[0]), made_up)
            return each.replace(found[0], f"{MARK}{variable}{MARK}")
        variable = self.variable(each, made_up)
        return f"{MARK}{variable}{MARK}" if variable else each


def literal(each: Any) -> str:
    """A value in SQL. pgbench looks for variables inside of texts too, so a colon before a letter is put in."""
    text = sql.Literal(each).as_string(connection.connection)
    parts = COLON.split(text)
    return f"({COLON_AGAIN.join(parts)})" if len(parts) > 1 else text


def uuid_in(text: str) -> UUID | None:
    """The identifier that a text of 32 hexadecimal digits is."""
    return UUID(text) if re.fullmatch(r"[0-9a-f]{32}", text) else None
