import threading

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils.translation import override

from codes.formats.code_text import Role
from codes.formats.serials import SerialRange
from codes.models import CodeOrder, SerialCounter, Span
from codes.models.order import LAST_SERIAL
from codes.services.ordering import (
    OrderState,
    SecondPerson,
    cancel_order,
    mark_exported,
    place_order,
    release_order,
    review_order,
)
from codes.services.revoking import revoke
from codes.services.spans import activate, freeze, say_of_batch, void
from core.errors import Invalid, NotFound
from core.models import AuditEntry
from tests.factories.codes import BatchFactory, make_order
from tests.factories.stores import NOON, BrandFactory

pytestmark = pytest.mark.django_db
STEPS = {"review": review_order, "release": release_order, "export": mark_exported, "cancel": cancel_order}


def step(name, order, actor="user:other"):
    return STEPS[name](order_id=order.pk, brand=order.brand, actor=actor, now=NOON)


def place(batch=None, roles=(Role.ITEM_INNER,), quantity=5):
    batch = batch or BatchFactory()
    return place_order(
        brand=batch.product.brand, batch=batch, roles=roles, quantity=quantity, actor="user:ann", now=NOON
    )


def test_an_order_takes_the_whole_block_and_the_next_order_the_next_one():
    first, second = place(quantity=1_000_000), place(quantity=1)
    assert (first.first_serial, first.last_serial) == (1, 1_000_000)
    assert (second.first_serial, second.last_serial) == (1_000_001, 1_000_001)


def test_a_million_codes_are_one_row(django_assert_num_queries):
    batch = BatchFactory()
    batch.product.brand  # noqa: B018 - loaded beforehand
    with django_assert_num_queries(8):  # savepoint, batch, block, order, its serials, holds, audit, release
        place(batch, quantity=1_000_000)


def test_the_second_of_two_orders_costs_the_same(django_assert_num_queries):
    batch = BatchFactory()
    place(batch, quantity=10)
    with django_assert_num_queries(8):
        place(batch, quantity=10_000_000)


def test_a_placed_order_waits_for_review():
    order = place(roles=(Role.CASE_OUTER, Role.CASE_INNER))
    assert (order.state, order.level, order.roles, order.key_version) == ("draft", "case", [3, 4], "1")
    assert AuditEntry.objects.get().after["serials"] == [order.first_serial, order.last_serial]


@pytest.mark.parametrize("quantity", [0, -1, LAST_SERIAL + 1])
def test_an_impossible_quantity_is_refused_and_nothing_is_taken(quantity):
    with pytest.raises(Invalid) as refusal:
        place(quantity=quantity)
    assert str(LAST_SERIAL) in refusal.value.fields["quantity"][0]
    assert not SerialCounter.objects.exists()


def test_more_than_the_serials_left_is_refused_with_what_is_left():
    SerialCounter.objects.create(id=1, next_serial=LAST_SERIAL - 8)
    with override("en"), pytest.raises(Invalid) as refusal:
        place(quantity=10)
    assert refusal.value.fields == {"quantity": ["10 units are more than the serials left: order at most 9."]}
    assert place(quantity=9).last_serial == LAST_SERIAL


@pytest.mark.parametrize(
    ("roles", "word"),
    [
        ((), "at least one"),
        ((Role.ITEM_INNER, Role.ITEM_INNER), "each but once"),
        ((Role.ITEM_INNER, Role.PALLET), "item, pallet"),
    ],
)
def test_roles_are_some_and_distinct_and_of_one_level(roles, word):
    with override("en"), pytest.raises(Invalid) as refusal:
        place(roles=roles)
    assert word in refusal.value.fields["roles"][0]


def test_another_brands_batch_is_not_there():
    with pytest.raises(NotFound):
        place_order(
            brand=BrandFactory(),
            batch=BatchFactory(),
            roles=[Role.PALLET],
            quantity=1,
            actor="user:ann",
            now=NOON,
        )


def test_an_order_goes_through_review_and_release_to_export():
    order = place()
    states = [step(name, order).state for name in ("review", "release", "export")]
    assert states == ["reviewed", "released", "exported"]
    order.refresh_from_db()
    assert (order.reviewed_by, order.reviewed_at, order.released_at, order.exported_at) == (
        "user:other",
        NOON,
        NOON,
        NOON,
    )


def test_each_step_is_audited_with_the_states_before_and_after():
    order = make_order()
    entry = AuditEntry.objects.get(action="order.release")
    assert (entry.before, entry.after, entry.object_id) == (
        {"state": "reviewed"},
        {"state": "released"},
        str(order.pk),
    )


def test_nobody_reviews_an_order_of_their_own():
    order = place()
    with pytest.raises(SecondPerson):
        step("review", order, actor="user:ann")
    order.refresh_from_db()
    assert order.state == "draft"


def test_the_database_too_wants_a_second_person():
    order = place()
    with pytest.raises(IntegrityError, match="code_order_second_person"), transaction.atomic():
        CodeOrder.objects.filter(pk=order.pk).update(state="reviewed", reviewed_by="user:ann")


@pytest.mark.parametrize("name", ["review", "release", "export", "cancel"])
def test_a_step_taken_again_answers_the_same_and_is_audited_once(name):
    order = place()
    for earlier in ("review", "release", "export"):
        if name == "cancel":
            break
        step(earlier, order)
        if earlier == name:
            break
    if name == "cancel":
        step("cancel", order)
    entries = AuditEntry.objects.count()
    first = CodeOrder.objects.values().get()
    step(name, order, actor="user:third")
    assert CodeOrder.objects.values().get() == first
    assert AuditEntry.objects.count() == entries


@pytest.mark.parametrize(
    ("state", "name"),
    [("draft", "release"), ("draft", "export"), ("reviewed", "export")],
)
def test_no_step_is_left_out(state, name):
    order = make_order(state=state)
    with pytest.raises(OrderState) as refusal:
        step(name, order)
    assert refusal.value.facts == {"state": state}


@pytest.mark.parametrize("name", ["review", "release", "export"])
def test_a_cancelled_order_stays_cancelled(name):
    order = make_order(state="draft")
    step("cancel", order)
    with pytest.raises(OrderState):
        step(name, order)


def test_an_order_whose_codes_have_left_the_house_is_not_cancelled():
    order = make_order()
    step("export", order)
    with pytest.raises(OrderState):
        step("cancel", order)


def test_an_activated_order_is_not_cancelled():
    order = make_order()
    activate(brand=order.brand, order_id=order.pk, serials=None, actor="user:ann", now=NOON)
    with pytest.raises(OrderState):
        step("cancel", order)


@pytest.mark.parametrize("kind", [Span.Kind.FROZEN, Span.Kind.RECALLED])
def test_an_order_held_with_its_batch_is_cancelled_and_keeps_what_was_said(kind):
    before = place()
    said = {"brand": before.brand, "batch_id": before.batch_id, "actor": "user:ann", "now": NOON}
    say_of_batch(kind=kind, **said)
    for order in (before, place(before.batch)):
        assert step("cancel", order).state == "cancelled"
        assert [(span.kind, span.revoked_at) for span in order.spans.all()] == [(kind, None)]
    assert [span.kind for span in place(before.batch).spans.all()] == [kind]


def test_a_hold_of_the_order_alone_or_an_activation_stands_in_the_way_until_it_is_revoked():
    order = make_order()
    said = {"brand": order.brand, "actor": "user:ann", "now": NOON}
    for span in (
        freeze(order_id=order.pk, serials=None, **said),
        say_of_batch(kind=Span.Kind.ACTIVE, batch_id=order.batch_id, **said)[0],
    ):
        with pytest.raises(OrderState):
            step("cancel", order)
        revoke(span_id=span.pk, reason="By mistake", **said)
    assert step("cancel", order).state == "cancelled"


def test_an_order_with_a_voided_code_is_never_cancelled():
    order = make_order()
    first = SerialRange(order.first_serial, order.first_serial)
    void(brand=order.brand, order_id=order.pk, serials=first, actor="user:ann", now=NOON)
    with pytest.raises(OrderState):
        step("cancel", order)


@pytest.mark.parametrize("name", list(STEPS))
def test_another_brands_order_is_not_there(name):
    order = make_order()
    with pytest.raises(NotFound):
        STEPS[name](order_id=order.pk, brand=BrandFactory(), actor="user:ann", now=NOON)


@pytest.mark.faults
@pytest.mark.django_db(transaction=True)
def test_orders_placed_at_once_get_blocks_apart():
    batch = BatchFactory()
    batch.product.brand  # noqa: B018 - loaded before the threads share it
    gate = threading.Barrier(6)

    def rush():
        gate.wait()
        for _ in range(5):
            place(batch, quantity=7)
        connection.close()

    threads = [threading.Thread(target=rush) for _ in range(6)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    blocks = sorted((order.first_serial, order.last_serial) for order in CodeOrder.objects.all())
    assert blocks == [(1 + 7 * n, 7 + 7 * n) for n in range(30)]
