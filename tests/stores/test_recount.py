import datetime as dt

import pytest
from django.core.management import call_command

from stores.figures import DayKey
from stores.models import PendingCount, RegionDay, StoreDay
from stores.selectors.recount import differences
from stores.services.counting import count_batch, mark_day
from tests.factories.histories import consumer_of, open_item, receive
from tests.factories.stores import NOON, StoreFactory

pytestmark = pytest.mark.django_db(transaction=True)

DAY = NOON.date()


@pytest.fixture
def store():
    store = StoreFactory()
    open_item(store, consumer_of(store.brand))
    receive(store, [6])
    mark_day(store_id=store.pk, day=DAY)
    count_batch()
    return store


def test_right_statistics_have_no_difference(store):
    assert list(differences()) == []


def test_a_day_that_holds_something_else_is_one_line(store):
    StoreDay.objects.update(opened=5)
    RegionDay.objects.update(opened=5)
    assert list(differences()) == [
        (
            f"brand {store.brand.slug} store {store.pk} 2026-03-02: "
            "kept received=6 opened=5 users=1 new_users=1 reward_fen=0, "
            "counted received=6 opened=1 users=1 new_users=1 reward_fen=0"
        )
    ]


def test_an_unmarked_event_is_a_difference(store):
    receive(store, [1], NOON - dt.timedelta(days=1))
    assert list(differences()) == [
        (
            f"brand {store.brand.slug} store {store.pk} 2026-03-01: "
            "kept received=0 opened=0 users=0 new_users=0 reward_fen=0, "
            "counted received=1 opened=0 users=0 new_users=0 reward_fen=0"
        )
    ]


def test_figures_without_events_are_a_difference(store):
    StoreDay.objects.create(store=store, day=DAY - dt.timedelta(days=9), users=1)
    lines = list(differences())
    assert [line.split(":")[0] for line in lines] == [
        f"brand {store.brand.slug} store {store.pk} 2026-02-21",
        *[f"brand {store.brand.slug} region {code} 2026-02-21" for code in ("000000", "510000", "510100", "510104")],
    ]


def test_an_empty_row_is_no_difference(store):
    StoreDay.objects.create(store=store, day=DAY - dt.timedelta(days=9))
    assert list(differences()) == []


def test_a_region_that_is_not_the_sum_of_its_stores_is_one_line(store):
    RegionDay.objects.filter(region_id="510100").update(moving_stores=7)
    assert list(differences()) == [
        (
            f"brand {store.brand.slug} region 510100 2026-03-02: "
            "kept received=6 opened=1 users=1 new_users=1 reward_fen=0 moving_stores=7, "
            "counted received=6 opened=1 users=1 new_users=1 reward_fen=0 moving_stores=1"
        )
    ]


def test_a_day_that_is_marked_and_not_yet_counted_is_no_difference(store):
    open_item(store, consumer_of(store.brand))
    mark_day(store_id=store.pk, day=DAY)
    assert list(differences()) == []


def test_the_command_counts_what_is_marked_first_and_leaves_with_0(store, capsys):
    open_item(store, consumer_of(store.brand))
    mark_day(store_id=store.pk, day=DAY)
    call_command("recount")
    assert PendingCount.objects.count() == 0
    assert capsys.readouterr() == ("", "no difference\n")


def test_the_command_prints_differences_mends_none_and_leaves_with_1(store, capsys):
    RegionDay.objects.filter(region_id="510100").update(moving_stores=7)
    for _ in range(2):
        with pytest.raises(SystemExit) as left:
            call_command("recount")
        assert left.value.code == 1
        printed = capsys.readouterr()
        assert printed.out.count("\n") == 1
        assert printed.err == "differences: 1\n"


def test_other_rooms_add_their_checks_by_settings(store, settings):
    settings.RECOUNTS = ["tests.stores.recount_checks.further_check"]
    assert list(differences()) == ["ledger: kept 1, counted 2"]


def test_a_source_out_of_order_is_a_fault_not_a_difference(store, settings):
    settings.FIGURE_SOURCES = ["tests.stores.recount_checks.Unordered"]
    with pytest.raises(ValueError, match="out of order"):
        list(differences())


def test_figures_take_part_from_every_source(store, settings):
    settings.FIGURE_SOURCES = ["codes.selectors.figures.CodeFigures", "tests.stores.recount_checks.Rewards"]
    mark_day(store_id=store.pk, day=DAY)
    assert count_batch() == {DayKey(store.pk, DAY)}
    assert StoreDay.objects.get(store=store).reward_fen == 188
