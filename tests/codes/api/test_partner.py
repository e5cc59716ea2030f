import base64

import pytest
from django.test import Client
from oauth2_provider.models import AccessToken

from codes.models import CodeOrder
from core.errors import Invalid, NotFound
from core.models import AuditEntry
from stores.models import PartnerClient
from stores.services.partners import PartnerDetails, PartnerNameTaken, change_partner, register_partner
from tests.codes.api.partners import Partner
from tests.factories.codes import ProductFactory
from tests.factories.stores import NOON, BrandFactory

pytestmark = pytest.mark.django_db


def basic(registered):
    pair = f"{registered.client_id}:{registered.client_secret}".encode()
    return {"authorization": f"Basic {base64.b64encode(pair).decode()}"}


def ask_for_token(registered, **more):
    return Client().post("/oauth/token/", {"grant_type": "client_credentials"} | more, headers=basic(registered))


def test_a_registered_partner_gets_a_token_with_its_scopes_and_reads_with_it():
    partner = Partner(BrandFactory(), scopes=["codes", "supply"])
    answer = ask_for_token(partner.registered)
    assert (answer.status_code, answer.json()["scope"]) == (200, "codes supply")
    token = answer.json()["access_token"]
    assert Client().get("/api/v1/code-orders", headers={"authorization": f"Bearer {token}"}).status_code == 200


def test_a_partner_gets_no_scope_that_it_was_not_given():
    partner = Partner(BrandFactory(), scopes=["supply"])
    assert ask_for_token(partner.registered, scope="codes").json()["error"] == "invalid_scope"


def test_a_partner_that_is_switched_off_gets_no_token():
    partner = Partner(BrandFactory())
    PartnerClient.objects.update(is_active=False)
    assert ask_for_token(partner.registered, scope="codes").status_code == 400


def test_a_wrong_secret_gets_no_token():
    partner = Partner(BrandFactory())
    headers = {"authorization": "Basic " + base64.b64encode(b"nobody:nothing").decode()}
    answer = Client().post("/oauth/token/", {"grant_type": "client_credentials"}, headers=headers)
    assert answer.status_code == 401
    assert partner.partner.is_active


@pytest.mark.parametrize("headers", [{}, {"authorization": "Bearer nonsense"}])
def test_without_a_good_token_the_kind_of_token_is_told(headers):
    answer = Client().get("/api/v1/code-orders", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")
    assert answer["WWW-Authenticate"] == 'Bearer realm="api"'


def test_an_expired_token_is_refused():
    partner = Partner(BrandFactory())
    AccessToken.objects.update(expires=NOON.replace(year=2020))
    assert partner.read("code-orders").status_code == 401


def test_a_token_without_the_scope_is_forbidden():
    answer = Partner(BrandFactory(), scopes=["supply"]).read("code-orders")
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")


def test_a_partner_that_was_switched_off_is_forbidden_though_its_token_lives():
    partner = Partner(BrandFactory())
    PartnerClient.objects.update(is_active=False)
    assert partner.read("code-orders").status_code == 403


def test_partners_of_a_brand_that_was_closed_are_forbidden():
    partner = Partner(BrandFactory(is_active=False))
    assert partner.read("code-orders").status_code == 403


def test_a_client_that_is_no_partner_is_forbidden():
    partner = Partner(BrandFactory())
    PartnerClient.objects.all().delete()
    assert partner.read("code-orders").status_code == 403


def test_who_asks_for_which_brand_is_read_by_one_statement(django_assert_num_queries):
    partner = Partner(BrandFactory())
    with django_assert_num_queries(1):  # the order's own
        assert partner.read("code-orders/1").status_code == 404


def order_body(brand):
    return {"gtin": ProductFactory(brand=brand).gtin, "lot": "L1", "roles": ["pallet"], "quantity": 2}


def test_a_post_under_one_key_is_carried_out_once():
    partner = Partner(BrandFactory())
    body = order_body(partner.brand)
    answers = [partner.send("code-orders", body, headers={"Idempotency-Key": "k1"}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert CodeOrder.objects.count() == 1


def test_another_request_under_an_old_key_is_refused():
    partner = Partner(BrandFactory())
    body = order_body(partner.brand)
    partner.send("code-orders", body, headers={"Idempotency-Key": "k1"})
    answer = partner.send("code-orders", body | {"quantity": 3}, headers={"Idempotency-Key": "k1"})
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")


def test_two_partners_may_use_the_same_key():
    brand = BrandFactory()
    body = order_body(brand)
    for partner in (Partner(brand), Partner(brand)):
        partner.send("code-orders", body, headers={"Idempotency-Key": "k1"})
    assert CodeOrder.objects.count() == 2


def test_a_key_that_is_too_long_is_refused():
    partner = Partner(BrandFactory())
    answer = partner.send("code-orders", order_body(partner.brand), headers={"Idempotency-Key": "k" * 201})
    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["Idempotency-Key"])


def test_a_refused_order_leaves_no_batch_behind():
    partner = Partner(BrandFactory())
    body = order_body(partner.brand)
    partner.send("code-orders", body | {"quantity": 2**40 - 1})
    answer = partner.send("code-orders", body | {"lot": "L2", "quantity": 5})
    assert answer.status_code == 400
    assert not AuditEntry.objects.filter(action="batch.create", after__lot="L2").exists()


def test_registering_is_audited_without_the_secret():
    partner = Partner(BrandFactory())
    entry = AuditEntry.objects.get(action="partner.register")
    assert entry.after["client_id"] == partner.registered.client_id
    assert partner.registered.client_secret not in str(entry.after)


@pytest.mark.parametrize(
    ("name", "scopes", "field"), [(" ", ["codes"], "name"), ("x", [], "scopes"), ("x", ["all"], "scopes")]
)
def test_a_partner_has_a_name_and_scopes_that_there_are(name, scopes, field):
    with pytest.raises(Invalid) as refusal:
        register_partner(brand=BrandFactory(), name=name, scopes=scopes, actor="user:boss", now=NOON)
    assert list(refusal.value.fields) == [field]
    assert not PartnerClient.objects.exists()


def test_a_brands_partners_have_different_names():
    brand = BrandFactory()
    register_partner(brand=brand, name="printer", scopes=["codes"], actor="user:boss", now=NOON)
    with pytest.raises(PartnerNameTaken):
        register_partner(brand=brand, name="printer ", scopes=["codes"], actor="user:boss", now=NOON)


def test_another_brands_partner_is_not_there_to_be_changed():
    partner = Partner(BrandFactory()).partner
    details = PartnerDetails(name="x", scopes=["codes"])
    with pytest.raises(NotFound):
        change_partner(brand=BrandFactory(), partner_id=partner.pk, details=details, actor="user:boss", now=NOON)


@pytest.mark.parametrize("position", ["p=abc", "p=1.5", "p=" + "9" * 5_000])
def test_a_cursor_of_somebody_elses_making_leads_nowhere(position):
    cursor = base64.b64encode(position.encode()).decode()
    answer = Partner(BrandFactory()).read("code-orders", query_params={"cursor": cursor})
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
