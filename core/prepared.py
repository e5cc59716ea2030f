"""Statements of the way of a scan, planned once per connection instead of at every call.

Django binds parameters on the client, so that PostgreSQL plans each statement anew; for a statement of a dozen joins
that takes longer than running it. Here the same connection (and transaction) is used with server-side binding, and
without Django's cursor around the driver's.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections
from psycopg.rows import dict_row

Row = dict[str, Any]


def row_of(statement: str, parameters: Mapping[str, Any]) -> Row | None:
    """The statement's first row by column name, or None. Database errors are raised as Django's."""
    with usable_connection() as opened:
        return sent(opened, statement, parameters).fetchone()


def rows_together(*asked: tuple[str, Mapping[str, Any]]) -> list[Row | None]:
    """Each statement's first row; all are sent at once, and waited for once.

    Each sees what was committed before it began, as if sent by itself. Outside a transaction they are one: all are
    carried out, or none, and locks are held to the last one's end.
    """
    with usable_connection() as opened:
        with opened.pipeline():
            cursors = [sent(opened, statement, parameters) for statement, parameters in asked]
        return [cursor.fetchone() for cursor in cursors]


def sent(opened: psycopg.Connection[Any], statement: str, parameters: Mapping[str, Any]) -> "psycopg.Cursor[Row]":
    """A cursor of our own over the statement, prepared at its first time on this connection."""
    return psycopg.Cursor(opened, row_factory=dict_row).execute(statement, parameters, prepare=True)


@contextmanager
def usable_connection() -> Iterator["psycopg.Connection[Any]"]:
    """The driver's connection of this thread, opened anew where it was lost; its errors become Django's."""
    wrapper = connections[DEFAULT_DB_ALIAS]
    wrapper.close_if_health_check_failed()
    wrapper.ensure_connection()
    with wrapper.wrap_database_errors:
        yield wrapper.connection
