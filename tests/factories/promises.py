"""Promised grants by the hundred, and what must stand behind them: opened items, a funded campaign, reserved money."""

import datetime as dt
from dataclasses import dataclass

import pgtrigger
from psycopg.types.range import Range

from codes.models import Batch, CodeOrder, Opening, Product, Scan
from codes.services.ordering import take_block
from consumers.models import Consumer
from rewards.models import BudgetSlot, Campaign, Claim, Grant, Payout, Prize
from rewards.models.ledger import Reason
from rewards.services import ledger
from rewards.services.ledger import Move, move_of
from rewards.services.payouts import create_payouts
from stores.models import Store, StoreOwner
from stores.public_codes import new_code
from tests.factories.stores import NOON, BrandFactory

ITEM_INNER = 2


def market(*, budget_fen: int = 1_000_000, units: int = 10_000) -> Campaign:
    """A running campaign over one released order of items, its whole budget in slot 0."""
    brand = BrandFactory()
    product = Product.objects.create(brand=brand, gtin=f"{brand.pk:014}", name="酒", created_at=NOON)
    batch = Batch.objects.create(product=product, lot="L1")
    top = CodeOrder.objects.order_by("-serials").first()
    first = max(take_block(units), top.serials.upper if top else 1)
    CodeOrder.objects.create(
        brand=brand,
        batch=batch,
        level=CodeOrder.Level.ITEM,
        roles=[ITEM_INNER],
        quantity=units,
        serials=Range(first, first + units),
        key_version="1",
        state=CodeOrder.State.RELEASED,
        created_by="user:a",
        created_at=NOON,
        reviewed_by="user:b",
        reviewed_at=NOON,
        released_at=NOON,
    )
    campaign = Campaign.objects.create(
        brand=brand,
        name="开盖有奖",
        state=Campaign.State.RUNNING,
        starts_at=NOON - dt.timedelta(days=1),
        ends_at=NOON + dt.timedelta(days=3650),
        budget_fen=budget_fen,
        units=units,
        sealed_key=b"k" * 32,
        commitment="c" * 64,
        terms="每瓶一个红包。",
        organiser="江岸酒业",
        created_by="user:a",
        created_at=NOON,
        submitted_by="user:a",
        published_by="user:b",
    )
    with pgtrigger.ignore("rewards.Prize:sealed"):
        Prize.objects.create(campaign=campaign, name="红包", amount_fen=100, quantity=units, rank=1)
    BudgetSlot.objects.create(campaign=campaign, slot=0, free_fen=budget_fen)
    ledger.open_accounts(campaign=campaign)
    fund = Move(reason=Reason.FUND, brand_id=brand.pk, campaign_id=campaign.pk, amount_fen=budget_fen)
    ledger.post(moves=[fund], posted_by="user:a", now=NOON)
    return campaign


def openings(campaign: Campaign, count: int, now: dt.datetime) -> list[Opening]:
    """Opened items of the campaign's order, each by a consumer of its own; the next free serials."""
    order = CodeOrder.objects.get(brand=campaign.brand)
    opened = Opening.objects.filter(order=order).count()
    brand = campaign.brand
    consumers = Consumer.objects.bulk_create(
        Consumer(brand=brand, c_code=new_code("C"), created_at=now) for _ in range(count)
    )
    scans = Scan.objects.bulk_create(
        Scan(
            brand=brand,
            serial=order.first_serial + opened + number,
            role=ITEM_INNER,
            masked_code="…",
            verdict="genuine_first",
            consumer=consumer,
            visitor=f"v{consumer.pk.hex}",
            nonce="1",
            scanned_at=now,
        )
        for number, consumer in enumerate(consumers)
    )
    return Opening.objects.bulk_create(
        Opening(
            serial=scan.serial,
            brand=brand,
            order=order,
            scan=scan,
            consumer=scan.consumer,
            opened_at=now,
            day=now.date(),
        )
        for scan in scans
    )


@dataclass(frozen=True, kw_only=True)
class Payee:
    """Who gets the grants: the consumers themselves, or an owner; `store` is where they count."""

    owner: StoreOwner | None = None
    store: Store | None = None


def promise(
    campaign: Campaign, count: int = 1, *, amount_fen: int = 100, payee: Payee = Payee(), now: dt.datetime = NOON
) -> list[Grant]:
    """Promised grants, one on each of `count` newly opened items; their money is reserved."""
    prize = Prize.objects.get(campaign=campaign)
    claims = Claim.objects.bulk_create(
        Claim(
            opening=opening,
            brand=campaign.brand,
            consumer=opening.consumer,
            campaign=campaign,
            prize=prize,
            state=Claim.State.PROMISED,
            claimed_at=now,
        )
        for opening in openings(campaign, count, now)
    )
    grants = Grant.objects.bulk_create(
        Grant(
            brand=campaign.brand,
            campaign=campaign,
            claim=claim,
            payee=Grant.Payee.STORE_OWNER if payee.owner else Grant.Payee.CONSUMER,
            consumer=None if payee.owner else claim.consumer,
            store_owner=payee.owner,
            store=payee.store,
            day=now.date(),
            amount_fen=amount_fen,
            budget_slot=0,
            promised_at=now,
        )
        for claim in claims
    )
    slot = BudgetSlot.objects.get(campaign=campaign, slot=0)
    slot.free_fen -= amount_fen * count
    slot.save()
    ledger.post(moves=[move_of(grant, Reason.PROMISE) for grant in grants], posted_by="system:test", now=now)
    return grants


def payout(*, now: dt.datetime = NOON) -> Payout:
    """One new payout of 100 fen to a consumer."""
    return create_payouts(grants=promise(market(), now=now), now=now)[0]
