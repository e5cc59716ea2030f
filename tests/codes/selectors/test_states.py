import pytest
from django.db import connection

from codes.formats.serials import SerialRange
from codes.models import Span
from codes.selectors.states import decide, state_of
from codes.services import spans
from codes.services.ordering import cancel_order
from codes.services.revoking import revoke
from tests.factories.codes import make_order
from tests.factories.stores import NOON

pytestmark = pytest.mark.django_db
SAY = {"active": spans.activate, "voided": spans.void, "frozen": spans.freeze, "recalled": spans.recall}


@pytest.mark.parametrize(
    ("said", "state"),
    [
        ([], "issued"),
        (["active"], "active"),
        (["active", "voided"], "voided"),
        (["voided", "active"], "active"),
        (["frozen", "active"], "frozen"),
        (["recalled", "active", "frozen"], "recalled"),
    ],
)
def test_the_newest_statement_wins_but_freeze_and_recall_always(said, state):
    assert decide(said) == state
    order = make_order()
    for kind in said:
        SAY[kind](brand=order.brand, order_id=order.pk, serials=None, actor="user:ann", now=NOON)
    assert state_of(order.first_serial, now=NOON).state == state


def test_a_statement_holds_from_its_first_to_its_last_serial():
    order = make_order(quantity=10)
    first = order.first_serial
    spans.activate(
        brand=order.brand, order_id=order.pk, serials=SerialRange(first + 2, first + 4), actor="user:ann", now=NOON
    )
    states = [state_of(first + place, now=NOON).state for place in (1, 2, 4, 5)]
    assert states == ["issued", "active", "active", "issued"]


def test_a_revoked_freeze_lets_through_what_lay_below():
    order = make_order()
    spans.activate(brand=order.brand, order_id=order.pk, serials=None, actor="user:ann", now=NOON)
    span = spans.freeze(brand=order.brand, order_id=order.pk, serials=None, actor="user:ann", now=NOON)
    revoke(brand=order.brand, span_id=span.pk, reason="ok", actor="user:ann", now=NOON)
    assert state_of(order.last_serial, now=NOON).state == "active"


def test_a_cancelled_orders_units_are_void():
    order = make_order()
    cancel_order(order_id=order.pk, brand=order.brand, actor="user:ann", now=NOON)
    assert state_of(order.first_serial, now=NOON).state == "voided"


def test_a_serial_that_no_order_holds_has_no_state():
    order = make_order()
    assert state_of(order.last_serial + 1, now=NOON) is None


def test_two_queries_tell_order_batch_product_brand_and_state(django_assert_num_queries):
    order = make_order()
    for say in SAY.values():
        say(brand=order.brand, order_id=order.pk, serials=None, actor="user:ann", now=NOON)
    with django_assert_num_queries(2):
        unit = state_of(order.first_serial, now=NOON)
        assert unit.order.batch.product.brand_id == unit.order.brand.pk


def test_the_query_goes_by_index_where_there_are_many_statements():
    order = make_order(quantity=3000)
    said = {
        "brand": order.brand,
        "order": order,
        "kind": "voided",
        "stated_by": "user:ann",
        "stated_at": NOON,
        "effective_at": NOON,
    }
    serials = range(order.first_serial, order.last_serial + 1)
    Span.objects.bulk_create(Span(**said, serials=(serial, serial + 1)) for serial in serials)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE codes_span")
        cursor.execute(
            "EXPLAIN SELECT kind FROM codes_span WHERE serials @> %s::bigint AND revoked_at IS NULL ORDER BY id",
            [order.first_serial],
        )
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "span_serials_live" in plan
