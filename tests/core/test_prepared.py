import psycopg
import pytest
from django.db import IntegrityError, connection

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


@pytest.fixture
def as_between_two_requests():
    connection.ensure_connection()
    connection.health_check_enabled = True
    connection.health_check_done = False


@pytest.fixture
def sent(monkeypatch):
    """What is sent through cursors of the driver."""
    heard: list[str] = []
    execute = psycopg.Cursor.execute

    def heard_execute(cursor, query, *rest, **options):
        heard.append(query)
        return execute(cursor, query, *rest, **options)

    monkeypatch.setattr(psycopg.Cursor, "execute", heard_execute)
    return heard


def test_a_connection_that_lives_is_not_asked_for_its_health(as_between_two_requests, sent):
    row_of("SELECT 2 AS two", {})
    assert sent == ["SELECT 2 AS two"]


def test_a_connection_that_the_server_ended_is_opened_anew(as_between_two_requests):
    ended = row_of("SELECT pg_backend_pid() AS pid", {})["pid"]
    with psycopg.connect(**{**connection.get_connection_params(), "cursor_factory": None}, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [ended])
    connection.health_check_done = False
    assert row_of("SELECT pg_backend_pid() AS pid", {})["pid"] != ended
