"""A statement's whole answer as columns of numbers: for millions of rows, where a tuple each would cost too much."""

from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
import psycopg
from django.db import DEFAULT_DB_ALIAS, connections
from numpy.typing import NDArray

Numbers = NDArray[np.int64]


def columns_of(
    statement: str, names: str, parameters: Mapping[str, Any], *, moments: Collection[str] = ()
) -> list[Numbers]:
    """The named columns of a SELECT, none with a NULL, as arrays of equal length, in the answer's order.

    Each is a bigint, or one of the `moments`, a timestamptz, told in microseconds from the year 2000 on. PostgreSQL
    joins them to one value of 8 bytes a number, a quarter of the time that COPY takes to tell them row by row. Such a
    value holds 1 GB: 44 million rows of three columns. The parameters are bound by the server: say their types.
    """
    columns = [name.strip() for name in names.split(",")]
    numbers = " || ".join(f"{'timestamptz_send' if name in moments else 'int8send'}({name})" for name in columns)
    query = f"SELECT string_agg({numbers}, '') FROM ({statement}) AS answer ({names})"  # noqa: S608 - our own texts
    wrapper = connections[DEFAULT_DB_ALIAS]
    wrapper.ensure_connection()
    with wrapper.wrap_database_errors, psycopg.Cursor(wrapper.connection) as cursor:
        row = cursor.execute(query, parameters, prepare=False, binary=True).fetchone() or (None,)
    table = np.frombuffer(row[0] or b"", dtype=">i8").astype(np.int64).reshape(-1, len(columns))
    return [np.ascontiguousarray(column) for column in table.T]
