from uuid import uuid4

import psycopg
import pytest
from django.db import DataError, IntegrityError, connection, transaction

from bench.statements import statements_of
from core.models import AuditEntry
from core.prepared import row_of, rows_together

pytestmark = pytest.mark.django_db(transaction=True)

ENTER = (
    "INSERT INTO core_auditentry (actor, action, object_kind, object_id, brand_slug, before, after, happened_at)"
    " VALUES (%(actor)s::text, 'a', 'k', '1', '', '{}', '{}', now()) RETURNING actor"
)
COUNT = "SELECT count(*) AS entries FROM core_auditentry"
FAIL = "INSERT INTO core_auditentry (actor) VALUES (NULL)"


def test_a_row_comes_by_column_name():
    assert row_of("SELECT %(a)s::int AS a, %(b)s::text AS b", {"a": 1, "b": "x"}) == {"a": 1, "b": "x"}


def test_no_row_is_none():
    assert row_of("SELECT 1 WHERE %(a)s::bool", {"a": False}) is None


def test_each_of_several_statements_sees_what_those_before_it_wrote():
    rows = rows_together((ENTER, {"actor": "one"}), (COUNT, {}))
    assert rows == [{"actor": "one"}, {"entries": 1}]


def test_of_several_statements_all_are_carried_out_or_none():
    with pytest.raises(IntegrityError):
        rows_together((ENTER, {"actor": "one"}), (FAIL, {}))
    assert AuditEntry.objects.count() == 0


def test_after_a_failure_the_connection_goes_on():
    with pytest.raises(IntegrityError):
        rows_together((FAIL, {}), (COUNT, {}))
    assert rows_together((COUNT, {}), (COUNT, {})) == [{"entries": 0}] * 2


LATE = """
    INSERT INTO codes_mark (id, serial, role, first_scan_id, first_scanned_at, first_region_code)
    VALUES (17, 1, 1, %(scan)s::uuid, now(), '') RETURNING id
"""


def test_what_the_end_of_the_transaction_refuses_is_raised():
    late = (LATE, {"scan": uuid4()})
    with pytest.raises(IntegrityError):
        row_of(*late)
    with pytest.raises(IntegrityError):
        rows_together((COUNT, {}), late)
    assert row_of(COUNT, {}) == {"entries": 0}


def test_a_statement_begins_the_transaction_that_it_is_the_first_of():
    with transaction.atomic():
        row_of(ENTER, {"actor": "one"})
        transaction.set_rollback(True)
    assert row_of(COUNT, {}) == {"entries": 0}


def test_a_text_that_the_database_can_not_hold_is_refused_before_it_is_sent():
    with pytest.raises(DataError):
        rows_together((COUNT, {}), (ENTER, {"actor": "\x00"}))
    assert row_of(COUNT, {}) == {"entries": 0}


def test_a_percent_sign_is_written_twice():
    assert row_of("SELECT 7 %% %(a)s::int AS rest", {"a": 4}) == {"rest": 3}


@pytest.fixture
def as_between_two_requests():
    connection.ensure_connection()
    connection.health_check_enabled = True
    connection.health_check_done = False


def test_a_connection_that_lives_is_not_asked_for_its_health(as_between_two_requests):
    sent = statements_of(lambda: row_of("SELECT 2 AS two", {}))
    assert sent == [("SELECT 2 AS two", {})]


def test_a_connection_that_the_server_ended_is_opened_anew(as_between_two_requests):
    ended = row_of("SELECT pg_backend_pid() AS pid", {})["pid"]
    with psycopg.connect(**{**connection.get_connection_params(), "cursor_factory": None}, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [ended])
    connection.health_check_done = False
    assert row_of("SELECT pg_backend_pid() AS pid", {})["pid"] != ended
