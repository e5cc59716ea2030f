import datetime as dt

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from rewards.models import Transfer
from rewards.selectors.liability import paid_in
from rewards.services.budget import free_fen
from tests.factories.campaigns import active_order, draft, running_campaign
from tests.factories.kept import anew
from tests.factories.stores import UserFactory

pytestmark = pytest.mark.django_db
FAR = dt.datetime(2999, 1, 1, tzinfo=dt.UTC)
ENGLISH = {"accept-language": "en"}
TRANSFERS = reverse("admin:rewards_transfer_changelist")


def world():
    return running_campaign(active_order(), ends_at=FAR)


@pytest.fixture
def campaign(kept_world, db):
    return anew(kept_world, "brand")


@pytest.fixture
def staff(client, campaign):
    client.force_login(UserFactory(brand=campaign.brand, is_superuser=True))
    return client


def address(campaign, step="top_up"):
    return reverse(f"admin:rewards_campaign_{step}", args=[campaign.pk])


def post(client, campaign, amount, step="top_up"):
    return client.post(address(campaign, step), {"amount": amount, "reference": "B-7"}, headers=ENGLISH)


def wrong(response):
    return response.context["form"].errors["amount"]


def act(client, action, transfer, **answers):
    data = {"action": action, "_selected_action": [transfer.pk], "confirmed": "yes"}
    return client.post(TRANSFERS, data | answers, follow=True, headers=ENGLISH).content.decode()


def state_of(campaign):
    campaign.refresh_from_db()
    return campaign.budget_fen, paid_in(campaign), free_fen(campaign.pk)


def test_a_top_up_in_yuan_moves_when_a_second_person_approves(staff, campaign, client):
    assert post(staff, campaign, "12.34").status_code == 302
    assert state_of(campaign) == (10_000, 10_000, 10_000)
    transfer = Transfer.objects.get()
    assert "somebody else must decide it" in act(staff, "approve", transfer)
    client.force_login(UserFactory(brand=campaign.brand, is_superuser=True))
    assert "Approve and post: 1 done." in act(client, "approve", transfer)
    assert state_of(campaign) == (11_234, 11_234, 11_234)


def test_a_refusal_and_a_withdrawal_move_nothing(staff, campaign, client):
    post(staff, campaign, "1")
    act(staff, "withdraw", Transfer.objects.get())
    assert wrong(post(staff, campaign, "1", "refund"))[0].startswith("A published campaign keeps its budget.")
    post(staff, campaign, "2")
    client.force_login(UserFactory(brand=campaign.brand, is_superuser=True))
    for transfer in Transfer.objects.filter(state="asked"):
        assert "Refuse: 1 done." in act(client, "refuse", transfer, remark="no")
    assert state_of(campaign) == (10_000, 10_000, 10_000)


def test_a_form_that_is_sent_twice_asks_once(staff, campaign):
    post(staff, campaign, "1")
    assert wrong(post(staff, campaign, "1"))[0].startswith("Another transfer of this campaign waits")
    assert Transfer.objects.count() == 1


@pytest.mark.parametrize("amount", ["", "x", "0", "-1", "0.001", "100000000"])
def test_what_is_no_amount_is_told_at_the_field_and_asks_for_nothing(staff, campaign, amount):
    assert wrong(post(staff, campaign, amount))
    assert not Transfer.objects.exists()


def test_a_drafts_page_offers_what_is_missing(staff, campaign):
    other = draft(campaign.orders.get(), ends_at=FAR)
    page = staff.get(address(other, "fund"), headers=ENGLISH).content.decode()
    assert 'value="100"' in page
    assert "The budget is ¥100.00; ¥0.00 of it are free." in page


def test_transfers_are_listed_by_what_is_to_be_done(staff, campaign):
    post(staff, campaign, "1")
    shown = [staff.get(TRANSFERS, {"work": work}).context["cl"].result_count for work in ("waiting", "decided", "")]
    assert shown == [1, 0, 1]
    page = staff.get(reverse("admin:rewards_transfer_change", args=[Transfer.objects.get().pk])).content.decode()
    assert "B-7" in page


@pytest.mark.parametrize("step", ["fund", "top_up", "refund"])
def test_another_brands_campaign_is_not_there(client, campaign, step):
    client.force_login(UserFactory(is_superuser=True))
    assert post(client, campaign, "1", step).status_code == 404


def test_who_may_only_look_asks_for_nothing_and_decides_nothing(client, staff, campaign):
    post(staff, campaign, "1")
    user = UserFactory(brand=campaign.brand, is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=["view_campaign", "view_transfer"]))
    client.force_login(user)
    assert post(client, campaign, "1").status_code == 403
    act(client, "approve", Transfer.objects.get())
    assert Transfer.objects.get().state == "asked"


def test_a_campaign_shows_the_buttons_that_its_state_allows(staff, campaign):
    other = draft(campaign.orders.get(), ends_at=FAR)
    steps = ("fund", "top-up", "refund")
    shown = {
        state.state: [step for step in steps if f"/{state.pk}/{step}" in page(staff, state)]
        for state in (campaign, other)
    }
    assert shown == {"published": ["top-up"], "draft": ["fund", "refund"]}


def page(client, campaign):
    return client.get(reverse("admin:rewards_campaign_change", args=[campaign.pk])).content.decode()
