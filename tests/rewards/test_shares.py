"""One opening, several payees: the store's owner, its salesperson, who brought the opener; each a grant of its own."""

import datetime as dt
from functools import partial

import pytest

from bench.statements import statements_of
from consumers.models import Identity
from consumers.session import SESSION_COOKIE, token_for
from consumers.sharing import share_text, sharer_in
from core.errors import Invalid
from core.sealing import seal, unseal
from rewards.models import Claim, Grant, PayeeAccount, Payout
from rewards.providers.interface import Ceiling
from rewards.refusals import DayCeiling
from rewards.selectors.balances import balances_of, ledger_differences
from rewards.selectors.ceilings import PromisedToday
from rewards.selectors.claim_facts import claim_facts
from rewards.selectors.draws import draw_of
from rewards.selectors.figures import RewardFigures
from rewards.selectors.statements import Scope, page_of
from rewards.services.campaigns import PrizeRow
from rewards.services.claims import open_claim
from rewards.services.lapsing import release_lapsed
from rewards.services.payees import Proof, link_account
from rewards.services.payouts import create_waiting_payouts
from rewards.services.providers import provider
from stores.models import StoreOwner
from stores.services.counting import count_batch
from tests.factories.campaigns import ConsumerFactory, active_order, draft, opened, running_campaign, submitted
from tests.factories.kept import anew
from tests.factories.stores import NOON, SalespersonFactory, StoreFactory

pytestmark = pytest.mark.django_db
SHARES = {"owner_share_fen": 30, "salesperson_share_fen": 7, "referrer_share_fen": 5}


def world():
    """An order whose campaign pays all shares, one without a campaign, and a store of each one's brand."""
    orders = active_order(quantity=20), active_order(quantity=20)
    running_campaign(orders[0], **SHARES)
    return orders, [StoreFactory(brand=order.brand) for order in orders]


@pytest.fixture
def order(kept_world, db, request):
    """One of the campaign where the test has it, else one of none."""
    sold, bare = kept_world[0]
    return anew(sold if "campaign" in request.fixturenames else bare, "brand", "batch__product")


@pytest.fixture
def campaign(order):
    return order.campaigns.select_related("brand").get()


@pytest.fixture
def store(kept_world, order):
    (found,) = (anew(store, "brand") for store in kept_world[1] if store.brand_id == order.brand_id)
    return found


@pytest.fixture
def friend(order):
    return ConsumerFactory(brand=order.brand)


@pytest.fixture
def paced(chosen, settings):
    """Says what WeChat Pay pays one person a day: fen, and bills."""

    def pace(*ceiling):
        settings.WECHATPAY_PAYEE_DAY = ceiling
        provider.cache_clear()

    yield pace
    provider.cache_clear()


def claimed(order, store=None, *, number=0, consumer=None, via="", confidence=0.9):
    consumer = consumer or ConsumerFactory(brand=order.brand)
    scan = opened(order, order.first_serial + number, consumer, store=store, via=via, confidence=confidence)
    return open_claim(scan_id=scan.pk, consumer=consumer, visitor="", now=NOON)


def amounts(claim):
    return dict(claim.grants.values_list("payee", "amount_fen"))


def test_all_four_are_promised_and_billed_on_one_opening(order, store, friend, campaign):
    made = claimed(order, store, via=share_text(friend))
    told = made.grants.values_list("payee", "consumer", "store_owner", "salesperson", "store", "amount_fen")
    assert set(told) == {
        ("consumer", made.consumer_id, None, None, store.pk, 100),
        ("store_owner", None, store.owner_id, None, store.pk, 30),
        ("salesperson", None, None, store.salesperson_id, None, 7),
        ("referrer", friend.pk, None, None, None, 5),
    }
    assert balances_of(campaign)["payable"] == 142
    accounts = set(Payout.objects.values_list("payee_account", flat=True))
    assert {f"salesperson:{store.salesperson_id}", f"consumer:{friend.pk}"} < accounts
    assert ledger_differences(order.brand) == []
    paid = partial(Scope, brand_id=order.brand.pk, kind="payable")
    assert page_of(paid(salesperson_id=store.salesperson_id)).closing_fen == 7
    assert page_of(paid(consumer_id=friend.pk)).closing_fen == 5


def test_shares_cost_a_claim_no_further_statement(order, store, friend, campaign):
    draw_of(campaign)
    asked = []
    for number, (bound, via) in enumerate([(None, ""), (store, share_text(friend))]):
        consumer = ConsumerFactory(brand=order.brand)
        scan = opened(order, order.first_serial + number, consumer, store=bound, via=via)
        told = {"scan_id": scan.pk, "consumer": consumer, "visitor": "", "now": NOON}
        asked.append(len(statements_of(partial(open_claim, **told))))
    assert asked[0] == asked[1]
    assert Grant.objects.count() == 5


def test_the_stores_figures_count_prizes_and_owners_shares_alone(order, store, friend, campaign):
    claimed(order, store, via=share_text(friend))
    count_batch()
    assert store.days.get().reward_fen == 130
    assert {day.reward_fen for _key, day in RewardFigures().of_brand(order.brand.pk)} == {130}


def test_the_salesperson_of_the_openings_time_is_paid(order, store):
    running_campaign(order, salesperson_share_fen=7)
    consumer, then = ConsumerFactory(brand=order.brand), store.salesperson_id
    scan = opened(order, order.first_serial, consumer, store=store)
    store.salesperson = SalespersonFactory(brand=order.brand)
    store.save()
    made = open_claim(scan_id=scan.pk, consumer=consumer, visitor="", now=NOON)
    assert made.grants.get(payee="salesperson").salesperson_id == then


def test_a_doubtful_binding_pays_no_salesperson_but_who_brought_the_opener(order, store, friend, campaign):
    assert amounts(claimed(order, store, via=share_text(friend), confidence=0.49)) == {"consumer": 100, "referrer": 5}


def test_who_is_the_opener_a_stranger_forged_gone_or_paid_to_the_same_account_brought_nobody(order, friend, campaign):
    opener, gone, other = ConsumerFactory(brand=order.brand), ConsumerFactory(brand=order.brand), ConsumerFactory()
    gone.erased_at = NOON
    gone.save()
    for person in (opener, friend):
        link_account(payee=person, proof=Proof("wechatpay", "", "o-1"), now=NOON, actor="user:a")
    forged = share_text(friend)[:-1] + ("A" if share_text(friend)[-1] != "A" else "B")
    links = [share_text(opener), share_text(gone), share_text(other), share_text(friend), forged, "x" * 40, "poster"]
    for number, via in enumerate(links):
        assert amounts(claimed(order, number=number, consumer=opener, via=via)) == {"consumer": 100}


def test_a_link_is_good_for_its_brand_and_under_a_former_key(order, friend, settings):
    text = share_text(friend)
    assert (len(text), sharer_in(text, order.brand.pk), sharer_in(text, order.brand.pk + 1)) == (40, friend.pk, None)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "new"
    assert sharer_in(text, order.brand.pk) == friend.pk != sharer_in(share_text(friend), 0)


def test_shares_wait_for_accounts_and_lapse_while_the_openers_prize_does_not(order, store, friend, chosen):
    running_campaign(order, **{name: 10 * fen for name, fen in SHARES.items()}, budget_fen=20_000)
    claimed(order, store, via=share_text(friend))
    assert not Payout.objects.exists()
    for person, account in ((store.salesperson, "o-sales"), (friend, "o-friend")):
        link_account(payee=person, proof=Proof("wechatpay", "", account), now=NOON, actor="user:a")
    assert create_waiting_payouts(now=NOON) == 2
    bills = {unseal(bill.payee_account): bill.grant.payee for bill in Payout.objects.select_related("grant")}
    assert bills == {"o-sales": "salesperson", "o-friend": "referrer"}
    claimed(order, store, number=1, via=share_text(friend))
    assert Payout.objects.count() == 4
    PayeeAccount.objects.all().delete()
    claimed(order, store, number=2, via=share_text(friend))
    assert release_lapsed(now=NOON + dt.timedelta(days=400)) == 5
    kept = Grant.objects.filter(state="promised", payouts=None).values_list("payee", flat=True)
    assert list(kept) == ["consumer"] * 3


def test_a_friends_wallet_tells_of_the_share_and_nothing_of_the_opening(order, store, friend, client, campaign):
    claimed(order, store, via=share_text(friend))
    client.cookies[SESSION_COOKIE] = token_for(friend)
    page = client.get("/wallet/", headers={"accept-language": "en"}).content.decode()
    product = order.batch.product.name
    assert ("A friend opened a bottle" in page, "¥0.05" in page, product in page) == (True, True, False)
    assert f"/via/{share_text(friend)}/" in page
    (told,) = client.get("/api/v1/me/envelopes").json()["results"]
    assert (told["payee"], told["prize"], told["amount_fen"]) == ("referrer", None, 5)


def test_a_browser_remembers_whose_link_it_followed(client, friend):
    followed = client.get(f"/via/{share_text(friend)}/")
    assert (followed.status_code, followed.headers["Location"]) == (302, "/")
    assert f'data-via="{share_text(friend)}"' in client.get("/c/X").content.decode()
    assert 'data-via="poster"' in client.get("/c/X?via=poster").content.decode()


def test_an_owner_or_salesperson_paid_to_the_openers_account_opens_own_stock(order, store):
    found = []
    for number, theirs in enumerate((store.owner, store.salesperson, None)):
        consumer = ConsumerFactory(brand=order.brand)
        for person in (consumer, theirs) if theirs else ():
            link_account(payee=person, proof=Proof("wechatpay", "", f"o-{number}"), now=NOON, actor="user:a")
        scan = opened(order, order.first_serial + number, consumer, store=store)
        found.append(claim_facts(scan.pk, NOON).risk.own_store)
    assert found == [True, True, False]


@pytest.mark.parametrize(
    ("wallet", "owns"),
    [
        ("consumer:{}", True),
        ("local:li lei", True),
        ("li lei", True),
        ("owner:1", False),
        ("", False),
        ("sealed:9:abcd", False),
    ],
)
def test_an_owner_whose_wallet_is_the_openers_opens_own_stock(order, store, friend, wallet, owns):
    """Sealed or as it was kept before; one whose key is gone is nobody's."""
    Identity.objects.create(brand=order.brand, consumer=friend, provider="local", subject="li lei")
    text = wallet.format(friend.pk)
    StoreOwner.objects.filter(pk=store.owner_id).update(wallet=seal(text) if owns else text)
    scan = opened(order, order.first_serial, friend, store=store)
    assert claim_facts(scan.pk, NOON).risk.own_store == owns


def test_no_more_is_promised_than_one_person_can_be_paid_a_day(order, paced):
    """Counted together are all accounts of the brand's consumers that are paid to the same account."""
    paced(250, 9)
    campaign = running_campaign(order)
    twins = [ConsumerFactory(brand=order.brand) for _ in range(2)]
    for person in twins:
        link_account(payee=person, proof=Proof("wechatpay", "", "o-1"), now=NOON, actor="user:a")
    for number, who in enumerate(twins):
        claimed(order, number=number, consumer=who)
    with pytest.raises(DayCeiling):
        claimed(order, number=2, consumer=twins[0])
    assert (balances_of(campaign)["payable"], Claim.objects.get(state="refused").reason) == (200, "day_ceiling")
    claimed(order, number=3)
    scan = Claim.objects.get(state="refused").opening.scan_id
    made = open_claim(scan_id=scan, consumer=twins[0], visitor="", now=NOON + dt.timedelta(hours=12, seconds=1))
    assert made.state == "promised"
    assert PromisedToday(0, 0).leaves_room_for(500, Ceiling(250, 1))
    assert not PromisedToday(1, 1).leaves_room_for(1, Ceiling(250, 1))


def test_a_thank_you_passes_the_ceiling(order, paced):
    paced(100, 1)
    running_campaign(order, PrizeRow("谢谢", 0, 20), referrer_share_fen=50)
    consumer = ConsumerFactory(brand=order.brand)
    assert [claimed(order, number=number, consumer=consumer).state for number in range(2)] == ["promised"] * 2


def test_amounts_that_the_provider_does_not_pay_are_told_before_publication(order, paced):
    paced(20_000, 10)
    rows = [PrizeRow("小", 9, 10), PrizeRow("大", 20_001, 5), PrizeRow("谢谢", 0, 5)]
    with pytest.raises(Invalid) as refused:
        submitted(draft(order, *rows, budget_fen=10**6, owner_share_fen=10, referrer_share_fen=3))
    less = "The payment provider pays no less than 10 fen at a time. Enter that or more, or 0."
    more = "The payment provider pays one person no more than 20000 fen a day. Lower it."
    assert refused.value.fields == {"prizes": [f"“小”: {less}", f"“大”: {more}"], "referrer_share_fen": [less]}
