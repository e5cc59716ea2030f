from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rewards.draw.permutation import RANKED_UP_TO, DrawError, Permutation
from rewards.draw.sealed import Block, Row, SealedDraw, Table, commitment_of, table_of, verify

KEY = bytes(range(32))
OTHER_KEY = bytes(range(1, 33))
keys = st.binary(min_size=32, max_size=32)


def tables() -> st.SearchStrategy[Table]:
    quantities = st.lists(st.integers(1, 40), min_size=1, max_size=6)
    return quantities.map(
        lambda counts: table_of(
            [Row(rank, f"奖{rank}", rank * 10, count) for rank, count in enumerate(counts)],
            [Block(1_000, 999 + sum(counts))],
        )
    )


@given(key=keys, size=st.integers(1, 500))
def test_a_ranked_permutation_gives_each_place_to_one_position(key, size):
    permutation = Permutation(key, size)
    assert sorted(permutation(position) for position in range(size)) == list(range(size))


@given(key=keys)
@settings(max_examples=5, deadline=None)
def test_a_walked_permutation_gives_no_place_twice(key):
    permutation = Permutation(key, RANKED_UP_TO + 12_345)
    places = [permutation(position) for position in range(0, permutation.size, 10_007)]
    assert len(set(places)) == len(places)
    assert all(0 <= place < permutation.size for place in places)


def test_a_walked_permutation_of_a_small_size_is_a_bijection(monkeypatch):
    monkeypatch.setattr("rewards.draw.permutation.RANKED_UP_TO", 0)
    monkeypatch.setattr("codes.formats.ff1.MINIMUM_DOMAIN", 1)
    permutation = Permutation(KEY, 1_000)
    assert sorted(permutation(position) for position in range(1_000)) == list(range(1_000))


def test_the_same_key_and_size_give_the_same_permutation_for_ever():
    assert [Permutation(KEY, 10)(position) for position in range(10)] == [9, 8, 0, 5, 2, 4, 7, 3, 6, 1]
    assert Permutation(KEY, 3_000_000)(0) == 2_637_101


def test_another_key_gives_another_permutation():
    one, other = Permutation(KEY, 100), Permutation(OTHER_KEY, 100)
    assert [one(position) for position in range(100)] != [other(position) for position in range(100)]


@given(key=keys, table=tables())
def test_each_prize_is_won_exactly_as_often_as_the_table_says(key, table):
    draw = SealedDraw(key, table)
    won = Counter(draw.row_at(position) for position in range(table.units))
    assert won == {row: row.quantity for row in table.rows}


def test_a_big_prize_falls_anywhere_over_many_keys():
    table = table_of([Row(1, "大奖", 1, 1), Row(2, "谢谢", 0, 7)], [Block(1, 8)])
    winners = Counter()
    for number in range(800):
        draw = SealedDraw(number.to_bytes(32, "big"), table)
        winners[next(serial for serial in range(1, 9) if draw.row_of(serial).rank == 1)] += 1
    assert set(winners) == set(range(1, 9))
    assert max(winners.values()) < 150


def test_positions_go_on_from_block_to_block():
    table = table_of([Row(1, "奖", 1, 5)], [Block(10, 11), Block(100, 102)])
    assert [table.position_of(serial) for serial in (10, 11, 100, 101, 102)] == [0, 1, 2, 3, 4]


def test_a_serial_outside_the_blocks_does_not_take_part():
    with pytest.raises(DrawError, match="serial 12 does not take part"):
        table_of([Row(1, "奖", 1, 2)], [Block(10, 11)]).position_of(12)


def test_a_table_that_does_not_cover_its_units_is_refused():
    with pytest.raises(DrawError, match="3 prizes do not cover 2 units"):
        SealedDraw(KEY, table_of([Row(1, "奖", 1, 3)], [Block(10, 11)]))


def test_key_and_table_are_verified_against_the_commitment():
    table = table_of([Row(1, "奖", 100, 2)], [Block(10, 11)])
    assert verify(KEY, table, commitment_of(KEY, table))


@pytest.mark.parametrize(
    ("key", "table"),
    [
        (OTHER_KEY, table_of([Row(1, "奖", 100, 2)], [Block(10, 11)])),
        (KEY, table_of([Row(1, "奖", 99, 2)], [Block(10, 11)])),
        (KEY, table_of([Row(1, "奖", 100, 2)], [Block(11, 12)])),
    ],
)
def test_another_key_prize_or_serial_breaks_the_commitment(key, table):
    commitment = commitment_of(KEY, table_of([Row(1, "奖", 100, 2)], [Block(10, 11)]))
    assert not verify(key, table, commitment)


def test_the_canonical_text_is_sorted_and_without_spaces():
    table = table_of([Row(2, "谢谢", 0, 1, kind="thanks"), Row(1, "红包", 100, 1)], [Block(10, 11)])
    assert table.canonical().decode() == (
        '{"blocks":[{"first_serial":10,"last_serial":11}],'
        '"prizes":[{"amount_fen":100,"any_store":false,"kind":"cash","name":"红包","pays_fen":0,"quantity":1,"rank":1,'
        '"valid_days":0,"worth_fen":0},'
        '{"amount_fen":0,"any_store":false,"kind":"thanks","name":"谢谢","pays_fen":0,"quantity":1,"rank":2,'
        '"valid_days":0,"worth_fen":0}]}'
    )


def test_the_liability_is_known_to_the_fen():
    table = table_of([Row(1, "红包", 188, 3), Row(2, "谢谢", 0, 7)], [Block(1, 10)])
    assert table.liability_fen == 564


@pytest.mark.parametrize(("key", "size"), [(b"short", 10), (KEY, 0)])
def test_a_wrong_key_or_an_empty_draw_is_refused(key, size):
    with pytest.raises(DrawError):
        Permutation(key, size)


def test_a_position_outside_is_refused():
    with pytest.raises(DrawError):
        Permutation(KEY, 10)(10)
