"""The test database: made once per process from the models, emptied quickly between tests that commit.

`tests/config/test_migrations.py` proves that the migrations make the same tables.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

import hypothesis
import pgtrigger
import pytest
from django.db import connections, transaction
from django.db.models.signals import post_migrate, pre_migrate
from django.test import TransactionTestCase
from django.utils import translation

from core import bell
from core.valkey import valkey

# How long an example takes says something about the machine, nothing about the rule.
hypothesis.settings.register_profile(
    "unhurried", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("unhurried")

pytest_plugins = ["tests.taking_turns"]
KEPT = {"django_migrations", "django_content_type", "auth_permission"}


def pytest_sessionstart() -> None:
    """The admin is registered as in the web's processes, in that order, before a test imports a part of it."""
    import_module("config.urls")


def pytest_collection_finish() -> None:
    """What is loaded by now stays: to look through it again and again for garbage takes a tenth of the tests' time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


@pytest.fixture(autouse=True)
def language() -> Iterator[None]:
    """A request leaves its language behind in the thread: every test starts in English, whatever ran before it."""
    with translation.override("en"):
        yield


REACHES_DATA = {"db", "transactional_db"}
FORGET = """
for _, pattern in ipairs(ARGV) do
  for _, key in ipairs(redis.call('KEYS', pattern)) do redis.call('DEL', key) end
end
"""


@pytest.fixture(autouse=True)
def nothing_tried_or_rung(request: pytest.FixtureRequest) -> None:
    """What tests before it have tried from the same address, or have rung for, is held against nobody."""
    if request.node.get_closest_marker("django_db") or not REACHES_DATA.isdisjoint(request.fixturenames):
        valkey().eval(FORGET, 0, "limit:*", "bell:*")
        bell.rung_at.clear()


@pytest.fixture(scope="session")
def django_db_use_migrations() -> bool:
    return False


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> Iterator[None]:
    """Beside the tables come what only migrations make otherwise: the extension before them, the triggers after."""

    def extend(app_config: Any, using: str, **_: Any) -> None:
        if app_config.name == "core":
            connections[using].cursor().execute("CREATE EXTENSION IF NOT EXISTS btree_gist")

    def install(app_config: Any, using: str, **_: Any) -> None:
        if app_config.name == "rewards.sandbox":
            pgtrigger.install(database=using)

    pre_migrate.connect(extend)
    post_migrate.connect(install)
    yield
    pre_migrate.disconnect(extend)
    post_migrate.disconnect(install)


@contextmanager
def kept_for_the_module(blocker: Any) -> Iterator[None]:
    """Around a fixture of module scope: what it writes stays for the module's tests, each of which undoes its own."""
    outer = transaction.atomic()
    outer._from_testcase = True  # a block that is to be durable may lie directly in it, as in every TestCase's
    with blocker.unblock(), outer:
        yield
        transaction.set_rollback(True)


MANY_BYTES = 1 << 20
EMPTY_SEQUENCES = """
SELECT setval(d.objid::regclass, 1, false) FROM pg_depend d JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S'
WHERE d.deptype IN ('a', 'i') AND d.refobjid = ANY(%s::regclass[])
"""


def empty_what_was_filled(self: TransactionTestCase) -> None:
    """Empty the tables that have rows, instead of TRUNCATE for all of them and making every permission anew.

    Small ones are emptied by DELETE, past triggers and foreign keys where that is allowed: making new files for a
    table and its indexes costs more.
    """
    for alias in self._databases_names(include_mirrors=False):
        connection = connections[alias]
        with transaction.atomic(using=alias), connection.cursor() as cursor:
            tables = [name for name in connection.introspection.table_names(cursor) if name not in KEPT]
            questions = " UNION ALL ".join(
                f"SELECT '{name}', pg_relation_size('\"{name}\"') WHERE EXISTS (SELECT 1 FROM \"{name}\")"
                for name in tables
            )
            cursor.execute(questions)
            filled = dict(cursor.fetchall())
            cursor.execute("SELECT has_parameter_privilege('session_replication_role', 'SET')")
            limit = MANY_BYTES if cursor.fetchone()[0] else 0
            if large := [name for name, size in filled.items() if size > limit]:
                cursor.execute("TRUNCATE {} CASCADE".format(", ".join(f'"{name}"' for name in large)))
            if small := filled.keys() - large:
                cursor.execute("SET LOCAL session_replication_role = replica")
                cursor.execute(";".join(f'DELETE FROM "{name}"' for name in small))
            cursor.execute(EMPTY_SEQUENCES, [[f'"{name}"' for name in filled]])


TransactionTestCase._fixture_teardown = empty_what_was_filled
