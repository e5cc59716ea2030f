"""Rows that a module keeps for all its tests, read anew by each: what another test had in memory is not in them."""

from typing import TypeVar

from django.db.models import Model

Row = TypeVar("Row", bound=Model)


def anew(row: Row, *related: str) -> Row:
    """The row as the database has it, with these relations at hand."""
    found: Row = type(row)._default_manager.select_related(*related).get(pk=row.pk)
    return found
