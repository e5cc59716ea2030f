"""Rows as they may have come to be in their time, where a test has no need of the way there."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def passed_by() -> Iterator[None]:
    """Within the test's transaction the database's triggers say nothing."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield
        cursor.execute("SET LOCAL session_replication_role = origin")
