"""Staff look at payouts of their brand, and may have the provider asked; nothing can be changed by hand."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from core import clock
from core.models import AuditEntry
from core.sealing import seal
from rewards.models import Payout
from rewards.providers.interface import Answer, Outcome
from rewards.sandbox.models import Behaviour, Bill, Instruction
from rewards.services import withdrawing
from rewards.services.claiming import Lease, claim_due
from rewards.services.settling import settle_batch
from tests.factories.promises import payout
from tests.factories.stores import NOON, BrandFactory, UserFactory
from tests.rewards.banks import ACCEPTED, PAID, Clock, ScriptedBank

pytestmark = pytest.mark.django_db
WAITING, CANCELLED = Answer(Outcome.AWAITING_CONFIRMATION), Answer(Outcome.CANCELLED)
PAYOUTS = reverse("admin:rewards_payout_changelist")


def signed_in(**account: object) -> Client:
    client = Client()
    client.force_login(UserFactory(**account), "django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def platform() -> Client:
    return signed_in(platform=True)


def ask(client: Client, one: Payout) -> str:
    return act(client, one, "ask_the_provider_now")


def act(client: Client, one: Payout, action: str) -> str:
    data = {"action": action, "_selected_action": [str(one.pk)]}
    return client.post(PAYOUTS, data, follow=True, headers={"accept-language": "en"}).content.decode()


def test_a_payout_is_found_by_its_bill_number_alone(platform) -> None:
    one, other = payout(), payout()
    page = platform.get(PAYOUTS, {"q": one.bill_no}).content.decode()
    assert (one.bill_no in page, other.bill_no in page) == (True, False)
    assert "1.00" in page


def test_a_payouts_page_shows_its_steps_and_offers_no_change(platform) -> None:
    one = payout()
    settle_batch(bank=ScriptedBank([PAID]), tick=Clock(NOON))
    page = platform.get(reverse("admin:rewards_payout_change", args=[one.pk])).content.decode()
    assert "支付机构答复" in page
    assert 'name="_save"' not in page


@pytest.mark.parametrize("address", ["add", "delete"])
def test_nobody_adds_or_deletes_a_payout(platform, address) -> None:
    arguments = [] if address == "add" else [payout().pk]
    assert platform.get(reverse(f"admin:rewards_payout_{address}", args=arguments)).status_code == 403


def test_staff_see_their_own_brands_payouts_alone() -> None:
    one, other = payout(), payout()
    client = signed_in(brand=one.brand, is_superuser=True)
    page = client.get(PAYOUTS).content.decode()
    assert (one.bill_no in page, other.bill_no in page) == (True, False)
    assert client.get(reverse("admin:rewards_payout_change", args=[other.pk])).status_code == 404


def test_the_provider_is_asked_at_once_on_request(platform) -> None:
    one = payout(now=clock.now())
    settle_batch(bank=ScriptedBank([ACCEPTED]), tick=clock.now)
    assert "1 payout will be asked about." in ask(platform, one)
    bank = ScriptedBank([PAID])
    settle_batch(bank=bank, tick=clock.now)
    assert bank.asked == [one.bill_no]


def test_what_is_being_sent_is_left_alone(platform) -> None:
    one = payout()
    claim_due(provider="sandbox", lease=Lease(ScriptedBank([]).pace.lease, 1), now=NOON)
    assert "0 payouts will be asked about." in ask(platform, one)


def test_the_wallet_is_told_how_to_behave_by_the_platform(platform) -> None:
    data = {"account": "alice", "behaviour": "wait", "delay_ms": "500"}
    platform.post(reverse("admin:sandbox_instruction_add"), data)
    told = Instruction.objects.get()
    assert (told.account, told.behaviour, told.delay_ms) == ("alice", Behaviour.WAIT, 500)
    platform.post(reverse("admin:sandbox_instruction_change", args=[told.pk]), data | {"behaviour": "refuse"})
    assert Instruction.objects.get().behaviour == Behaviour.REFUSE
    platform.post(reverse("admin:sandbox_instruction_delete", args=[told.pk]), {"post": "yes"})
    assert not Instruction.objects.exists()


def test_the_wallets_bills_are_read_only(platform) -> None:
    bill = Bill.objects.create(bill_no="b1", account="a", amount_fen=5, state="success", received_at=NOON)
    page = platform.get(reverse("admin:sandbox_bill_change", args=[bill.pk])).content.decode()
    assert 'name="_save"' not in page
    assert "b1" in platform.get(reverse("admin:sandbox_bill_changelist")).content.decode()
    assert platform.get(reverse("admin:sandbox_bill_add")).status_code == 403
    assert platform.get(reverse("admin:sandbox_bill_delete", args=[bill.pk])).status_code == 403


def test_nobody_of_a_brand_looks_into_the_wallet() -> None:
    client = signed_in(brand=BrandFactory(), is_superuser=True)
    assert client.get(reverse("admin:sandbox_bill_changelist")).status_code == 403
    assert "sandbox" not in client.get(reverse("admin:index")).content.decode()


def test_a_persons_account_is_shown_by_its_ends_and_found_in_full(platform) -> None:
    one, other = payout(), payout()
    Payout.objects.filter(pk=one.pk).update(payee_account=seal("o-MYE42l80oelYMDE34nYD456Xoy"))
    page = platform.get(PAYOUTS).content.decode()
    assert "o-…oy" in page
    assert "sealed:" not in page + platform.get(
        reverse("admin:rewards_payout_change", args=[one.pk])
    ).content.decode().replace("Sealed", "")
    found = platform.get(PAYOUTS, {"q": "o-MYE42l80oelYMDE34nYD456Xoy"}).content.decode()
    assert (one.bill_no in found, other.bill_no in found) == (True, False)


def test_a_payout_says_what_is_the_matter(platform) -> None:
    for changes in (
        {"fault": "NOT_ENOUGH"},
        {"fault": "told_paid"},
        {"fault": "SOMETHING_NEW", "state": "sending"},
        {},
    ):
        Payout.objects.filter(pk=payout().pk).update(**changes)
    page = platform.get(PAYOUTS, headers={"accept-language": "en"}).content.decode()
    lines = ("account is empty", "paid, after we gave it up", "answers are unclear", "waits to be handed over")
    assert [page.count(words) for words in lines] == [1] * 4


def test_a_paid_payout_is_worth_a_look_once_the_provider_denies_it(platform) -> None:
    one = payout()
    settle_batch(bank=ScriptedBank([PAID]), tick=Clock(NOON))
    assert one.bill_no not in platform.get(PAYOUTS, {"look": "yes"}).content.decode()
    Payout.objects.filter(pk=one.pk).update(fault="told_failed")
    assert one.bill_no in platform.get(PAYOUTS, {"look": "yes"}).content.decode()


class Letting(ScriptedBank):
    """Lets go of bills."""

    def cancel(self, bill_no: str) -> Answer:
        self.asked.append(f"cancel {bill_no}")
        return ACCEPTED


def test_a_waiting_bill_is_withdrawn_by_asking_and_its_promise_gets_another(platform, monkeypatch) -> None:
    one = payout()
    bank = Letting([WAITING, CANCELLED, PAID])
    clock_by_hand = Clock(NOON)
    settle_batch(bank=bank, tick=clock_by_hand)
    monkeypatch.setattr(withdrawing, "provider", lambda _: bank)
    assert "1 bill is to be withdrawn" in act(platform, one, "withdraw_unconfirmed")
    assert bank.asked == [f"cancel {one.bill_no}"]
    one.refresh_from_db()
    assert one.state == "awaiting_confirmation"
    for seconds in (0, 60):
        clock_by_hand.now = clock.now() + dt.timedelta(seconds=seconds)
        settle_batch(bank=bank, tick=clock_by_hand)
    assert list(Payout.objects.order_by("created_at").values_list("state", flat=True)) == ["cancelled", "paid"]
    assert AuditEntry.objects.filter(action="withdraw payout").count() == 1


def test_what_a_provider_does_not_let_go_of_is_left_alone(platform) -> None:
    one = payout()
    assert "0 bills are to be withdrawn" in act(platform, one, "withdraw_unconfirmed")
    Payout.objects.filter(pk=one.pk).update(state="sending")
    Payout.objects.filter(pk=one.pk).update(state="awaiting_confirmation")
    assert "0 bills are to be withdrawn" in act(platform, one, "withdraw_unconfirmed")


def test_who_may_only_look_withdraws_nothing() -> None:
    one = payout()
    client = signed_in(brand=one.brand, is_staff=True)
    client.get(PAYOUTS)
    assert "withdrawn" not in act(client, one, "withdraw_unconfirmed")
