"""Speaking of many serials at once, now or from a moment to come, and taking it back."""

import datetime as dt
import threading

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from codes.ciphers import code_cipher
from codes.formats.code_text import Role
from codes.formats.serial_ranges import ranges_of
from codes.formats.serials import SerialRange
from codes.models import Span
from codes.selectors.states import state_of
from codes.selectors.touched import touched
from codes.services import spans, subjects
from codes.services.code_files import codes_of_file
from codes.services.ordering import OrderState, cancel_order
from codes.services.refusals import UnknownUnits
from codes.services.revoking import VoidIsFinal, revoke
from codes.services.scanning import NewScan, record_scan
from codes.services.statements import Wording, planned, state
from codes.services.unpacking import NotPacked
from core.errors import Invalid, NotFound
from core.models import AuditEntry
from tests.factories.codes import BatchFactory, make_order
from tests.factories.stores import NOON, BrandFactory
from tests.factories.supply import make_goods, make_packed_goods

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


def say(kind, brand, subject, now=NOON, **wording):
    return state(brand=brand, subject=subject, wording=Wording(kind, **wording), actor="user:ann", now=now)


def activate(order, now=NOON, effective_at=None, serials=None):
    told = {"brand": order.brand, "order_id": order.pk, "actor": "user:ann"}
    return spans.activate(serials=serials, effective_at=effective_at, now=now, **told)


def take_back(span, reason="a mistake", **options):
    return revoke(brand=span.brand, span_id=span.pk, reason=reason, actor="user:bob", now=NOON, **options)


def mark(serial, role=Role.ITEM_INNER):
    return code_cipher().encode(role, serial)


def said_of(call):
    return [(span.first_serial, span.last_serial) for span in Span.objects.filter(call=call).order_by("serials")]


def test_a_scheduled_activation_takes_effect_by_itself_at_its_moment():
    order = make_order()
    activate(order, effective_at=NOON + HOUR)
    moments = [NOON, NOON + HOUR - dt.timedelta(microseconds=1), NOON + HOUR]
    assert [state_of(order.first_serial, now=now).state for now in moments] == ["issued", "issued", "active"]
    text = mark(order.first_serial)
    verdicts = [
        record_scan(NewScan(code=text, visitor="phone", nonce=str(now)), now=now).verdict for now in moments[1:]
    ]
    assert verdicts == ["not_activated", "genuine_first"]


def test_a_scheduled_activation_is_cancelled_before_its_moment():
    order = make_order()
    take_back(activate(order, effective_at=NOON + HOUR))
    assert state_of(order.first_serial, now=NOON + 2 * HOUR).state == "issued"


def test_a_scheduled_activation_said_again_is_the_same_also_once_it_is_past():
    order = make_order()
    first = activate(order, effective_at=NOON + HOUR)
    assert first.waits(NOON)
    assert activate(order, effective_at=NOON + HOUR).pk == first.pk
    assert activate(order, now=NOON + 2 * HOUR, effective_at=NOON + HOUR).pk == first.pk
    assert activate(order, now=NOON + 2 * HOUR).pk == first.pk


@pytest.mark.parametrize("later", [None, NOON + 2 * HOUR])
def test_what_is_scheduled_is_not_activated_otherwise(later):
    order = make_order()
    activate(order, effective_at=NOON + HOUR)
    with pytest.raises(spans.AlreadyActivated):
        activate(order, effective_at=later)


@pytest.mark.parametrize("moment", [NOON, NOON - HOUR, NOON + dt.timedelta(days=800)])
def test_a_moment_that_is_not_to_come_is_refused(moment):
    with pytest.raises(Invalid) as refusal:
        activate(make_order(), effective_at=moment)
    assert list(refusal.value.fields) == ["effective_at"]


def test_only_an_activation_can_wait():
    order = make_order()
    with pytest.raises(Invalid):
        say("frozen", order.brand, subjects.of_order(order.brand, order.pk, None), effective_at=NOON + HOUR)
    told = {"brand": order.brand, "order": order, "stated_by": "x", "stated_at": NOON}
    with pytest.raises(IntegrityError, match="span_only_activations_wait"), transaction.atomic():
        Span.objects.create(kind="frozen", serials=(1, 2), effective_at=NOON + HOUR, **told)


def test_a_void_is_for_good():
    order = make_order()
    span = spans.void(brand=order.brand, order_id=order.pk, serials=None, actor="user:ann", now=NOON)
    with pytest.raises(VoidIsFinal):
        take_back(span)
    with pytest.raises(IntegrityError, match="span_void_is_final"), transaction.atomic():
        Span.objects.update(revoked_at=NOON, revoked_by="x", revoke_reason="x")


def test_another_brands_statement_is_not_there_to_be_taken_back():
    span = activate(make_order())
    with pytest.raises(NotFound):
        revoke(brand=BrandFactory(), span_id=span.pk, reason="ours", actor="user:bob", now=NOON)


@pytest.mark.parametrize("reason", ["", "  ", "x" * 201])
def test_nothing_is_taken_back_without_saying_why(reason):
    span = activate(make_order())
    with pytest.raises(Invalid):
        take_back(span, reason=reason)
    with pytest.raises(IntegrityError, match="span_revoked_with_reason"), transaction.atomic():
        Span.objects.update(revoked_at=NOON, revoked_by="x")


def test_a_range_over_several_orders_is_kept_by_order():
    batch = BatchFactory()
    first, second = make_order(batch=batch, quantity=5), make_order(batch=batch, quantity=5)
    whole = SerialRange(first.first_serial + 3, second.first_serial + 1)
    done = say("frozen", first.brand, subjects.one_range(whole))
    assert done.pieces.orders.tolist() == [first.pk, second.pk]
    assert said_of(done.call) == [(whole.first, first.last_serial), (second.first_serial, whole.last)]
    assert AuditEntry.objects.get(action="span.frozen").after["units"] == 4


def gapped():
    """Two orders of one brand with a stranger's between them, and what lies before and behind."""
    before = make_order(quantity=4)
    batch = BatchFactory()
    first = make_order(batch=batch, quantity=4)
    between = make_order(quantity=4)
    second = make_order(batch=batch, quantity=4)
    return before, first, between, second, make_order(quantity=4)


def test_a_range_that_touches_strangers_is_refused_whole_with_the_first_of_them():
    before, first, between, second, behind = gapped()
    asked = {
        (before.first_serial, first.last_serial): before.first_serial,
        (first.first_serial, second.last_serial): between.first_serial,
        (between.first_serial + 1, second.last_serial): between.first_serial + 1,
        (second.first_serial, behind.first_serial): behind.first_serial,
        (behind.first_serial, behind.last_serial): behind.first_serial,
        (behind.last_serial + 50, behind.last_serial + 60): behind.last_serial + 50,
    }
    for bounds, offending in asked.items():
        with pytest.raises(UnknownUnits) as refusal:
            say("frozen", first.brand, subjects.one_range(SerialRange(*bounds)))
        assert refusal.value.facts == {"first_offending_serial": offending}
    assert not Span.objects.exists()


def test_one_brand_without_orders_has_no_serials_at_all():
    with pytest.raises(UnknownUnits):
        say("frozen", BrandFactory(), subjects.one_range(SerialRange(0, 5)))


def test_a_cancelled_order_among_several_refuses_all():
    batch = BatchFactory()
    first, second = make_order(batch=batch), make_order(batch=batch)
    cancel_order(order_id=second.pk, brand=second.brand, actor="user:ann", now=NOON)
    with pytest.raises(OrderState) as refusal:
        say("frozen", first.brand, subjects.one_range(SerialRange(first.first_serial, second.last_serial)))
    assert refusal.value.facts["order"] == second.pk


def test_a_list_is_kept_as_the_fewest_ranges_whichever_marks_it_names():
    order = make_order(quantity=20)
    places = [7, 3, 4, 5, 12, 5]
    codes = [mark(order.first_serial + place) for place in places]
    codes += [f"https://one.cn/c/{mark(order.first_serial + 6, Role.ITEM_OUTER)}"]
    done = say("recalled", order.brand, subjects.listed(order.brand, enumerate(codes, start=1)), reason="bad caps")
    first = order.first_serial
    assert said_of(done.call) == [(first + 3, first + 7), (first + 12, first + 12)]
    again = say("recalled", order.brand, subjects.listed(order.brand, enumerate(codes, start=1)))
    assert (again.call, len(again.fresh.orders)) == (Span.objects.first().call, 0)
    assert AuditEntry.objects.filter(action="span.recalled").count() == 1


@pytest.mark.parametrize(
    ("bad", "fault"),
    [
        ("rubbish, surely", "malformed"),
        ("1ABC", "truncated"),
        ("1" + "Z" * 16, "forged"),
        ("another brand's", "unknown"),
    ],
)
def test_a_list_with_a_bad_line_is_refused_whole_and_the_line_named(bad, fault):
    order, other = make_order(), make_order()
    text = mark(other.first_serial) if fault == "unknown" else bad
    codes = enumerate([mark(order.first_serial), text, "rubbish too"], start=1)
    with pytest.raises(subjects.BadCode) as refusal:
        subjects.listed(order.brand, codes)
    assert refusal.value.facts == {"line": 2, "fault": fault}


def test_a_list_is_neither_empty_nor_endless(monkeypatch):
    order = make_order()
    with pytest.raises(Invalid):
        subjects.listed(order.brand, [])
    monkeypatch.setattr(subjects, "MOST_CODES", 2)
    monkeypatch.setattr(subjects, "READ_AT_ONCE", 2)
    with pytest.raises(Invalid):
        subjects.listed(order.brand, ((n, mark(order.first_serial)) for n in range(1, 10)))


@pytest.mark.parametrize(
    ("data", "codes"),
    [
        (b"A\r\n\r\nB\n", [(1, "A"), (3, "B")]),
        ("\ufeff码\nA\n".encode(), [(2, "A")]),
        (b'serial,role,code,url\n1,item_inner,"A",u\n2,x,B,u\n3\n', [(2, "A"), (3, "B"), (4, "")]),
        (b"serial;url\n1;U\n", [(2, "U")]),
        (b"A;1\n", [(1, "A")]),
        (b"\xff\xfe\n", [(1, "��")]),
        (b"", []),
    ],
)
def test_a_file_of_codes_is_a_list_or_a_part_of_a_print_file(data, codes):
    assert list(codes_of_file(data.splitlines(keepends=True))) == codes


def test_a_line_without_end_is_no_list():
    with pytest.raises(Invalid):
        list(codes_of_file([b"x" * 5000]))


def test_the_content_of_a_pallet_is_its_cases_and_their_items_as_of_now():
    goods = make_packed_goods()
    done = say("frozen", goods.brand, subjects.content(goods.brand, goods.pallet(0)))
    assert said_of(done.call) == [(goods.item(0), goods.item(11)), (goods.case(0), goods.case(1))]
    done = say("frozen", goods.brand, subjects.content(goods.brand, goods.case(2)))
    assert said_of(done.call) == [(goods.item(12), goods.item(17))]


def test_an_empty_case_or_a_strangers_has_no_content():
    goods = make_goods()
    with pytest.raises(NotPacked):
        subjects.content(goods.brand, goods.case(0))
    with pytest.raises(NotFound):
        subjects.content(BrandFactory(), goods.case(0))


def test_a_list_is_taken_back_range_by_range_or_together():
    order = make_order(quantity=20)
    codes = [mark(order.first_serial + place) for place in (1, 5, 9)]
    done = say("frozen", order.brand, subjects.listed(order.brand, enumerate(codes, start=1)))
    one, *_others = Span.objects.filter(call=done.call).order_by("id")
    take_back(one)
    assert Span.objects.filter(revoked_at=None).count() == 2
    take_back(one, together=True)
    assert not Span.objects.filter(revoked_at=None).exists()
    assert [entry.after["ranges"] for entry in AuditEntry.objects.filter(action="span.revoke").order_by("id")] == [1, 2]


def test_an_order_placed_in_a_frozen_batch_is_frozen_until_the_batch_is_freed():
    batch = BatchFactory()
    first = make_order(batch=batch)
    hold = spans.say_of_batch(kind=Span.Kind.FROZEN, brand=first.brand, batch_id=batch.pk, actor="user:ann", now=NOON)
    again = spans.say_of_batch(kind=Span.Kind.FROZEN, brand=first.brand, batch_id=batch.pk, actor="user:eve", now=NOON)
    assert again == hold
    later = make_order(batch=batch)
    activate(later)
    assert state_of(later.first_serial, now=NOON).state == "frozen"
    take_back(hold[0], together=True)
    assert state_of(later.first_serial, now=NOON).state == "active"
    assert state_of(make_order(batch=batch).first_serial, now=NOON).state == "issued"


def test_a_freeze_of_one_order_is_not_inherited_but_of_its_batch_is_said_anew():
    batch = BatchFactory()
    first = make_order(batch=batch)
    spans.freeze(brand=first.brand, order_id=first.pk, serials=None, actor="user:ann", now=NOON)
    assert state_of(make_order(batch=batch).first_serial, now=NOON).state == "issued"
    spans.say_of_batch(kind=Span.Kind.FROZEN, brand=first.brand, batch_id=batch.pk, actor="user:ann", now=NOON)
    assert state_of(make_order(batch=batch).first_serial, now=NOON).state == "frozen"


def test_a_preview_tells_units_levels_states_and_sold_ones_and_writes_nothing():
    goods = make_packed_goods()
    activate(goods.items, serials=SerialRange(goods.item(0), goods.item(9)))
    activate(goods.items, serials=SerialRange(goods.item(10), goods.item(11)), effective_at=NOON + HOUR)
    for kind, number in ((spans.void, 1), (spans.freeze, 2), (spans.recall, 3), (spans.void, 20)):
        told = {"brand": goods.brand, "order_id": goods.items.pk, "actor": "user:ann", "now": NOON}
        kind(serials=SerialRange(goods.item(number), goods.item(number)), **told)
    before = Span.objects.count()
    subject = subjects.content(goods.brand, goods.pallet(0))
    plan = planned(goods.brand, subject, Wording("recalled"), now=NOON, lock=False)
    found = touched(goods.brand.pk, plan.pieces.ranges, now=NOON)
    assert (found.units, found.ranges, found.opened, found.levels) == (14, 2, 0, {"item": 12, "case": 2})
    assert found.states == {"recalled": 1, "frozen": 1, "voided": 1, "active": 7, "scheduled": 2, "issued": 2}
    assert Span.objects.count() == before


class TestStatesAgree(TestCase):
    """The counts of a preview are those of asking each unit."""

    @given(
        st.lists(
            st.tuples(st.sampled_from(list(Span.Kind.values)), st.integers(0, 9), st.integers(0, 5), st.booleans()),
            max_size=8,
        )
    )
    @settings(max_examples=40, deadline=None)
    def test_counts_by_state_are_those_of_each_unit(self, said):
        order = make_order(quantity=10)
        for kind, first, more, is_revoked in said:
            serials = SerialRange(order.first_serial + first, order.first_serial + min(first + more, 9))
            try:
                call = say(kind, order.brand, subjects.one_range(serials)).call
            except spans.AlreadyActivated:
                continue
            if is_revoked and kind != "voided":
                take_back(Span.objects.filter(call=call).first())
        whole = ranges_of(SerialRange(order.first_serial, order.last_serial))
        states = [state_of(serial, now=NOON).state for serial in range(order.first_serial, order.last_serial + 1)]
        assert touched(order.brand_id, whole, now=NOON).states == {name: states.count(name) for name in set(states)}


@pytest.mark.faults
@pytest.mark.django_db(transaction=True)
def test_of_a_batch_frozen_while_an_order_is_placed_the_order_is_frozen_too():
    batch = BatchFactory()
    first = make_order(batch=batch, quantity=5)
    gate, placed = threading.Barrier(2), []

    def place():
        gate.wait()
        placed.append(make_order(batch=batch, quantity=5))
        connection.close()

    def freeze():
        gate.wait()
        spans.say_of_batch(kind=Span.Kind.FROZEN, brand=first.brand, batch_id=batch.pk, actor="user:ann", now=NOON)
        connection.close()

    threads = [threading.Thread(target=place), threading.Thread(target=freeze)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert state_of(placed[0].first_serial, now=NOON).state == "frozen"


def test_a_batch_without_orders_or_of_strangers_is_not_there():
    order = make_order()
    empty = BatchFactory(product=order.batch.product)
    for brand, batch in ((BrandFactory(), order.batch), (order.brand, empty)):
        with pytest.raises(NotFound):
            subjects.whole_batch(brand, batch.pk)
