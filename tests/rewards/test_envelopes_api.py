import datetime as dt
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from codes.ciphers import code_cipher
from codes.formats.code_text import Role
from codes.models import Opening
from consumers.session import token_for
from core.models import IdempotentCall
from rewards.models import Claim, Grant, Payout
from rewards.services.campaigns import PrizeRow, end_campaign
from tests.factories.campaigns import ACTOR, ConsumerFactory, active_order, opened, running_campaign, scan_of
from tests.factories.kept import anew
from tests.factories.supply import moved

pytestmark = pytest.mark.django_db


def world():
    """An order with a campaign, and one without."""
    orders = active_order(quantity=40), active_order(quantity=40)
    running_campaign(orders[0], PrizeRow("红包", 100, 40, "Envelope"), ends_at=dt.datetime(2999, 1, 1, tzinfo=dt.UTC))
    return orders


@pytest.fixture
def order(kept_world, db, request):
    """One of a campaign where the test has one, else one of none."""
    sold, bare = kept_world
    return anew(sold if "campaign" in request.fixturenames else bare, "brand", "batch__product")


@pytest.fixture
def consumer(order):
    return ConsumerFactory(brand=order.brand)


@pytest.fixture
def campaign(order):
    return order.campaigns.select_related("brand").get()


def signed_in(consumer):
    return {"HTTP_AUTHORIZATION": f"Bearer {token_for(consumer)}", "HTTP_ACCEPT_LANGUAGE": "en"}


def post_claim(client, scan, consumer, **headers):
    return client.post(f"/api/v1/scans/{scan.pk}/claim", **signed_in(consumer) | headers)


@pytest.mark.usefixtures("campaign")
@pytest.mark.parametrize(
    ("kind", "before_the_scan", "code"),
    [("sample", True, "sampled"), ("sample", False, "sampled"), ("destroy", False, "voided")],
)
def test_goods_that_were_never_sold_are_paid_nothing(client, order, consumer, kind, before_the_scan, code):
    """Scanned by somebody signed in, or before signing in and before the movement."""
    if before_the_scan:
        moved(kind, order.brand, order.first_serial)
    person = signed_in(consumer) if before_the_scan else {}
    body = {"code": code_cipher().encode(Role.ITEM_INNER, order.first_serial)}
    scan = client.post("/api/v1/scans", body, content_type="application/json", **person)
    assert (scan.status_code, scan.json()["verdict"]) == (201, "genuine_first")
    if not before_the_scan:
        moved(kind, order.brand, order.first_serial)
    refused = client.post(f"/api/v1/scans/{scan.json()['id']}/claim", **signed_in(consumer))
    assert (refused.status_code, refused.json()["code"], refused.json()["retry"]) == (409, code, False)
    assert not [made for made in (Opening, Claim, Grant, Payout) if made.objects.exists()]


def test_a_claim_answers_the_envelope(client, order, consumer, campaign):
    response = post_claim(client, opened(order, order.first_serial, consumer), consumer)
    grant = Grant.objects.get()
    assert response.status_code == 201
    assert response.json() == {
        "id": str(grant.pk),
        "amount_fen": 100,
        "state": "promised",
        "text": "Your money is on its way.",
        "payee": "consumer",
        "prize": {"name": "红包", "name_en": "Envelope"},
        "campaign": {"name": "开瓶有礼", "name_en": "Open and win"},
        "claimed_at": grant.promised_at.isoformat().replace("+00:00", "Z"),
        "settled_at": None,
        "payout": None,
        "locked_until": None,
        "voucher": None,
    }


def test_the_repeated_claim_answers_200_and_the_same_body(client, order, consumer, campaign):
    scan = opened(order, order.first_serial, consumer)
    first, second = post_claim(client, scan, consumer), post_claim(client, scan, consumer)
    assert (second.status_code, second.json()) == (200, first.json())


def test_a_claim_repeated_under_its_key_gets_the_very_answer(client, order, consumer, campaign):
    scan = opened(order, order.first_serial, consumer)
    first = post_claim(client, scan, consumer, HTTP_IDEMPOTENCY_KEY="k1")
    second = post_claim(client, scan, consumer, HTTP_IDEMPOTENCY_KEY="k1")
    assert (second.status_code, second.json()) == (201, first.json())


def test_a_key_is_for_one_scan(client, order, consumer, campaign):
    post_claim(client, opened(order, order.first_serial, consumer), consumer, HTTP_IDEMPOTENCY_KEY="k1")
    other = opened(order, order.first_serial + 1, consumer)
    assert post_claim(client, other, consumer, HTTP_IDEMPOTENCY_KEY="k1").status_code == 422


def test_a_key_has_at_most_200_characters(client, order, consumer):
    response = post_claim(client, scan_of(order, order.first_serial), consumer, HTTP_IDEMPOTENCY_KEY="k" * 201)
    assert (response.status_code, list(response.json()["fields"])) == (400, ["Idempotency-Key"])


def test_nobody_claims_without_signing_in(client, order):
    response = client.post(f"/api/v1/scans/{scan_of(order, order.first_serial).pk}/claim")
    assert (response.status_code, response.json()["code"]) == (401, "not_signed_in")


def test_a_refusal_is_a_problem_document_in_words(client, order, consumer):
    response = post_claim(client, opened(order, order.first_serial, consumer), consumer)
    assert (response.status_code, response["Content-Type"]) == (409, "application/problem+json")
    problem = response.json()
    assert (problem["code"], problem["retry"], problem["title"]) == (
        "no_campaign",
        True,
        "No red-envelope campaign runs for this item at present.",
    )


def test_a_campaign_to_come_tells_its_start(client, order, consumer):
    start = dt.datetime(2998, 1, 1, tzinfo=dt.UTC)
    running_campaign(order, starts_at=start, ends_at=dt.datetime(2999, 1, 1, tzinfo=dt.UTC))
    problem = post_claim(client, opened(order, order.first_serial, consumer), consumer).json()
    assert (problem["code"], problem["starts_at"]) == ("campaign_not_started", "2998-01-01T00:00:00Z")


def test_an_envelope_tells_how_its_payment_stands(client, order, consumer, campaign):
    made = post_claim(client, opened(order, order.first_serial, consumer), consumer).json()
    seen = client.get(f"/api/v1/envelopes/{made['id']}", **signed_in(consumer)).json()
    assert seen == made | {"payout": {"state": "created", "text": "created"}}


def test_a_thank_you_is_an_envelope_without_money(client, order, consumer):
    running_campaign(order, PrizeRow("谢谢", 0, 40), ends_at=dt.datetime(2999, 1, 1, tzinfo=dt.UTC))
    made = post_claim(client, opened(order, order.first_serial, consumer), consumer).json()
    assert (made["amount_fen"], made["state"]) == (0, "thank_you")
    assert client.get(f"/api/v1/envelopes/{made['id']}", **signed_in(consumer)).json() == made


def test_somebody_elses_envelope_is_not_found(client, order, consumer, campaign):
    made = post_claim(client, opened(order, order.first_serial, consumer), consumer).json()
    other = ConsumerFactory(brand=order.brand)
    assert client.get(f"/api/v1/envelopes/{made['id']}", **signed_in(other)).status_code == 404


def test_an_envelope_that_never_was_is_not_found(client, consumer):
    assert client.get(f"/api/v1/envelopes/{uuid4()}", **signed_in(consumer)).status_code == 404


def test_own_envelopes_come_newest_first_in_pages(client, order, consumer, campaign):
    made = [
        post_claim(client, opened(order, order.first_serial + number, consumer), consumer).json()["id"]
        for number in range(3)
    ]
    first = client.get("/api/v1/me/envelopes?page_size=2", **signed_in(consumer)).json()
    rest = client.get(first["next"], **signed_in(consumer)).json()
    assert [row["id"] for row in first["results"] + rest["results"]] == made[::-1]
    assert rest["next"] is None


def test_a_longer_list_costs_no_more_queries(client, order, consumer, campaign):
    counts = []
    for number in range(2):
        post_claim(client, opened(order, order.first_serial + number, consumer), consumer)
        with CaptureQueriesContext(connection) as queries:
            client.get("/api/v1/me/envelopes", **signed_in(consumer))
        counts.append(len(queries))
    assert counts == [1, 1]  # beside the session


def test_a_refused_claim_notes_the_same_with_a_key_as_without(client, order, consumer):
    scans = [scan_of(order, order.first_serial + number, consumer) for number in range(2)]
    answers = [
        post_claim(client, scan, consumer, **headers)
        for scan, headers in zip(scans, [{}, {"HTTP_IDEMPOTENCY_KEY": "k1"}], strict=True)
    ]
    assert [answer.json()["code"] for answer in answers] == ["no_campaign", "no_campaign"]
    assert list(Opening.objects.order_by("serial").values_list("serial", "consumer")) == [
        (order.first_serial, consumer.pk),
        (order.first_serial + 1, consumer.pk),
    ]
    assert list(Claim.objects.order_by("opening").values_list("state", "reason")) == [("refused", "no_campaign")] * 2


def test_a_final_refusal_is_the_keys_answer(client, order, consumer, campaign):
    end_campaign(campaign_id=campaign.pk, brand=order.brand, actor=ACTOR, now=campaign.ends_at)
    scan = scan_of(order, order.first_serial, consumer)
    first, second = (post_claim(client, scan, consumer, HTTP_IDEMPOTENCY_KEY="k1") for _ in range(2))
    assert (first.status_code, first.json()["code"]) == (409, "campaign_ended")
    assert (second.status_code, second["Content-Type"], second.json()) == (409, first["Content-Type"], first.json())
    assert list(IdempotentCall.objects.values_list("key", "status")) == [("k1", 409)]


def test_a_refusal_that_a_retry_may_mend_leaves_its_key_free(client, order, consumer):
    scan = scan_of(order, order.first_serial, consumer)
    refused = post_claim(client, scan, consumer, HTTP_IDEMPOTENCY_KEY="k1")
    assert (refused.json()["code"], refused.json()["retry"]) == ("no_campaign", True)
    running_campaign(order, ends_at=dt.datetime(2999, 1, 1, tzinfo=dt.UTC))
    made = post_claim(client, scan, consumer, HTTP_IDEMPOTENCY_KEY="k1")
    assert (made.status_code, made.json()["amount_fen"]) == (201, 100)


def test_what_is_no_claims_refusal_undoes_all_under_a_key(client, order, consumer):
    scan = opened(order, order.first_serial, consumer)
    other = ConsumerFactory(brand=order.brand)
    answer = post_claim(client, scan, other, HTTP_IDEMPOTENCY_KEY="k1")
    assert (answer.status_code, IdempotentCall.objects.count()) == (404, 0)
