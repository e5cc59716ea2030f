"""Where the benchmarks run: a database of their own beside the given one, gone afterwards, and throw-away secrets."""

import os
import re
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.db import connections
from psycopg import sql

PATIENCE = 20


@contextmanager
def own_database() -> Iterator[None]:
    """DATABASE_URL names a new, empty database for as long as this lasts; data that was there before is not touched."""
    given = os.environ["DATABASE_URL"]
    name = f"onecode_bench_{os.getpid()}"
    with psycopg.connect(given, autocommit=True) as admin:
        admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    os.environ["DATABASE_URL"] = urlunsplit(urlsplit(given)._replace(path=f"/{name}"))
    try:
        yield
    finally:
        os.environ["DATABASE_URL"] = given
        connections.close_all()
        drop(given, name)


def drop(given: str, name: str) -> None:
    """Drop the database as soon as nobody looks into it; autovacuum may for a while, and may not be stopped by us."""
    for _ in range(PATIENCE):
        with psycopg.connect(given, autocommit=True) as admin, suppress(psycopg.Error):
            admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
            return
        time.sleep(0.5)
    print(f"The database {name} is still in use and was left behind.")


def prepare_environment() -> None:
    """The demo's settings with fresh secrets, and limits that let one machine play a whole town."""
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "ONECODE_DEMO": "1",
        "ONECODE_LIMIT_SCALE": "1000000",
        "SECRET_KEY": secrets.token_urlsafe(64),
        "ONECODE_CODE_KEYS": f"1:{secrets.token_hex(32)}",
        # a real server's first database is not ours to fill
        "REDIS_URL": re.sub(r"^(rediss?://[^/]+)(/\d*)?$", r"\1/15", os.environ["REDIS_URL"]),
    }
