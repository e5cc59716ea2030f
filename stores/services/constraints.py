"""What the database refused, said by name: a violated constraint becomes its Problem."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from django.db import IntegrityError, transaction

from core.errors import Problem


@contextmanager
def explaining(problems: Mapping[str, Callable[[], Problem]]) -> Iterator[None]:
    """Do the block in a transaction or savepoint of its own.

    Raises:
        Problem: the one made for the violated constraint (or unique index), by its name in the database.
        IntegrityError: another constraint was violated.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) or ""
        if name not in problems:
            raise
        problem = problems[name]()
        raise problem from error
