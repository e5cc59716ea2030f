"""A closed day stays as it is: the database holds it, the chain shows it, late facts go to the open day."""

import datetime as dt

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from core.errors import Invalid
from core.models import AuditEntry
from rewards import tasks
from rewards.models import Account, Closing, Posting
from rewards.refusals import NothingToClose
from rewards.selectors.balances import balances_of
from rewards.selectors.books import balances_at
from rewards.selectors.closings import differences
from rewards.services import closing as service
from rewards.services.claims import open_claim
from rewards.services.closing import BooksBelowZeroError, close_past_days, next_day
from tests.factories.campaigns import ConsumerFactory, active_order, opened, running_campaign
from tests.factories.kept import anew
from tests.factories.stores import NOON, BrandFactory
from tests.rewards.days import DAY, NEXT, ONE, closed, topped_up

pytestmark = pytest.mark.django_db


def world():
    return running_campaign(active_order())


@pytest.fixture
def campaign(kept_world, db):
    return anew(kept_world, "brand")


def days():
    return list(Posting.objects.order_by("pk").values_list("day", flat=True))


def test_a_posting_belongs_to_the_brands_own_business_day(campaign):
    for hour, day in ((15, DAY), (17, DAY + ONE)):
        topped_up(campaign, 1, dt.datetime(NOON.year, NOON.month, NOON.day, hour, tzinfo=dt.UTC))
        assert days()[-1] == day


def test_a_closing_holds_what_stood_where(campaign):
    topped_up(campaign, 500, NEXT)
    one = closed(campaign.brand)
    budget = Account.id_of(campaign.pk, Account.Kind.BUDGET)
    source = Account.id_of(campaign.pk, Account.Kind.SOURCE)
    assert one.balances == {str(source): -10_000, str(budget): 10_000}
    assert (one.postings, one.turnover_fen, one.previous_hash, one.closed_by) == (1, 10_000, "", "user:fin")
    assert balances_at(campaign.brand_id, DAY) == {source: -10_000, budget: 10_000}
    assert balances_at(campaign.brand_id, DAY + ONE) == {source: -10_500, budget: 10_500}
    assert AuditEntry.objects.get(action="books.closed").after["hash"] == one.hash


def test_each_day_is_chained_to_the_day_before_quiet_days_too(campaign):
    one = closed(campaign.brand)
    two = closed(campaign.brand, DAY + ONE, NOON + 2 * ONE)
    assert (two.previous_hash, two.postings, two.balances) == (one.hash, 0, one.balances)
    assert list(differences()) == []


def test_a_late_fact_goes_to_the_open_day(campaign):
    closed(campaign.brand)
    topped_up(campaign, 5, NOON)
    assert days() == [DAY, DAY + ONE]
    assert list(differences()) == []


def test_a_claim_on_a_closed_day_is_promised_in_the_open_one(campaign):
    order = campaign.orders.get()
    closed(campaign.brand)
    consumer = ConsumerFactory(brand=campaign.brand)
    scan = opened(order, order.first_serial, consumer)
    open_claim(scan_id=scan.pk, consumer=consumer, visitor="", now=NOON)
    assert days() == [DAY, DAY + ONE, DAY + ONE]
    assert balances_of(campaign)["payable"] == 100


def test_the_database_refuses_a_posting_dated_in_a_closed_day(campaign):
    closed(campaign.brand)
    row = Posting.objects.values().get()
    with pytest.raises(IntegrityError, match="posting_in_an_open_day"), transaction.atomic():
        Posting.objects.create(**row | {"id": None, "day": DAY})
    Posting.objects.create(**row | {"id": None, "day": DAY + ONE})
    assert days() == [DAY, DAY + ONE]


@pytest.mark.parametrize("sql", ["UPDATE rewards_closing SET postings = 7", "DELETE FROM rewards_closing"])
def test_there_is_no_reopening(campaign, sql):
    closed(campaign.brand)
    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_days_are_closed_in_order_once_and_when_they_are_over(campaign):
    wrong = {}
    for day in (DAY - ONE, DAY + ONE):
        with pytest.raises(Invalid) as refused:
            closed(campaign.brand, day, NOON + 5 * ONE)
        wrong[day] = refused.value.fields["day"]
    told = [f"Days are closed one after the other; the next one is {DAY}."]
    assert wrong == {DAY - ONE: told, DAY + ONE: told}
    with pytest.raises(Invalid) as refused:
        closed(campaign.brand, DAY, NOON)
    assert refused.value.fields == {"day": [f"{DAY} is not over yet in the brand's time zone."]}
    closed(campaign.brand)
    with pytest.raises(Invalid):
        closed(campaign.brand)


def test_the_database_holds_the_order_and_the_chain_too(campaign):
    one = closed(campaign.brand)
    facts = Closing.objects.values().get() | {"id": None}
    for wrong, name in (
        ({"day": DAY + 2 * ONE, "previous_hash": one.hash}, "closing_in_order"),
        ({"day": DAY + ONE, "previous_hash": "0" * 64}, "closing_in_order"),
        ({"day": DAY + ONE, "previous_hash": one.hash}, "closing_of_a_past_day"),
    ):
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            Closing.objects.create(**facts | wrong)
    with pytest.raises(IntegrityError, match="closing_in_order"), transaction.atomic():
        Closing.objects.create(**facts | {"brand_id": BrandFactory().pk, "previous_hash": "1" * 64})


def test_a_brand_without_postings_has_nothing_to_close():
    brand = BrandFactory()
    with pytest.raises(NothingToClose):
        closed(brand)
    assert (next_day(brand), close_past_days(brand=brand, actor="x", now=NOON)) == (None, 0)


def test_past_days_are_closed_a_portion_at_a_time(campaign):
    brand = campaign.brand
    assert close_past_days(brand=brand, actor="x", now=NOON + 5 * ONE, limit=2) == 2
    assert close_past_days(brand=brand, actor="x", now=NOON + 5 * ONE) == 3
    assert (next_day(brand), close_past_days(brand=brand, actor="x", now=NOON + 5 * ONE)) == (DAY + 5 * ONE, 0)
    assert list(differences()) == []


def test_beat_closes_every_brands_past_days_and_leaves_out_what_is_wrong(campaign, monkeypatch):
    other = running_campaign(active_order())
    monkeypatch.setattr("core.clock.now", lambda: NEXT)
    broken = service.require_sound

    def fail_for_the_first(balances):
        if min(balances) // 8 == campaign.pk:
            raise BooksBelowZeroError("broken")
        broken(balances)

    monkeypatch.setattr(service, "require_sound", fail_for_the_first)
    tasks.close_books()
    assert list(Closing.objects.values_list("brand", "day", "closed_by")) == [(other.brand_id, DAY, "system:books")]


def test_a_day_with_an_overdrawn_account_is_not_closed():
    with pytest.raises(BooksBelowZeroError):
        service.require_sound({8: -5, 9: -1})
    service.require_sound({8: -5, 9: 5})


def tampered(sql, *parameters):
    """As somebody would who is master of the database."""
    tables = ("rewards_closing", "rewards_posting")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(sql, parameters)
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def test_a_recount_finds_what_was_changed_behind_the_triggers(campaign):
    closed(campaign.brand)
    closed(campaign.brand, DAY + ONE, NOON + 2 * ONE)
    tampered("UPDATE rewards_posting SET posted_by = 'user:other'")
    name = f"brand {campaign.brand.slug} closed day"
    assert list(differences()) == [f"{name} {DAY}: the postings are not those that were closed"]
    tampered("UPDATE rewards_closing SET balances = '{}' WHERE day = %s", DAY + ONE)
    assert list(differences())[1:] == [
        f"{name} {DAY + ONE}: the balances differ from the postings",
        f"{name} {DAY + ONE}: its hash is not that of what it says",
    ]
