"""Test processes side by side, of which one may ask the others to wait: a plugin of pytest.

Every test holds a lock while it runs: shared with others, or for itself alone where it is marked so. Who comes goes
through a door first, so that whoever waits to be alone is not overtaken by one test after the other.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOM = Path(__file__)
DOOR = Path(__file__).with_name("conftest.py")
"""Files that are there, for the locks of all processes of a run; the dead hold none."""


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """One test, from its fixtures to their end."""
    with room(alone=item.get_closest_marker("alone") is not None):
        return (yield)


@contextmanager
def room(*, alone: bool, door: Path = DOOR, inside: Path = ROOM) -> Iterator[None]:
    """The time in which one test runs: nobody else's, or also that of others."""
    with door.open() as entered, inside.open() as held:
        fcntl.flock(entered, fcntl.LOCK_EX)
        fcntl.flock(held, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
        fcntl.flock(entered, fcntl.LOCK_UN)
        yield
