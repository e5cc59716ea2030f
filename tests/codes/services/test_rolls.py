import threading

import pytest
from django.db import connection

from codes.formats.code_text import Role
from codes.formats.serials import SerialRange
from codes.models import CodeOrder, Packing, PrintFile, Roll, RollUse
from codes.models.order import LAST_SERIAL
from codes.services import parts, writing
from codes.services.downloading import take_file
from codes.services.ordering import OrderState, cancel_order
from codes.services.packing import AlreadyPacked, pack
from codes.services.roll_places import RollOverlaps
from codes.services.rolls import Holders, RollNotPrinted, WantedRoll, request_roll, use_roll
from codes.services.subjects import SerialsOutsideOrder
from codes.services.unpacking import unpack
from core.errors import Invalid, NotFound
from core.models import AuditEntry
from tests.factories.codes import make_order
from tests.factories.stores import NOON, BrandFactory
from tests.factories.supply import make_goods

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.PRIVATE_FILES = tmp_path


@pytest.fixture
def goods():
    return make_goods()


def request(goods, *, each=6, pallets=True, serials=None, recipient="factory", **changed):
    cases = changed.pop("cases", Holders(goods.cases.pk, each))
    wanted = WantedRoll(recipient, cases, Holders(goods.pallets.pk, 2) if pallets else None, serials)
    return request_roll(
        brand=goods.brand, order_id=goods.items.pk, wanted=wanted, actor="user:ann", now=NOON, **changed
    )


def taken(roll):
    writing.write_waiting(clock=lambda: NOON, until=NOON)
    take_file(brand=roll.file.order.brand, file_id=roll.file_id, actor="user:bob", address=None, now=NOON)
    return roll


def use(goods, roll, first=None, last=None, brand=None):
    cases = None if first is None else SerialRange(goods.case(first), goods.case(last))
    return use_roll(brand=brand or goods.brand, roll_id=roll.pk, cases=cases, actor="user:eve", now=NOON)


def packed():
    rows = Packing.objects.filter(unpacked_at=None).order_by("parent_serial", "children")
    return [(row.parent_serial, row.children.lower, row.children.upper - 1) for row in rows]


def test_a_roll_is_written_taken_and_used_and_each_case_is_one_packing(goods):
    roll = taken(request(goods))
    file = PrintFile.objects.get()
    assert (file.kind, file.state, file.rows_done) == ("roll", "ready", 24 * 2 + 4 * 2 + 2)
    assert parts.path_of(file).read_bytes().count(b"\r\n") == file.rows_total + 1
    assert set(CodeOrder.objects.values_list("state", flat=True)) == {"exported"}
    use(goods, roll)
    expected = [(goods.case(n), goods.item(6 * n), goods.item(6 * n + 5)) for n in range(4)]
    expected += [(goods.pallet(n), goods.case(2 * n), goods.case(2 * n + 1)) for n in range(2)]
    assert packed() == sorted(expected)
    assert AuditEntry.objects.get(action="roll.used").after["packings"] == 6


def test_declared_again_it_changes_nothing(goods):
    roll = taken(request(goods))
    assert [use(goods, roll).packings, use(goods, roll).packings] == [6, 0]
    assert len(packed()) == 6


def test_a_part_of_a_roll_is_used_and_later_the_rest(goods):
    roll = taken(request(goods, pallets=False))
    use(goods, roll, 1, 2)
    assert [row[0] for row in packed()] == [goods.case(1), goods.case(2)]
    assert use(goods, roll).packings == 2


def test_a_unit_that_is_elsewhere_refuses_the_whole_roll(goods):
    roll = taken(request(goods, pallets=False))
    pack(brand=goods.brand, packings=[(goods.case(3), goods.item(0), goods.item(0))], actor="x", now=NOON)
    with pytest.raises(AlreadyPacked):
        use(goods, roll)
    assert (len(packed()), RollUse.objects.count()) == (1, 0)
    unpack(brand=goods.brand, parents=[goods.case(3)], actor="x", now=NOON)
    assert use(goods, roll).packings == 4


def test_a_roll_that_nobody_took_is_not_used(goods):
    with pytest.raises(RollNotPrinted):
        use(goods, request(goods))


def test_cases_of_another_roll_or_too_many_are_not_this_rolls(goods, monkeypatch):
    roll = taken(request(goods, pallets=False, serials=SerialRange(goods.item(0), goods.item(11))))
    with pytest.raises(Invalid):
        use(goods, roll, 1, 2)
    monkeypatch.setattr("codes.services.rolls.MOST_AT_ONCE", 1)
    with pytest.raises(Invalid):
        use(goods, roll)


def test_another_brands_roll_is_not_there(goods):
    with pytest.raises(NotFound):
        use(goods, taken(request(goods)), brand=BrandFactory())
    with pytest.raises(NotFound):
        request(goods, cases=Holders(make_order().pk, 6))


def items(goods, first, last):
    return SerialRange(goods.item(first), goods.item(last))


def refusal(goods, **wanted):
    with pytest.raises(RollOverlaps) as caught:
        request(goods, **wanted)
    return caught.value


def test_asked_again_it_is_the_same_roll(goods):
    first = request(goods, serials=items(goods, 0, 11))
    begun = Holders(goods.cases.pk, 6, goods.case(0))
    assert request(goods, serials=items(goods, 0, 11)).pk == first.pk
    assert request(goods, serials=items(goods, 0, 11), cases=begun).pk == first.pk
    rest = request(goods)
    assert (rest.file.serials.lower, rest.first_case) == (goods.item(12), goods.case(2))
    assert request(goods).pk == rest.pk


def test_the_next_roll_begins_behind_the_earlier_one(goods):
    first = request(goods, serials=items(goods, 0, 11))
    second = request(goods, serials=items(goods, 12, 23))
    assert [(roll.first_case, roll.last_case) for roll in (first, second)] == [
        (goods.case(0), goods.case(1)),
        (goods.case(2), goods.case(3)),
    ]
    assert (first.first_pallet, second.first_pallet) == (goods.pallet(0), goods.pallet(1))


def test_a_gap_between_rolls_is_filled_where_it_is_large_enough(goods):
    request(goods, pallets=False, serials=items(goods, 6, 11), cases=Holders(goods.cases.pk, 6, goods.case(1)))
    assert request(goods, pallets=False, serials=items(goods, 12, 23)).first_case == goods.case(2)
    assert request(goods, pallets=False).first_case == goods.case(0)
    assert not Roll.objects.exclude(file__serials__contained_by=(goods.item(0), goods.item(24))).exists()


def test_items_that_are_in_pieces_are_to_be_named(goods):
    request(goods, pallets=False, serials=items(goods, 6, 11))
    problem = refusal(goods, pallets=False)
    assert (list(problem.fields), problem.facts["first_offending_serial"]) == (["items"], goods.item(6))
    assert f"{goods.item(12)} to {goods.item(23)}" in problem.detail


@pytest.mark.parametrize(
    "changed",
    [{"recipient": "another"}, {"each": 12}, {"pallets": False}, {"each": 3}, {"serials": "part"}],
)
def test_a_roll_that_is_asked_for_otherwise_is_refused_and_never_the_old_one(goods, changed):
    roll = request(goods)
    if "serials" in changed:
        changed = {"serials": items(goods, 6, 11)}
    problem = refusal(goods, **changed)
    offender = changed["serials"].first if "serials" in changed else goods.item(0)
    assert (problem.status, problem.code) == (409, "roll_overlaps")
    assert problem.facts == {"first_offending_serial": offender, "roll": roll.pk}
    said = f"Serial {offender} is on roll {roll.pk} already, which is for factory with 6 items in a case."
    right = f"All serials of order {goods.items.pk} are on rolls: order more codes."
    assert problem.fields == {"items": [f"{said} {right}"]}
    assert Roll.objects.count() == 1


def test_cases_and_pallets_of_an_earlier_roll_are_refused(goods):
    request(goods, serials=items(goods, 0, 11))
    rest = items(goods, 12, 23)
    begun = refusal(goods, serials=rest, cases=Holders(goods.cases.pk, 6, goods.case(1)))
    assert (list(begun.fields), begun.facts["first_offending_serial"]) == (["cases"], goods.case(1))
    assert f"Serials {goods.case(2)} to {goods.case(3)} are on none." in begun.detail
    wanted = WantedRoll("factory", Holders(goods.cases.pk, 6), Holders(goods.pallets.pk, 2, goods.pallet(0)), rest)
    with pytest.raises(RollOverlaps) as caught:
        request_roll(brand=goods.brand, order_id=goods.items.pk, wanted=wanted, actor="x", now=NOON)
    assert (list(caught.value.fields), caught.value.facts["first_offending_serial"]) == (["pallets"], goods.pallet(0))
    assert Roll.objects.count() == PrintFile.objects.count() == 1


def test_where_no_place_is_long_enough_the_longest_is_named(goods):
    request(goods, pallets=False, serials=items(goods, 0, 11))
    problem = refusal(goods, pallets=False, serials=items(goods, 12, 20), each=3)
    assert (list(problem.fields), problem.facts["first_offending_serial"]) == (["cases"], goods.case(0))
    assert f"Serials {goods.case(2)} to {goods.case(3)} are on none." in problem.detail


def test_rolls_of_other_items_share_an_order_of_cases(goods):
    more = make_order(batch=goods.items.batch, roles=(Role.ITEM_INNER,), quantity=12)
    request(goods, pallets=False, serials=items(goods, 0, 11))
    wanted = WantedRoll("factory", Holders(goods.cases.pk, 6))
    roll = request_roll(brand=goods.brand, order_id=more.pk, wanted=wanted, actor="x", now=NOON)
    assert roll.first_case == goods.case(2)


def test_what_a_cancelled_order_of_cases_was_meant_for_is_free_again(goods):
    request(goods)
    cancel_order(order_id=goods.cases.pk, brand=goods.brand, actor="user:ann", now=NOON)
    cases = make_order(batch=goods.items.batch, roles=(Role.CASE_OUTER,), quantity=4)
    roll = request(goods, cases=Holders(cases.pk, 6))
    assert (roll.file.serials.lower, roll.first_pallet) == (goods.item(0), goods.pallet(0))


@pytest.mark.django_db(transaction=True)
def test_two_rolls_that_are_asked_for_at_once_share_no_case():
    goods = make_goods()
    together, found = threading.Barrier(2), []

    def ask(first, last):
        try:
            together.wait()
            roll = request(goods, serials=items(goods, first, last))
            found.append((roll.first_case, roll.first_pallet))
        finally:
            connection.close()

    threads = [threading.Thread(target=ask, args=bounds) for bounds in [(0, 11), (12, 23)]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [(goods.case(0), goods.pallet(0)), (goods.case(2), goods.pallet(1))]


def test_cases_behind_the_last_serial_there_is_are_not_of_the_order(goods):
    with pytest.raises(SerialsOutsideOrder):
        request(goods, cases=Holders(goods.cases.pk, 6, LAST_SERIAL))


def test_a_roll_begins_where_it_is_told(goods):
    half = SerialRange(goods.item(0), goods.item(11))
    roll = request(goods, pallets=False, serials=half, cases=Holders(goods.cases.pk, 6, goods.case(2)))
    assert (roll.first_case, roll.last_case, roll.pallets) == (goods.case(2), goods.case(3), 0)


@pytest.mark.parametrize("each", [5, 0, 200_000])
def test_cases_are_filled_whole(goods, each):
    with pytest.raises(Invalid):
        request(goods, each=each)


def test_orders_are_of_the_right_level_released_and_long_enough(goods):
    with pytest.raises(Invalid):
        request(goods, cases=Holders(goods.pallets.pk, 6))
    with pytest.raises(SerialsOutsideOrder):
        request(goods, each=3)
    draft = make_order(batch=goods.items.batch, roles=(Role.CASE_OUTER,), state="draft")
    with pytest.raises(OrderState):
        request(goods, cases=Holders(draft.pk, 6))
    assert not Roll.objects.exists()


def test_a_roll_whose_case_order_is_cancelled_is_not_written(goods):
    roll = request(goods)
    cancel_order(order_id=goods.cases.pk, brand=goods.brand, actor="user:ann", now=NOON)
    writing.write_waiting(clock=lambda: NOON, until=NOON)
    assert PrintFile.objects.get(pk=roll.file_id).state == "failed"
