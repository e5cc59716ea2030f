"""Races made certain: one connection holds what another one waits for."""

import time

from django.db import connection

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
