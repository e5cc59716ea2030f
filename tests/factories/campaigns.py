"""Campaigns, scans and openings for tests. Campaigns are made through the services, as everything else makes them."""

import dataclasses
import datetime as dt
import secrets

import factory
from factory.django import DjangoModelFactory

from codes.formats.code_text import Role
from codes.models import Binding, CodeOrder, Opening, Scan
from codes.models.scan import Verdict
from codes.services.spans import activate
from consumers.models import Consumer
from rewards.models import Campaign
from rewards.services.campaigns import Plan, PrizeRow, draft_campaign, fund_campaign, publish_campaign
from stores.models import Store
from stores.public_codes import new_code
from tests.factories.codes import make_order
from tests.factories.stores import NOON, BrandFactory

ACTOR = "user:marketing"
PLAN = Plan(
    name="开瓶有礼",
    name_en="Open and win",
    starts_at=NOON - dt.timedelta(hours=1),
    ends_at=NOON + dt.timedelta(days=30),
    budget_fen=10_000,
    owner_share_fen=0,
)


class ConsumerFactory(DjangoModelFactory):
    class Meta:
        model = Consumer

    brand = factory.SubFactory(BrandFactory)
    c_code = factory.LazyFunction(lambda: new_code("C"))
    name = factory.Sequence(lambda n: f"顾客{n}")
    created_at = NOON


def active_order(*, quantity: int = 10) -> CodeOrder:
    """A released order of items, all activated."""
    order = make_order(quantity=quantity)
    activate(brand=order.brand, order_id=order.pk, serials=None, actor=ACTOR, now=NOON)
    return order


def draft(order: CodeOrder, *prizes: PrizeRow, **plan: object) -> Campaign:
    """A draft over one order."""
    return draft_campaign(
        brand=order.brand,
        plan=dataclasses.replace(PLAN, **plan),
        orders=[order],
        prizes=prizes or [PrizeRow("红包", 100, order.quantity)],
        actor=ACTOR,
        now=NOON - dt.timedelta(hours=2),
    )


def running_campaign(order: CodeOrder, *prizes: PrizeRow, **plan: object) -> Campaign:
    """A funded, published campaign over one order; without prizes, 1 yuan for each item."""
    campaign = draft(order, *prizes, **plan)
    told = {"campaign_id": campaign.pk, "brand": order.brand, "actor": ACTOR, "now": NOON - dt.timedelta(hours=2)}
    fund_campaign(**told)
    return publish_campaign(**told)


def scan_of(order: CodeOrder, serial: int, consumer: Consumer | None = None, **facts: object) -> Scan:
    """A genuine first scan of the item's inner mark."""
    return Scan.objects.create(
        **{
            "brand": order.brand,
            "serial": serial,
            "role": Role.ITEM_INNER,
            "masked_code": "1ABC…",
            "verdict": Verdict.GENUINE_FIRST,
            "consumer": consumer,
            "visitor": f"v{consumer.pk.hex}" if consumer else "visitor",
            "nonce": secrets.token_hex(8),
            "scanned_at": NOON,
        }
        | facts
    )


def opened(
    order: CodeOrder, serial: int, consumer: Consumer, *, store: Store | None = None, confidence: float = 0.9
) -> Scan:
    """A scan by the consumer that opened the item, bound to `store`."""
    scan = scan_of(order, serial, consumer)
    opening = Opening.objects.create(
        serial=serial,
        brand=order.brand,
        order=order,
        scan=scan,
        consumer=consumer,
        opened_at=NOON,
        day=NOON.date(),
    )
    Binding.objects.create(
        opening=opening,
        brand=order.brand,
        store=store,
        consumer=consumer,
        confidence=confidence if store else 0,
        day=opening.day,
        bound_at=NOON,
    )
    return scan
