import datetime as dt

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from core.models import AuditEntry
from rewards.selectors.liability import paid_in
from rewards.services.budget import free_fen
from tests.factories.campaigns import active_order, draft, running_campaign
from tests.factories.stores import UserFactory

pytestmark = pytest.mark.django_db
FAR = dt.datetime(2999, 1, 1, tzinfo=dt.UTC)
ENGLISH = {"accept-language": "en"}


@pytest.fixture
def campaign():
    return running_campaign(active_order(), ends_at=FAR)


@pytest.fixture
def staff(client, campaign):
    client.force_login(UserFactory(brand=campaign.brand, is_superuser=True))
    return client


def address(campaign):
    return reverse("admin:rewards_campaign_top_up", args=[campaign.pk])


def post(client, campaign, amount, seen_fen=10_000):
    return client.post(address(campaign), {"amount": amount, "seen_fen": seen_fen}, headers=ENGLISH)


def wrong(response):
    return response.context["form"].errors["amount"]


def test_a_running_campaign_is_topped_up_in_yuan(staff, campaign):
    free = free_fen(campaign.pk)
    assert post(staff, campaign, "12.34").status_code == 302
    campaign.refresh_from_db()
    assert (campaign.budget_fen, paid_in(campaign), free_fen(campaign.pk)) == (11_234, 11_234, free + 1_234)


def test_a_top_up_is_audited_with_its_actor(staff, campaign):
    post(staff, campaign, "1")
    entry = AuditEntry.objects.get(action="top up campaign")
    assert (entry.actor[:5], entry.after["budget_fen"]) == ("user:", 10_100)


def test_a_form_that_is_sent_twice_pays_once(staff, campaign):
    post(staff, campaign, "1")
    again = post(staff, campaign, "1")
    assert wrong(again) == ["The budget has changed since you opened this page. Look at it again."]
    campaign.refresh_from_db()
    assert campaign.budget_fen == 10_100


@pytest.mark.parametrize("amount", ["", "x", "0", "-1", "0.001", "100000000"])
def test_what_is_no_amount_is_told_at_the_field_and_pays_nothing(staff, campaign, amount):
    assert wrong(post(staff, campaign, amount))
    campaign.refresh_from_db()
    assert campaign.budget_fen == 10_000


def test_a_draft_is_not_topped_up(staff, campaign):
    other = draft(campaign.orders.get(), ends_at=FAR)
    assert wrong(post(staff, other, "1", other.budget_fen))
    other.refresh_from_db()
    assert other.budget_fen == draft_budget(other)


def draft_budget(campaign):
    return AuditEntry.objects.get(action="draft campaign", object_id=str(campaign.pk)).after["budget_fen"]


def test_the_page_shows_the_budget_and_what_is_free(staff, campaign):
    assert "The budget is ¥100.00" in staff.get(address(campaign), headers=ENGLISH).content.decode()


def test_another_brands_campaign_is_not_there(client, campaign):
    client.force_login(UserFactory(is_superuser=True))
    assert post(client, campaign, "1").status_code == 404


def test_who_may_only_look_pays_nothing_in(client, campaign):
    user = UserFactory(brand=campaign.brand, is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_campaign"))
    client.force_login(user)
    assert post(client, campaign, "1").status_code == 403
    campaign.refresh_from_db()
    assert campaign.budget_fen == 10_000
