import datetime as dt
import json

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from consumers.sharing import share_text
from rewards.models import Claim
from rewards.selectors.dry_runs import DryRun, dry_run
from rewards.services.campaigns import PrizeRow
from tests.factories.campaigns import ConsumerFactory, active_order, draft, opened, running_campaign
from tests.factories.stores import NOON, StoreFactory, UserFactory

pytestmark = pytest.mark.django_db
DAY = NOON.date()
DAYS = {"since": DAY, "until": DAY}


@pytest.fixture
def order():
    """Ten items, of which four were opened on a day; two of them bound to a store that has an owner."""
    order = active_order(quantity=10)
    store = StoreFactory(brand=order.brand)
    for number in range(4):
        consumer = ConsumerFactory(brand=order.brand)
        opened(order, order.first_serial + number, consumer, store=store if number < 2 else None)
    return order


@pytest.fixture
def staff(client, order):
    client.force_login(UserFactory(brand=order.brand, is_superuser=True))
    return client


def test_past_openings_tell_what_a_campaign_would_have_cost_and_nothing_is_written(order):
    friend, opener = (ConsumerFactory(brand=order.brand) for _ in range(2))
    for number, via in ((4, share_text(friend)), (5, share_text(opener)), (6, "x" * 40)):
        opened(order, order.first_serial + number, opener, via=via)
    campaign = draft(order, owner_share_fen=30, salesperson_share_fen=7, referrer_share_fen=5)
    with CaptureQueriesContext(connection) as queries:
        found = dry_run(campaign, **DAYS)
    assert all(query["sql"].startswith(("SELECT", "DECLARE")) for query in queries)
    assert (found.openings, found.consumers_fen, found.owners_fen) == (7, 700, 60)
    assert (found.salespeople_fen, found.referrers_fen, found.total_fen) == (14, 5, 779)
    assert (found.worst_day, found.refused, found.spent_on) == ((DAY, 779), 0, None)
    assert not Claim.objects.exists()


def test_a_budget_that_would_have_run_short_is_told_with_the_day(order):
    found = dry_run(draft(order, budget_fen=250), **DAYS)
    assert (found.total_fen, found.refused, found.spent_on) == (200, 2, DAY)


def test_other_days_other_products_and_an_empty_table_cost_nothing(order):
    before = {"since": DAY - dt.timedelta(days=9), "until": DAY - dt.timedelta(days=1)}
    assert dry_run(draft(order), **before).openings == 0
    other = active_order()
    assert dry_run(draft(other), **DAYS).openings == 0
    empty = draft(order)
    empty.prizes.all().delete()
    assert (dry_run(empty, **DAYS).openings, DryRun().worst_day) == (0, None)


def test_the_command_tells_it_in_one_line(order, capsys):
    campaign = draft(order, PrizeRow("红包", 100, 10))
    call_command("dry_run", str(campaign.pk), f"--since={DAY}", f"--until={DAY}")
    told = json.loads(capsys.readouterr().out)
    assert (told["openings"], told["total_fen"], told["worst_day"]) == (4, 400, [str(DAY), 400])
    assert told["prizes"] == [{"rank": 1, "name": "红包", "times": 4}]
    call_command("dry_run", str(campaign.pk))
    for wrong in (["0"], [str(campaign.pk), "--since=2026-03-02", "--until=2026-03-01"]):
        with pytest.raises(CommandError):
            call_command("dry_run", *wrong)


def test_staff_try_a_draft_out_on_days_of_their_choice(staff, order):
    page = reverse("admin:rewards_campaign_try_out", args=[draft(order, budget_fen=250).pk])
    tried = staff.get(page, DAYS, headers={"accept-language": "en"}).content.decode()
    for text in ("¥2.00", "2 openings would have won nothing", "Try it out"):
        assert text in tried
    assert "None of its products was opened" in staff.get(page, headers={"accept-language": "en"}).content.decode()
    for wrong in ({"since": "x", "until": ""}, {"since": DAY, "until": DAY - dt.timedelta(days=1)}):
        assert staff.get(page, wrong).context["run"] is None


def test_a_budget_that_would_have_lasted_is_told(staff, order):
    page = reverse("admin:rewards_campaign_try_out", args=[draft(order).pk])
    assert "would have lasted" in staff.get(page, DAYS, headers={"accept-language": "en"}).content.decode()


def test_another_brands_campaign_is_not_tried_out(staff):
    other = running_campaign(active_order())
    assert staff.get(reverse("admin:rewards_campaign_try_out", args=[other.pk])).status_code == 404
