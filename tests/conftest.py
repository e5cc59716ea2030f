"""The test database: made once per process from the models, emptied quickly between tests that commit.

`tests/config/test_migrations.py` proves that the migrations make the same tables.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import hypothesis
import pgtrigger
import pytest
from django.db import connections, transaction
from django.db.models.signals import post_migrate, pre_migrate
from django.test import TransactionTestCase
from django.utils import translation

# How long an example takes says something about the machine, nothing about the rule.
hypothesis.settings.register_profile(
    "unhurried", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("unhurried")

KEPT = {"django_migrations", "django_content_type", "auth_permission"}


@pytest.fixture(autouse=True)
def language() -> Iterator[None]:
    """A request leaves its language behind in the thread: every test starts in English, whatever ran before it."""
    with translation.override("en"):
        yield


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
    with blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


def empty_what_was_filled(self: TransactionTestCase) -> None:
    """TRUNCATE the tables that have rows, instead of all of them and making every permission anew."""
    for alias in self._databases_names(include_mirrors=False):
        connection = connections[alias]
        with connection.cursor() as cursor:
            tables = [name for name in connection.introspection.table_names(cursor) if name not in KEPT]
            questions = " UNION ALL ".join(
                f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM \"{name}\")" for name in tables
            )
            cursor.execute(questions)
            filled = ", ".join(f'"{name}"' for (name,) in cursor.fetchall())
            if filled:
                cursor.execute(f"TRUNCATE {filled} RESTART IDENTITY CASCADE")


TransactionTestCase._fixture_teardown = empty_what_was_filled
