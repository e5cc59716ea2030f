import pytest

from codes.ciphers import code_cipher
from codes.formats.code_text import Role
from codes.formats.serials import SerialRange
from codes.models import Packing
from codes.selectors.contents import children_of
from codes.selectors.packing_lists import Fault, ListRow, judge
from codes.services.packing import AlreadyPacked
from codes.services.packing_lists import MOST_ROWS, BadRows, Choice, pack_list, rows_of_csv
from codes.services.refusals import WrongLevel
from codes.services.repacking import MOST_AT_ONCE, repack
from codes.services.unpacking import NotPacked
from core.errors import Invalid
from tests.factories.stores import NOON
from tests.factories.supply import ACTOR, make_goods, make_packed_goods

pytestmark = pytest.mark.django_db

SAID = {"actor": ACTOR, "now": NOON}
FORGED = "1" + "Z" * 16


@pytest.fixture
def goods():
    return make_goods()


def case_code(goods, number):
    return code_cipher().encode(Role.CASE_OUTER, goods.case(number))


def item_code(goods, number):
    return code_cipher().encode(Role.ITEM_OUTER, goods.item(number))


def rows_of(goods, *pairs):
    """Rows that put item b into case a."""
    return [ListRow(n, case_code(goods, a), item_code(goods, b)) for n, (a, b) in enumerate(pairs, 1)]


def faults(goods, rows):
    return [(bad.line, bad.fault, bad.part) for bad in judge(brand_id=goods.brand.pk, rows=rows).bad]


def test_a_list_becomes_as_few_ranges_as_its_serials_allow(goods):
    rows = rows_of(goods, (0, 3), (1, 6), (0, 0), (0, 1), (1, 7), (0, 2), (0, 9))
    pack_list(brand=goods.brand, rows=rows, choice=Choice.REFUSE_ALL, **SAID)
    assert children_of(goods.case(0)) == [
        SerialRange(goods.item(0), goods.item(3)),
        SerialRange(goods.item(9), goods.item(9)),
    ]
    assert children_of(goods.case(1)) == [SerialRange(goods.item(6), goods.item(7))]


def test_a_list_sent_again_changes_nothing_and_counts_its_rows_as_repeated(goods):
    rows = rows_of(goods, (0, 0), (0, 1))
    judgements = [pack_list(brand=goods.brand, rows=rows, choice=Choice.REFUSE_ALL, **SAID) for _ in range(2)]
    assert [(told.sound, told.repeated) for told in judgements] == [(2, 0), (0, 2)]
    assert Packing.objects.count() == 1


@pytest.mark.parametrize(
    ("text", "fault"),
    [("K7QD", Fault.TRUNCATED), ("", Fault.MALFORMED), ("!" * 17, Fault.MALFORMED), (FORGED, Fault.FORGED)],
)
def test_a_text_that_is_no_code_of_ours_is_named_with_its_line(goods, text, fault):
    rows = [*rows_of(goods, (0, 0)), ListRow(2, case_code(goods, 0), text), ListRow(3, text, item_code(goods, 1))]
    assert faults(goods, rows) == [(2, fault, "child"), (3, fault, "parent")]


def test_another_brands_code_is_as_unknown_as_one_never_issued(goods):
    never = code_cipher().encode(Role.ITEM_OUTER, 2**39)
    rows = [ListRow(1, case_code(goods, 0), item_code(make_goods(), 0)), ListRow(2, case_code(goods, 0), never)]
    assert faults(goods, rows) == [(1, Fault.UNKNOWN, "child"), (2, Fault.UNKNOWN, "child")]


def test_an_item_does_not_go_into_an_item_nor_a_case_into_a_case(goods):
    rows = [
        ListRow(1, item_code(goods, 0), item_code(goods, 1)),
        ListRow(2, case_code(goods, 0), case_code(goods, 1)),
    ]
    assert faults(goods, rows) == [(1, Fault.WRONG_LEVEL, "parent"), (2, Fault.WRONG_LEVEL, "parent")]


def test_of_a_unit_read_twice_for_one_case_the_first_row_stands(goods):
    assert faults(goods, rows_of(goods, (0, 0), (0, 1), (0, 0))) == [(3, Fault.DUPLICATE, "child")]


def test_of_a_unit_put_into_two_cases_no_row_stands(goods):
    told = faults(goods, rows_of(goods, (0, 0), (0, 1), (1, 0)))
    assert told == [(1, Fault.TWO_PARENTS, "child"), (3, Fault.TWO_PARENTS, "child")]


def test_a_unit_that_is_in_another_case_is_named_with_its_serial():
    goods = make_packed_goods()
    (bad,) = judge(brand_id=goods.brand.pk, rows=rows_of(goods, (0, 8))).bad
    assert (bad.fault, bad.serial) == (Fault.PACKED_ALREADY, goods.item(8))


def test_no_whole_code_is_told_of_a_bad_row():
    goods = make_packed_goods()
    (bad,) = judge(brand_id=goods.brand.pk, rows=rows_of(goods, (0, 8))).bad
    assert item_code(goods, 8) not in bad.masked


def test_a_list_with_a_bad_row_is_refused_whole_where_that_was_chosen(goods):
    rows = [*rows_of(goods, (0, 0)), ListRow(2, case_code(goods, 0), FORGED)]
    with pytest.raises(BadRows) as refusal:
        pack_list(brand=goods.brand, rows=rows, choice=Choice.REFUSE_ALL, **SAID)
    assert [(row["line"], row["fault"]) for row in refusal.value.facts["rows"]] == [(2, "forged")]
    assert not Packing.objects.exists()


def test_the_good_rows_are_taken_where_that_was_chosen(goods):
    rows = [*rows_of(goods, (0, 0)), ListRow(2, case_code(goods, 0), FORGED)]
    judgement = pack_list(brand=goods.brand, rows=rows, choice=Choice.TAKE_GOOD, **SAID)
    assert (judgement.sound, len(judgement.bad)) == (1, 1)
    assert children_of(goods.case(0)) == [SerialRange(goods.item(0), goods.item(0))]


def test_a_list_of_bad_rows_alone_packs_nothing(goods):
    pack_list(brand=goods.brand, rows=[ListRow(1, FORGED, FORGED)], choice=Choice.TAKE_GOOD, **SAID)
    assert not Packing.objects.exists()


@pytest.mark.parametrize("count", [0, MOST_ROWS + 1])
def test_a_list_that_is_empty_or_too_long_is_refused(goods, count):
    with pytest.raises(Invalid):
        pack_list(brand=goods.brand, rows=[ListRow(1, "", "")] * count, choice=Choice.TAKE_GOOD, **SAID)


def test_judging_costs_no_more_queries_for_a_longer_list(goods, django_assert_num_queries):
    for rows in (rows_of(goods, (0, 0)), rows_of(goods, *((0, n) for n in range(12)))):
        with django_assert_num_queries(3):
            judge(brand_id=goods.brand.pk, rows=rows)


@pytest.mark.parametrize("between", [",", ";", "\t"])
def test_a_csv_is_read_with_its_own_lines(between):
    text = f"parent{between}child\nA{between}B\n\nC{between}D{between}note\n"
    assert rows_of_csv(text.encode("utf-8-sig")) == [ListRow(2, "A", "B"), ListRow(4, "C", "D")]


def test_a_csv_of_a_chinese_spreadsheet_is_read():
    assert rows_of_csv("箱码,单品码\nA,B\n".encode("gb18030")) == [ListRow(2, "A", "B")]


def test_a_line_without_two_columns_is_one_bad_row_among_the_others(goods):
    (one, two) = rows_of(goods, (0, 0), (0, 1))
    lines = [one.parent, f"{one.parent}\t{one.child}", "END", f"{two.parent}\t{two.child}", f"\t{two.child}"]
    rows = rows_of_csv("\n".join(lines).encode())
    assert faults(goods, rows) == [
        (1, Fault.TRUNCATED, "child"),
        (3, Fault.TRUNCATED, "child"),
        (5, Fault.MALFORMED, "parent"),
    ]
    with pytest.raises(BadRows):
        pack_list(brand=goods.brand, rows=rows, choice=Choice.REFUSE_ALL, **SAID)
    pack_list(brand=goods.brand, rows=rows, choice=Choice.TAKE_GOOD, **SAID)
    assert children_of(goods.case(0)) == [SerialRange(goods.item(0), goods.item(1))]


def test_a_stray_quotation_mark_hides_no_line_of_a_csv():
    rows = rows_of_csv(b'A,B\nC,"D\nE,F\nG",H\nI,J\n')
    assert [row[:3] for row in rows] == [(1, "A", "B"), (2, "C", '"D'), (3, "E", "F"), (4, 'G"', "H"), (5, "I", "J")]


def test_cells_in_quotation_marks_are_read_without_them():
    text = '"parent","child","note"\n"A", "B" ,"by, hand"\n"",""\nC,"D"\n'
    assert rows_of_csv(text.encode()) == [ListRow(2, "A", "B"), ListRow(4, "C", "D")]


def test_a_line_longer_than_any_code_is_read_as_one_row():
    assert [row.line for row in rows_of_csv(b"A,B\n" + b"x" * 200_000 + b",y\n")] == [1, 2]


def test_repacking_moves_some_children_and_leaves_the_rest():
    goods = make_packed_goods()
    moved = repack(brand=goods.brand, packings=[(goods.case(1), goods.item(2), goods.item(3))], **SAID)
    assert moved == 2
    assert children_of(goods.case(0)) == [
        SerialRange(goods.item(0), goods.item(1)),
        SerialRange(goods.item(4), goods.item(5)),
    ]
    assert SerialRange(goods.item(2), goods.item(3)) in children_of(goods.case(1))


@pytest.mark.parametrize("count", [1, 6])
def test_the_statements_of_a_repacking_do_not_grow_with_its_rows(count, django_assert_num_queries):
    goods = make_packed_goods()
    rows = [(goods.case(2), goods.item(2 * n), goods.item(2 * n)) for n in range(count)]
    with django_assert_num_queries(15):  # taken out: 8; packed: 6 as for every packing; and one savepoint around
        assert repack(brand=goods.brand, packings=rows, **SAID) == count
    left = children_of(goods.case(0)) + children_of(goods.case(1))
    assert sum(span.count for span in left) == 12 - count


def test_a_unit_named_twice_is_not_repacked():
    goods = make_packed_goods()
    rows = [(goods.case(2), goods.item(0), goods.item(1)), (goods.case(3), goods.item(1), goods.item(2))]
    with pytest.raises(AlreadyPacked):
        repack(brand=goods.brand, packings=rows, **SAID)
    assert children_of(goods.case(0)) == [SerialRange(goods.item(0), goods.item(5))]


@pytest.mark.django_db(transaction=True)
def test_a_repacking_that_cannot_be_takes_nothing_out():
    goods = make_packed_goods()
    with pytest.raises(WrongLevel):
        repack(brand=goods.brand, packings=[(goods.pallet(0), goods.item(2), goods.item(3))], **SAID)
    assert children_of(goods.case(0)) == [SerialRange(goods.item(0), goods.item(5))]


def test_what_is_in_nothing_cannot_be_repacked(goods):
    with pytest.raises(NotPacked):
        repack(brand=goods.brand, packings=[(goods.case(1), goods.item(2), goods.item(3))], **SAID)


def test_too_many_repackings_are_refused(goods):
    with pytest.raises(Invalid):
        repack(brand=goods.brand, packings=[(1, 2, 2)] * (MOST_AT_ONCE + 1), **SAID)


def test_a_list_without_one_code_is_judged_row_by_row(goods):
    found = faults(goods, [ListRow(1, "no", "code"), ListRow(2, "", "")])
    assert {line for line, _, _ in found} == {1, 2}
    assert {fault for _, fault, _ in found} <= {Fault.TRUNCATED, Fault.MALFORMED}


@pytest.mark.parametrize("data", [b"a\x00b,c", b"\xff\xff,\xff"])
def test_a_file_that_is_no_text_is_refused(data):
    with pytest.raises(Invalid) as refusal:
        rows_of_csv(data)
    assert list(refusal.value.fields) == ["file"]
