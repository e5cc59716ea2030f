import threading

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from codes.formats.serials import SerialRange
from codes.models import Span
from codes.services import spans
from codes.services.ordering import OrderState, cancel_order
from codes.services.revoking import revoke
from core.errors import NotFound
from core.models import AuditEntry
from tests.factories.codes import BatchFactory, make_order
from tests.factories.stores import NOON, BrandFactory

pytestmark = pytest.mark.django_db
SAY = {"active": spans.activate, "voided": spans.void, "frozen": spans.freeze, "recalled": spans.recall}


def say(kind, order, first=None, last=None, brand=None):
    """Speak of the order's units by place, 0 being its first; of the whole order without places."""
    serials = None if first is None else SerialRange(order.first_serial + first, order.first_serial + last)
    return SAY[kind](brand=brand or order.brand, order_id=order.pk, serials=serials, actor="user:ann", now=NOON)


@pytest.mark.parametrize("kind", list(SAY))
def test_what_is_said_of_an_order_covers_its_block_and_is_audited(kind):
    order = make_order(quantity=10)
    span = say(kind, order)
    assert (span.kind, span.serials.lower, span.serials.upper) == (kind, order.first_serial, order.last_serial + 1)
    assert AuditEntry.objects.get(action=f"span.{kind}").after["serials"] == [order.first_serial, order.last_serial]


@pytest.mark.parametrize("kind", list(SAY))
def test_what_is_said_of_a_range_covers_both_ends(kind):
    order = make_order(quantity=10)
    span = say(kind, order, 2, 4)
    assert (span.serials.lower, span.serials.upper) == (order.first_serial + 2, order.first_serial + 5)


@pytest.mark.parametrize("kind", list(SAY))
def test_said_twice_it_answers_the_first_statement(kind):
    order = make_order()
    assert say(kind, order).pk == say(kind, order).pk
    assert AuditEntry.objects.filter(action=f"span.{kind}").count() == 1


@pytest.mark.parametrize("kind", list(SAY))
def test_another_brands_order_is_not_there(kind):
    with pytest.raises(NotFound):
        say(kind, make_order(), brand=BrandFactory())


@pytest.mark.parametrize("kind", list(SAY))
def test_serials_past_the_orders_end_are_refused_whole_with_the_first_of_them(kind):
    order, other = make_order(quantity=10), make_order(quantity=10)
    with pytest.raises(spans.SerialsOutsideOrder) as refusal:
        say(kind, order, 5, 12)
    assert refusal.value.facts == {"first_offending_serial": other.first_serial}
    assert not Span.objects.exists()


@pytest.mark.parametrize("places", [(-3, 4), (10, 11), (-4, -2)])
def test_serials_that_begin_outside_of_the_order_are_refused_with_the_first_of_them(places):
    make_order(quantity=10)
    order = make_order(quantity=10)
    with pytest.raises(spans.SerialsOutsideOrder) as refusal:
        say("active", order, *places)
    assert refusal.value.facts == {"first_offending_serial": order.first_serial + places[0]}


@pytest.mark.parametrize(
    ("places", "offending"), [((4, 9), 5), ((6, 6), 6), ((0, 3), 2), ((0, 9), 2), ((None, None), 2)]
)
def test_an_activation_over_an_activated_range_is_refused_with_the_first_offending_serial(places, offending):
    order = make_order(quantity=10)
    say("active", order, 5, 7)
    say("active", order, 2, 3)
    with pytest.raises(spans.AlreadyActivated) as refusal:
        say("active", order, *places)
    assert refusal.value.facts == {"first_offending_serial": order.first_serial + offending}
    assert Span.objects.count() == 2


def test_ranges_side_by_side_are_activated_one_after_the_other():
    order = make_order(quantity=10)
    say("active", order, 0, 4)
    say("active", order, 5, 9)
    assert Span.objects.count() == 2


@pytest.mark.parametrize("state", ["draft", "reviewed"])
def test_an_order_that_is_not_released_is_not_activated(state):
    with pytest.raises(OrderState):
        say("active", make_order(state=state))


def test_nothing_is_said_of_a_cancelled_order():
    order = make_order()
    cancel_order(order_id=order.pk, brand=order.brand, actor="user:ann", now=NOON)
    with pytest.raises(OrderState):
        say("frozen", order)


def test_a_void_overruled_by_an_activation_is_said_anew():
    order = make_order()
    first = say("voided", order)
    say("active", order)
    assert say("voided", order).pk != first.pk


def test_an_activation_that_was_voided_is_not_made_again():
    order = make_order()
    say("active", order)
    say("voided", order)
    with pytest.raises(spans.AlreadyActivated):
        say("active", order)


def test_a_revoked_statement_counts_no_more():
    order = make_order()
    span = say("active", order)
    revoked = revoke(brand=order.brand, span_id=span.pk, reason="ok", actor="user:bob", now=NOON)
    assert (revoked.revoked_by, revoked.revoked_at) == ("user:bob", NOON)
    assert say("active", order).pk != span.pk


def test_revoking_again_answers_the_same():
    order = make_order()
    span = say("frozen", order)
    revoke(brand=order.brand, span_id=span.pk, reason="ok", actor="user:bob", now=NOON)
    assert revoke(brand=order.brand, span_id=span.pk, reason="ok", actor="user:eve", now=NOON).revoked_by == "user:bob"
    assert AuditEntry.objects.filter(action="span.revoke").count() == 1


def test_another_brands_statement_is_not_there_to_be_revoked():
    span = say("frozen", make_order())
    with pytest.raises(NotFound):
        revoke(brand=BrandFactory(), span_id=span.pk, reason="ok", actor="user:bob", now=NOON)


def test_a_batch_is_frozen_with_all_its_orders_but_the_cancelled():
    batch = BatchFactory()
    first, second, third = (make_order(batch=batch) for _ in range(3))
    cancel_order(order_id=third.pk, brand=third.brand, actor="user:ann", now=NOON)
    said = spans.say_of_batch(kind=Span.Kind.FROZEN, brand=first.brand, batch_id=batch.pk, actor="user:ann", now=NOON)
    assert [span.order_id for span in said] == [first.pk, second.pk]


def test_a_batch_is_activated_wholly_or_not_at_all():
    batch = BatchFactory()
    make_order(batch=batch)
    make_order(batch=batch, state="draft")
    with pytest.raises(OrderState):
        spans.say_of_batch(
            kind=Span.Kind.ACTIVE, brand=batch.product.brand, batch_id=batch.pk, actor="user:ann", now=NOON
        )
    assert not Span.objects.exists()


def test_another_brands_batch_is_not_there():
    with pytest.raises(NotFound):
        spans.say_of_batch(
            kind=Span.Kind.FROZEN, brand=BrandFactory(), batch_id=BatchFactory().pk, actor="user:ann", now=NOON
        )


def test_the_database_too_refuses_to_activate_a_serial_twice():
    order = make_order()
    span = say("active", order, 0, 4)
    with pytest.raises(IntegrityError, match="span_activated_once"), transaction.atomic():
        Span.objects.create(
            brand=order.brand,
            order=order,
            kind="active",
            serials=span.serials,
            stated_by="x",
            stated_at=NOON,
            effective_at=NOON,
        )


def test_the_database_too_keeps_a_statement_as_it_was_made():
    span = say("frozen", make_order())
    with pytest.raises(ProgrammingError, match="Cannot update"), transaction.atomic():
        Span.objects.filter(pk=span.pk).update(kind="voided")
    with pytest.raises(ProgrammingError, match="Cannot delete"), transaction.atomic():
        span.delete()


@pytest.mark.faults
@pytest.mark.django_db(transaction=True)
def test_of_overlapping_activations_at_once_one_wins():
    order = make_order(quantity=20)
    gate, answers = threading.Barrier(8), []

    def rush(first):
        gate.wait()
        try:
            answers.append(say("active", order, first, first + 10).pk)
        except spans.AlreadyActivated as refusal:
            answers.append(refusal.facts["first_offending_serial"])
        finally:
            connection.close()

    threads = [threading.Thread(target=rush, args=(place,)) for place in range(8)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert len(answers) == 8
    assert Span.objects.count() == 1
