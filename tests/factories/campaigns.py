"""Campaigns, scans and openings for tests. Campaigns are made through the services, as everything else makes them."""

import dataclasses
import datetime as dt
import secrets

import factory
import pgtrigger
from factory.django import DjangoModelFactory

from codes.formats.code_text import Role
from codes.models import Binding, CodeOrder, Opening, Scan
from codes.models.scan import Verdict
from codes.services.spans import activate
from consumers.models import Consumer
from rewards.models import Campaign
from rewards.services.campaigns import Plan, PrizeRow, draft_campaign, fund_campaign
from rewards.services.reviewing import publish_campaign, submit_campaign
from stores.models import Store
from stores.public_codes import new_code
from tests.factories.codes import make_order
from tests.factories.stores import NOON, BrandFactory

ACTOR = "user:marketing"
REVIEWER = "user:review"
TERMS = "每瓶一个红包，扫瓶盖内二维码领取，每码限领一次，红包以现金支付。"
EARLIER = NOON - dt.timedelta(hours=2)
PLAN = Plan(
    name="开瓶有礼",
    name_en="Open and win",
    starts_at=NOON - dt.timedelta(hours=1),
    ends_at=NOON + dt.timedelta(days=30),
    budget_fen=10_000,
    owner_share_fen=0,
    terms=TERMS,
    organiser="江岸酒业",
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
        now=EARLIER,
    )


def running_campaign(order: CodeOrder, *prizes: PrizeRow, **plan: object) -> Campaign:
    """A funded, published campaign over one order; without prizes, 1 yuan for each item."""
    return published(draft(order, *prizes, **plan))


def under_review(order: CodeOrder, *prizes: PrizeRow, **plan: object) -> Campaign:
    """A funded draft that was submitted."""
    return submitted(draft(order, *prizes, **plan))


def submitted(campaign: Campaign) -> Campaign:
    """The draft, funded and handed to a second person."""
    told = {"campaign_id": campaign.pk, "brand": campaign.brand, "actor": ACTOR, "now": EARLIER}
    fund_campaign(**told)
    return submit_campaign(**told)


def published(campaign: Campaign) -> Campaign:
    """The draft, funded, submitted and published by a second person."""
    submitted(campaign)
    return publish_campaign(campaign_id=campaign.pk, brand=campaign.brand, actor=REVIEWER, now=EARLIER)


def poor_campaign(order: CodeOrder, *, budget_fen: int, **shares: int) -> Campaign:
    """1 yuan for each item, and a budget that does not cover that: none can be published so, but claims must hold."""
    campaign = running_campaign(order, PrizeRow("红包", 0, order.quantity), budget_fen=budget_fen)
    Campaign.objects.filter(pk=campaign.pk).update(**shares)
    with pgtrigger.ignore("rewards.Prize:sealed"):
        campaign.prizes.update(amount_fen=100)
    return campaign


def scan_of(order: CodeOrder, serial: int, consumer: Consumer | None = None, **facts: object) -> Scan:
    """A genuine first scan of the item's inner mark."""
    return Scan.objects.create(**scanned(order, serial, consumer) | facts)


def scanned(order: CodeOrder, serial: int, consumer: Consumer | None) -> dict[str, object]:
    """The columns of such a scan."""
    return {
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


def opened(
    order: CodeOrder, serial: int, consumer: Consumer, *, store: Store | None = None, confidence: float = 0.9, via=""
) -> Scan:
    """A scan by the consumer that opened the item, bound to `store`; `via`: the link that led there."""
    scan = scan_of(order, serial, consumer, via=via)
    opening = Opening.objects.create(**opening_of(order, scan))
    Binding.objects.create(**bound(opening, store, confidence))
    return scan


def opened_by_many(order: CodeOrder, count: int, store: Store | None = None) -> list[Scan]:
    """The first items of the order, each opened by a consumer of its own; as `opened`, in four statements."""
    people = Consumer.objects.bulk_create(ConsumerFactory.build_batch(count, brand=order.brand))
    scans = Scan.objects.bulk_create(
        Scan(**scanned(order, order.first_serial + number, person)) for number, person in enumerate(people)
    )
    openings = Opening.objects.bulk_create(Opening(**opening_of(order, scan)) for scan in scans)
    Binding.objects.bulk_create(Binding(**bound(opening, store, 0.9)) for opening in openings)
    return scans


def opening_of(order: CodeOrder, scan: Scan) -> dict[str, object]:
    """The columns of the opening that the scan made."""
    return {
        "serial": scan.serial,
        "brand": order.brand,
        "order": order,
        "scan": scan,
        "consumer": scan.consumer,
        "opened_at": NOON,
        "day": NOON.date(),
    }


def bound(opening: Opening, store: Store | None, confidence: float) -> dict[str, object]:
    """The columns of an opening's binding to the store, or to none."""
    return {
        "opening": opening,
        "brand": opening.brand,
        "store": store,
        "salesperson": store.salesperson if store else None,
        "consumer": opening.consumer,
        "confidence": confidence if store else 0,
        "day": opening.day,
        "bound_at": NOON,
    }
