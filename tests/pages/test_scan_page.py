import datetime as dt
import re

import pgtrigger
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from codes.models import Scan
from codes.services.scanning import NewScan, record_scan
from consumers.session import SESSION_COOKIE, token_for
from core import clock
from rewards.models import Grant, Payout, Prize
from rewards.services.campaigns import end_campaign
from rewards.services.claims import open_claim
from stores.models import Brand
from tests.factories.campaigns import running_campaign
from tests.factories.consumers import ConsumerFactory
from tests.factories.shop_window import code_of

WRITES = re.compile(r"^\s*(INSERT|UPDATE|DELETE|MERGE)\b|FOR UPDATE", re.IGNORECASE)


def scan_once(code):
    return record_scan(NewScan(code=code, visitor="somebody", nonce="n"), now=clock.now())


def html(client, path, language="zh-hans"):
    return client.get(path, headers={"accept-language": language}).content.decode()


def verdict_in(body):
    return re.search(r'<section class="verdict[^>]*data-verdict="(\w+)"', body)[1]


def sign_in(client, consumer):
    client.cookies[SESSION_COOKIE] = token_for(consumer)


def test_looking_at_a_code_writes_nothing(client, window):
    code = window.inner()
    with CaptureQueriesContext(connection) as queries:
        assert client.get(f"/c/{code}").status_code == 200
    assert [query["sql"] for query in queries if WRITES.search(query["sql"])] == []
    assert not Scan.objects.exists()


def test_a_fresh_inner_code_is_genuine_and_has_an_envelope(client, window):
    body = html(client, f"/c/{window.inner()}")
    assert verdict_in(body) == "genuine_first"
    assert "开盖有礼" in body
    assert "data-envelope" in body


def test_an_outer_code_shows_no_envelope(client, window):
    body = html(client, f"/c/{window.outer()}")
    assert verdict_in(body) == "genuine_first"
    assert "data-envelope " not in body


def test_a_scanned_code_says_when_it_was_first_scanned(client, window):
    answer = scan_once(window.inner())
    body = html(client, f"/c/{window.inner()}")
    assert verdict_in(body) == "genuine_repeat"
    assert timezone.localtime(answer.scanned_at).strftime("%Y-%m-%d %H:%M") in body


@pytest.mark.parametrize(
    ("statement", "verdict"),
    [("issued", "not_activated"), ("frozen", "frozen"), ("recalled", "recalled"), ("voided", "voided")],
)
def test_a_statement_of_the_brand_is_the_verdict(client, window, statement, verdict):
    assert verdict_in(html(client, f"/c/{window.said(statement)}")) == verdict


@pytest.mark.parametrize(("text", "verdict"), [("10000000000000000", "unknown"), ("HELLO", "malformed")])
def test_what_is_no_code_of_ours_is_told_so(client, window, text, verdict):
    assert verdict_in(html(client, f"/c/{text}")) == verdict


def test_the_three_addresses_of_a_code_tell_the_same(client, window):
    code = window.inner()
    paths = [f"/c/{code}", f"/C/{code}", f"/c/{code}?gtin={window.product.gtin}"]
    assert {verdict_in(html(client, path)) for path in paths} == {"genuine_first"}


def test_a_link_to_another_product_is_unknown(client, window):
    assert verdict_in(html(client, f"/c/{window.inner()}?gtin=06901234567892")) == "unknown"


def test_the_page_speaks_english_to_an_english_phone(client, window):
    body = html(client, f"/c/{window.inner()}", "en")
    assert '<html lang="en">' in body
    assert "Jiang An Daqu, aged five years" in body
    assert "Open and win" in body


def test_the_page_speaks_chinese_first(client, window):
    body = html(client, f"/c/{window.inner()}", "fr")
    assert '<html lang="zh-Hans">' in body
    assert "正品" in body


def test_no_script_stands_in_the_page_itself(client, window):
    for path in ("/", f"/c/{window.inner()}", f"/c/{window.store.b_code}", "/wallet/"):
        body = html(client, path)
        inline = re.findall(r'<script(?![^>]*\bsrc=)(?![^>]*type="application/json")', body)
        assert (path, inline, re.findall(r"\son\w+=", body)) == (path, [], [])


def test_the_pages_carry_the_policy_that_forbids_foreign_files(client, window):
    policy = client.get(f"/c/{window.inner()}").headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'self';")


def test_a_consumer_of_another_brand_is_asked_to_sign_in(client, window):
    sign_in(client, ConsumerFactory(brand=Brand.objects.create(slug="other", name="别家")))
    assert "data-sign-in" in html(client, f"/c/{window.inner()}")


def test_a_consumer_of_the_brand_needs_no_name(client, window):
    sign_in(client, ConsumerFactory(brand=window.brand))
    assert "data-sign-in" not in html(client, f"/c/{window.inner()}")


def test_without_the_local_identity_the_page_says_that_no_sign_in_is_offered(client, window, settings):
    settings.LOCAL_IDENTITY = False
    body = html(client, f"/c/{window.inner()}", "en")
    assert "Opening needs a sign-in that is not offered here yet" in body
    assert "data-sign-in" not in body


def test_whoever_scanned_first_is_not_frightened_by_the_own_scan(client, window):
    client.get("/c/HELLO")
    visitor = client.cookies["onecode_visitor"].value.partition(":")[0]
    record_scan(NewScan(code=window.inner(), visitor=visitor, nonce="n"), now=clock.now())
    assert "You were the first to scan this code" in html(client, f"/c/{window.inner()}", "en")


def test_a_bottle_opened_by_somebody_else_has_no_envelope_left(client, window):
    consumer = ConsumerFactory(brand=window.brand)
    record_scan(NewScan(code=window.inner(), visitor="v", nonce="n", consumer=consumer), now=clock.now())
    assert "opened by somebody else" in html(client, f"/c/{window.inner()}", "en")


def test_a_store_s_sign_names_store_kind_place_and_region(client, window):
    body = html(client, f"/c/{window.store.b_code}", "en")
    for word in (window.store.name, "Tobacco and liquor shop", window.store.address, "四川省", "锦江区"):
        assert word in body
    assert "I am shopping here" in body


def test_a_closed_store_s_sign_is_unknown(client, window):
    window.store.is_active = False
    window.store.save()
    assert verdict_in(html(client, f"/c/{window.store.b_code}")) == "unknown"


def test_a_member_code_says_nothing_about_the_person(client, window):
    consumer = ConsumerFactory(brand=window.brand, name="Zhang San")
    body = html(client, f"/c/{consumer.c_code}", "en")
    assert "This is a member code" in body
    assert "Zhang San" not in body


def test_a_code_s_page_is_not_kept_by_caches(client, window):
    assert "no-store" in client.get(f"/c/{window.inner()}").headers["Cache-Control"]


def test_a_post_to_the_page_is_refused(client, window):
    assert client.post(f"/c/{window.inner()}").status_code == 405


def opened(client, window):
    """A signed-in consumer who has scanned the first bottle and opened its envelope."""
    consumer = ConsumerFactory(brand=window.brand)
    scan = record_scan(NewScan(code=window.inner(), visitor="v", nonce="n", consumer=consumer), now=clock.now())
    claim = open_claim(scan_id=scan.id, consumer=consumer, visitor="v", now=clock.now())
    sign_in(client, consumer)
    return claim


def test_an_opened_envelope_shows_its_amount_and_payment_again_after_a_reload(client, window):
    claim = opened(client, window)
    body = html(client, f"/c/{window.inner()}", "en")
    assert "¥8.88" in body
    assert f'data-payment="promised" data-id="{claim.envelope.pk}"' in body
    assert "The money is on its way to you" in body


def test_a_paid_envelope_says_so_after_a_reload(client, window):
    claim = opened(client, window)
    Grant.objects.filter(pk=claim.envelope.pk).update(state="paid", settled_at=clock.now())
    assert "Paid to your wallet" in html(client, f"/c/{window.inner()}", "en")


def test_an_envelope_that_waits_for_the_payee_says_so_after_a_reload(client, window):
    claim = opened(client, window)
    payout = Payout.objects.get(grant=claim.envelope)
    for state in ("sending", "awaiting_confirmation"):
        Payout.objects.filter(pk=payout.pk).update(state=state)
    assert "Please confirm the receipt in your wallet" in html(client, f"/c/{window.inner()}", "en")


def test_a_thank_you_is_shown_again_after_a_reload(client, window):
    with pgtrigger.ignore("rewards.Prize:sealed"):
        Prize.objects.update(amount_fen=0)
    opened(client, window)
    body = html(client, f"/c/{window.inner()}", "en")
    assert ("Thank you!" in body, "our warm thanks" in body, "data-id" in body) == (True, True, False)


def test_an_envelope_closed_or_opened_leads_to_the_campaigns_terms(client, window):
    link = f'href="/campaigns/{window.campaign.pk}/"'
    assert link in html(client, f"/c/{window.inner()}")
    opened(client, window)
    assert link in html(client, f"/c/{window.inner()}")


def test_what_was_opened_without_a_campaign_says_that_none_runs(client, window):
    consumer = ConsumerFactory(brand=window.brand)
    code = code_of(order_without_campaign(window))
    record_scan(NewScan(code=code, visitor="v", nonce="n", consumer=consumer), now=clock.now())
    sign_in(client, consumer)
    assert "No campaign runs for this bottle just now" in html(client, f"/c/{code}", "en")


def test_a_campaign_that_is_over_says_since_when(client, window):
    over = window.campaign.ends_at
    end_campaign(campaign_id=window.campaign.pk, brand=window.brand, actor="user:brand", now=over)
    day = f"{timezone.localtime(over):%Y-%m-%d}"
    assert f"“Open and win” ended on {day}: this bottle brings" in html(client, f"/c/{window.inner()}", "en")
    assert f"“开盖有礼”已于 {day} 结束" in html(client, f"/c/{window.inner()}")
    assert "ended on" not in html(client, f"/c/{window.outer()}", "en")


def test_a_campaign_to_come_says_when_and_outshines_one_that_is_over(client, window):
    order = order_without_campaign(window)
    past = window.campaign_of(order)
    end_campaign(campaign_id=past.pk, brand=window.brand, actor="user:brand", now=past.ends_at)
    begins = clock.now() + dt.timedelta(days=3)
    running_campaign(order, name="来日", name_en="", starts_at=begins, ends_at=begins + dt.timedelta(days=9))
    body = html(client, f"/c/{code_of(order)}", "en")
    assert f"“来日” begins on {timezone.localtime(begins):%Y-%m-%d}. Keep the cap" in body


def order_without_campaign(window):
    order = window.order()
    window.activate(order)
    return order


def test_the_journey_tells_what_the_brand_shows(client, window):
    def steps():
        return re.findall(r"<li><span>([^<]+)</span>", html(client, f"/c/{window.inner()}", "en"))

    assert steps() == ["Produced", "Packed", "Arrived in 成都市"]
    window.brand.public_steps = ["packed", "shipped", "received"]
    window.brand.save()
    assert steps() == ["Packed", "Sent to the dealer", "Arrived in 成都市"]
