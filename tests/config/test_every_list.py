"""Every list of the admin, whoever registered it: it opens, and costs no more queries when it grows."""

import datetime as dt

import orjson
import pytest
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib.admin import site
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from codes.models import (
    CodeOrder,
    Download,
    EpcisEffect,
    EpcisEvent,
    ExaminationFault,
    MarketCase,
    PasswordReveal,
    Product,
    Roll,
)
from codes.models.product_link import ProductLink
from codes.services.case_rules import set_case_rule
from codes.services.epcis_capturing import Sent, accept, capture_waiting
from codes.services.epcis_queries import name_query
from codes.services.epcis_subscribing import subscribe, wanted
from codes.services.exporting import WantedFile, request_print_file
from codes.services.profiles import ProfileFacts, add_profile
from codes.services.spans import freeze
from config.market.field import furnish
from config.market.plan import Size
from config.market.play import Script, play_market
from rewards.models import Campaign, Claim, RiskReview, Voucher
from rewards.providers.interface import BillLine, Outcome
from rewards.sandbox.book import instruct
from rewards.sandbox.models import Behaviour
from rewards.services.closing import close_past_days
from rewards.services.comparing import ask_for_comparison
from rewards.services.reconciling import run_reconciliation
from rewards.services.risk_rules import RuleFacts, set_risk_rule
from rewards.services.transfers import Direction, Wish, approve_transfer, ask_transfer
from rewards.voucher_codes import new_voucher_code
from stores.models import Region, WarehouseWorker
from stores.services.partners import register_partner
from tests.codes.epcis_rest.conftest import document, event
from tests.factories.codes import gtin_of
from tests.factories.stores import BrandFactory, StoreFactory, UserFactory, VisitFactory
from tests.factories.supply import moved
from tests.rewards.banks import ScriptedBank

pytestmark = pytest.mark.django_db(transaction=True)
NOW = dt.datetime(2026, 3, 10, 15, 30, tzinfo=dt.UTC)
LOADED_WHOLE = {Region}
"""Tables that do not grow: all of the nation's regions are there from the beginning."""


def grow(slug, seed):
    """More of a market on the one brand, and a row of everything that a market does not leave behind."""
    stage = furnish(slug="jiangnan", stores=2 + seed, seed=seed, now=NOW)
    script = Script(Size(stores=2 + seed, consumers=6, days=3), seed, lot=slug)
    play_market(stage=stage, script=script, now=NOW, report=lambda *_: None)
    brand = stage.brand
    order = CodeOrder.objects.filter(brand=brand).latest("pk")
    wanted = WantedFile(recipient=f"印刷厂 {seed}")
    file = request_print_file(brand=brand, order_id=order.pk, wanted=wanted, actor="user:x", now=NOW)
    Download.objects.create(file=file, taken_by="user:x", taken_at=NOW, address="10.0.0.1", sha256="0" * 64)
    Roll.objects.create(file=file, case_order=order, first_case=seed, cases=1, items_per_case=1)
    facts = ProfileFacts(f"厂 {seed}", ("code",))
    add_profile(brand=brand, facts=facts, actor="user:x", now=NOW)
    PasswordReveal.objects.create(file=file, shown_to="user:y", shown_at=NOW, address="10.0.0.1")
    freeze(brand=brand, order_id=order.pk, serials=None, actor="user:x", now=NOW, reason="test")
    product = Product.objects.create(brand=brand, gtin=gtin_of(seed), name="酒", created_at=NOW)
    ProductLink.objects.create(product=product, link_type="gs1:pip", href="https://one.cn/", title="介绍")
    VisitFactory(store=StoreFactory(brand=brand))
    register_partner(brand=BrandFactory(), name=f"酒厂 {seed}", scopes=("codes",), actor="user:x", now=NOW)
    UserFactory(brand=brand).groups.add(Group.objects.create(name=slug))
    grow_epcis(brand, seed)
    named = {"brand": brand, "opened_at": NOW, "newest_at": NOW, "score": 60}
    MarketCase.objects.create(kind="not_shipped", subject=f"area:{seed}", region_id="320100", **named)
    failed = {"brand": brand, "fault": "ValueError: x", "failed_at": NOW, "next_at": NOW}
    ExaminationFault.objects.create(history="scans", row=slug, **failed)
    set_case_rule(brand=BrandFactory(), thresholds={}, travel={}, actor="user:x", now=NOW)
    rule = RuleFacts(mode="on", thresholds={}, review_hours=24, after_time="release")
    set_risk_rule(brand=BrandFactory(), facts=rule, actor="user:x", now=NOW)
    claim = Claim.objects.filter(brand=brand, state="promised").latest("pk")
    RiskReview.objects.create(claim=claim, brand=brand, score=60, rules=["own_store"], held_at=NOW, decides_by=NOW)
    instruct(account=slug, behaviour=Behaviour.WAIT)
    WarehouseWorker.objects.create(brand=brand, name="仓管")
    moved("destroy", brand, order.first_serial)
    moved("destroy", brand, order.first_serial)
    grow_office(brand)
    won = {"grant": claim.envelope, "consumer": claim.consumer, "prize": claim.prize, "code": new_voucher_code()}
    Voucher.objects.create(brand=brand, issued_at=NOW, valid_until=NOW, **won)
    grow_platform(slug, seed)


def grow_office(brand):
    """A transfer that was decided, a closed day, a reconciliation with a difference."""
    campaign = Campaign.objects.filter(brand=brand, state=Campaign.State.RUNNING).latest("pk")
    named = {"brand": brand, "now": NOW}
    wish = Wish(direction=Direction.PAY_IN, amount_fen=5)
    asked = ask_transfer(campaign_id=campaign.pk, wish=wish, actor="user:x", **named)
    approve_transfer(transfer_id=asked.pk, actor="user:y", **named)
    close_past_days(brand=brand, actor="user:x", now=NOW + dt.timedelta(days=1), limit=1)
    lines = [BillLine(f"b{asked.pk}", "x", 5, Outcome.PAID, NOW)]
    run_reconciliation(bank=ScriptedBank([], list_of_bills=lines), day=NOW.date(), actor="user:x", now=NOW)
    ask_for_comparison(provider_name=f"p{asked.pk}", day=NOW.date(), actor="user:x", now=NOW)


def grow_epcis(brand, seed):
    """A captured event with its effect, a named query and a subscription."""
    body = orjson.dumps(document(event(seed)))
    accept(brand=brand, sent=Sent(body, False, "rollback"), actor="client:x", now=NOW)
    capture_waiting(clock=lambda: NOW, until=NOW + dt.timedelta(minutes=1))
    EpcisEffect.objects.create(event=EpcisEvent.objects.latest("pk"))
    query = name_query(brand=brand, name=f"q{seed}", definition={}, actor="client:x", now=NOW)
    new = wanted({"dest": "https://example.org/", "stream": True})
    subscribe(query=query, new=new, epc_format="", actor="client:x", now=NOW)


def grow_platform(slug, seed):
    """Rows of the packages that the house builds on."""
    tried = {"username": slug, "ip_address": "10.0.0.1", "user_agent": "x", "path_info": "/"}
    AccessAttempt.objects.create(**tried, failures_since_start=1)
    AccessLog.objects.create(**tried)
    AccessFailureLog.objects.create(**tried)


def opened(client, model):
    """Rows and queries of the model's list."""
    address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    with CaptureQueriesContext(connection) as queries:
        response = client.get(address)
    assert response.status_code == 200, address
    return response.context["cl"].result_count, len(queries)


def test_every_list_opens_and_costs_no_more_queries_when_it_grows(client):
    client.force_login(
        UserFactory(brand=None, is_superuser=True, is_staff=True), "django.contrib.auth.backends.ModelBackend"
    )
    models = sorted(site._registry, key=lambda model: model._meta.label)
    grow("one", 1)
    ContentType.objects.get_for_models(*models)  # asked once per process
    few = {model: opened(client, model) for model in models}
    for seed, slug in enumerate(("two", "three"), start=2):
        grow(slug, seed)
    many = {model: opened(client, model) for model in models}
    assert {model._meta.label for model in models if many[model][0] <= few[model][0]} == {
        model._meta.label for model in LOADED_WHOLE
    }
    assert {model._meta.label: (few[model], many[model]) for model in models if many[model][1] > few[model][1]} == {}
