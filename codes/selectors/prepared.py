"""Statements of the way of a scan, planned once per connection instead of at every call.

Django binds parameters on the client, so that PostgreSQL plans each statement anew; for a statement of a dozen joins
that takes longer than running it. Here the same connection (and transaction) is used with server-side binding.
"""

from collections.abc import Mapping
from typing import Any

import psycopg
from django.db import connection
from psycopg.rows import dict_row


def row_of(statement: str, parameters: Mapping[str, Any]) -> dict[str, Any] | None:
    """The statement's first row by column name, or None. Database errors are raised as Django's."""
    with (
        connection.cursor() as opened,
        connection.wrap_database_errors,
        psycopg.Cursor(opened.connection, row_factory=dict_row) as cursor,
    ):
        return cursor.execute(statement, parameters, prepare=True).fetchone()
