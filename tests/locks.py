"""Races made certain: one connection holds what another one waits for."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from django.db import connection, transaction

WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


def wait_for_a_lock():
    """Until another connection to this database waits for a lock."""
    with connection.cursor() as cursor:
        for _ in range(1000):
            # a transaction sees but one state of pg_stat_activity unless it asks for another
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(WAITING)
            if cursor.fetchone()[0]:
                return
            time.sleep(0.02)
    raise AssertionError("nobody waits")


@contextmanager
def held_elsewhere(hold: Callable[[], AbstractContextManager[object]]) -> Iterator[None]:
    """While another thread, with a connection of its own, is within the context that `hold` makes."""
    held, done = threading.Event(), threading.Event()

    def stay() -> None:
        with hold():
            held.set()
            done.wait()
        connection.close()

    thread = threading.Thread(target=stay)
    thread.start()
    held.wait()
    try:
        yield
    finally:
        done.set()
        thread.join()


@contextmanager
def locked(rows):
    """These rows are held by a transaction of ours."""
    with transaction.atomic():
        yield list(rows.select_for_update())
