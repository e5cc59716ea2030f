"""The benchmark's floor says the product's own SQL: what is heard is rendered for pgbench."""

from uuid import UUID

import pytest
from django.db import connection, transaction
from psycopg.types.json import Jsonb

from bench.statements import Script, statements_of
from core.prepared import rows_together

pytestmark = pytest.mark.django_db(transaction=True)
ONE = UUID("01900000-0000-7000-8000-000000000001")
TWO = UUID("01900000-0000-7000-8000-000000000002")


def text_of(query, params, **varying):
    connection.ensure_connection()
    return Script([(query, params)], "bench_rows", varying).text.splitlines()


def test_a_transaction_is_heard_with_its_beginning_and_end():
    def call():
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT 1")

    assert [query for query, _ in statements_of(call)] == ["BEGIN", "SELECT 1", "COMMIT"]


def test_statements_that_are_sent_at_once_are_heard_together():
    one = ("SELECT %(a)s::int", {"a": 1})
    heard = statements_of(lambda: rows_together(one, one))
    script = Script(heard, "bench_rows", {}).text.splitlines()[1:]
    assert script == ["\\startpipeline", "SELECT 1::int;", "SELECT 1::int;", "\\endpipeline"]


def test_what_differs_from_call_to_call_becomes_a_variable_and_the_rest_stays():
    _, statement = text_of("SELECT %s, %s, %s", [7, "it's", None], serial=7)
    assert statement == "SELECT :serial, 'it''s', NULL;"


def test_an_identifier_that_the_call_made_up_is_made_up_anew_wherever_it_stands():
    draw, statement = text_of("SELECT %(a)s, %(b)s, %(c)s", {"a": ONE, "b": ONE.hex, "c": TWO}, scan=TWO)
    assert "gen_random_uuid() AS made_up_0" in draw
    assert statement == "SELECT :made_up_0, replace(:made_up_0::text, '-', ''), :scan;"


def test_a_document_is_put_together_from_its_text_and_the_variables_in_it():
    given = Jsonb([{"claim": 7, "account": f"consumer:{ONE}", "none": None}])
    _, statement = text_of("SELECT %(rows)s", {"rows": given}, serial=7, consumer=ONE)
    assert statement == (
        'SELECT concat(\'[{"claim": "\', :serial::text, \'", "account": "consumer:\', :consumer::text, '
        '\'", "none": null}]\')::jsonb;'
    )


def test_no_text_is_mistaken_for_a_variable():
    _, statement = text_of("SELECT %s", ["owner:S1"])
    assert statement == "SELECT ('owner' || chr(58) || 'S1');"
