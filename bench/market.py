"""A market to measure on, made through the services: packed and received items, stores, people, a campaign."""

import datetime as dt
import random
from collections.abc import Sequence
from dataclasses import dataclass

from codes.ciphers import code_cipher
from codes.formats.code_text import Role
from codes.formats.serials import SerialRange
from codes.models import Movement
from codes.services.movement_lines import NewMovement
from codes.services.moving import move
from codes.services.packing import pack
from codes.services.products import BatchFacts, ProductFacts, create_batch, create_product
from config.market.envelopes import running_campaign, titled
from config.market.goods import Lot, Maker, items_of, lot_of, packings_of
from config.market.places import Shop, shops
from consumers.services.identity import sign_in_local
from consumers.session import token_for
from core import clock
from rewards.services.risk_rules import RuleFacts, set_risk_rule
from stores.models import Brand, Store
from stores.services.people import OwnerDetails, register_owner
from stores.services.regions import load_regions
from stores.services.stores import StoreDetails, open_store

ACTOR = "system:bench"
CASES = 3_600
STORES = 40
PEOPLE = 2_000
OUT_OF_REACH = dict.fromkeys(
    ("person_hour", "person_day", "device_hour", "device_day", "store_week", "jump_km", "speed_kmh"), 100_000
)
"""Thresholds that nobody meets: a few people open all items within minutes, in shops far apart. The risk rules look
at every claim all the same."""


@dataclass(frozen=True, slots=True)
class Item:
    """A bottle: the text of its inner mark, and where it is sold (WGS-84, degrees)."""

    serial: int
    code: str
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Market:
    """`items` in random order, none opened yet; `tokens` of signed-in consumers by their id."""

    items: list[Item]
    tokens: dict[str, str]


def open_market(*, cases: int = CASES) -> Market:
    """Everything that happens before the first consumer scans."""
    now = clock.now()
    load_regions()
    brand = Brand.objects.create(slug="bench", name="台架")
    facts = ProductFacts(gtin="06901234567892", name="台架酒", margin_fen=2_000)
    product = create_product(brand=brand, facts=facts, actor=ACTOR, now=now)
    batch = create_batch(product=product, facts=BatchFacts("B1"), actor=ACTOR, now=now)
    lot = lot_of(Maker(brand, batch), cases, now)
    pack(brand=brand, packings=packings_of(lot), actor=ACTOR, now=now)
    places = shops(STORES, random.Random(1))
    received = deliver(brand, lot, [opened(brand, place, now) for place in places], now)
    rule = RuleFacts(mode="on", thresholds=OUT_OF_REACH, review_hours=24, after_time="release")
    set_risk_rule(brand=brand, facts=rule, actor=ACTOR, now=now)
    days = (now, now + dt.timedelta(days=30))
    running_campaign(brand=brand, orders=[lot.items], gift=titled("台架", "bench"), days=days, now=now)
    people = [sign_in_local(brand=brand, name=f"顾客{number}", now=now) for number in range(PEOPLE)]
    return Market(items_on_sale(lot, received, places), {str(each.pk): token_for(each) for each in people})


def opened(brand: Brand, place: Shop, now: dt.datetime) -> Store:
    """A store with an owner who can be paid."""
    owner = OwnerDetails(name=f"店主{place.number}", wallet=f"owner:{place.number}")
    details = StoreDetails(
        number=place.number,
        name=place.name,
        kind=place.kind,
        region_code=place.street.region_code,
        latitude=place.latitude,
        longitude=place.longitude,
        owner=register_owner(brand=brand, details=owner, account=None, now=now, actor=ACTOR),
    )
    return open_store(brand=brand, details=details, now=now, actor=ACTOR)


def deliver(brand: Brand, lot: Lot, stores: Sequence[Store], now: dt.datetime) -> list[range]:
    """Each store receives as many cases; their serials, store by store."""
    share = lot.cases.quantity // len(stores)
    received = []
    for number, store in enumerate(stores):
        first = lot.cases.first_serial + number * share
        spans = [SerialRange(serial, serial) for serial in range(first, first + share)]
        movement = NewMovement(kind=Movement.Kind.RECEIVE.value, partner=store, spans=spans, happened_at=now)
        move(brand=brand, movement=movement, actor=ACTOR, now=now)
        received.append(range(first, first + share))
    return received


def items_on_sale(lot: Lot, received: Sequence[range], places: Sequence[Shop]) -> list[Item]:
    """Every item in the stores, shuffled as customers would."""
    first, quantity = lot.items.first_serial, lot.items.quantity
    texts = code_cipher().encode_block([Role.ITEM_INNER], first, quantity)[:, 0].tolist()
    items = [
        Item(serial, texts[serial - first].decode(), place.latitude, place.longitude)
        for cases, place in zip(received, places, strict=True)
        for case in cases
        for serial in items_of(lot, case)
    ]
    random.Random(2).shuffle(items)
    return items
