import os
import subprocess
import sys

import pytest
from django.db import connection

SCHEMA = """
SELECT 'column', table_name, column_name, data_type || is_nullable FROM information_schema.columns
 WHERE table_schema = 'public' AND table_name ~ %(ours)s
UNION ALL SELECT 'index', tablename, indexname, '' FROM pg_indexes WHERE schemaname = 'public' AND tablename ~ %(ours)s
UNION ALL SELECT 'constraint', conrelid::regclass::text, pg_get_constraintdef(oid), '' FROM pg_constraint
 WHERE conrelid::regclass::text ~ %(ours)s
UNION ALL SELECT 'trigger', tgrelid::regclass::text, tgname, '' FROM pg_trigger
 WHERE NOT tgisinternal AND tgrelid::regclass::text ~ %(ours)s
"""
OURS = "^(core|stores|consumers|codes|rewards|sandbox)_"


def schema() -> set[tuple[str, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(SCHEMA, {"ours": OURS})
        return {row for row in cursor.fetchall() if "django_migrations" not in row}


@pytest.mark.django_db(transaction=True)
def test_migrating_an_empty_database_makes_the_tables_that_the_tests_stand_on():
    expected = {row for row in schema() if row[0] != "index" or "_like" not in row[2]}
    fresh = f"{connection.settings_dict['NAME']}_migrated"
    original = connection.settings_dict["NAME"]
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{fresh}"')
    try:
        subprocess.run(
            [sys.executable, "-c", MIGRATE.format(name=fresh)],
            check=True,
            env=os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"},
        )
        connection.close()
        connection.settings_dict["NAME"] = fresh
        migrated = {row for row in schema() if row[0] != "index" or "_like" not in row[2]}
    finally:
        connection.close()
        connection.settings_dict["NAME"] = original
        with connection.cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{fresh}" WITH (FORCE)')
    assert migrated == expected


MIGRATE = """
import django; django.setup()
from django.db import connection; connection.settings_dict["NAME"] = "{name}"
from django.core.management import call_command; call_command("migrate", verbosity=0)
call_command("makemigrations", check=True, dry_run=True, verbosity=0)
"""
