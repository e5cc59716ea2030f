"""The field: brand, dealers, salespeople, stores with their owners, and the product. Made where it is missing."""

import datetime as dt
import random
from dataclasses import dataclass

from django.db import transaction

from codes.models import Product
from codes.services.products import ProductFacts, create_product
from config.market.names import person_name
from config.market.places import Shop, shops
from stores.models import Brand, Dealer, LadderRule, Region, Salesperson, Store
from stores.services.dealers import DealerDetails, register_dealer
from stores.services.people import (
    OwnerDetails,
    SalespersonDetails,
    appoint_squad_leader,
    hire_salesperson,
    register_owner,
)
from stores.services.regions import load_regions
from stores.services.stores import StoreDetails, open_store

ACTOR = "system:market"
BRAND_SLUG = "jiangnan"
GTIN = "6901234567892"
CITIES = (("D01", "南京金陵酒类经销有限公司", "320100"), ("D02", "苏州姑苏商贸有限公司", "320500"))
LEADER = SalespersonDetails("P00", "顾立群", "320000", "13900000000")
SALES = (
    SalespersonDetails("P01", "李华", "320100", "13900000001"),
    SalespersonDetails("P02", "沈小雨", "320100", "13900000002"),
    SalespersonDetails("P03", "陆一鸣", "320500", "13900000003"),
)
THRESHOLDS = {"kocs_at_least": 0}
"""Nothing counts a store's KOCs yet: with the default of one, no store could ever break through."""


@dataclass(frozen=True, slots=True)
class Field:
    """Who and what the market is played with."""

    brand: Brand
    product: Product
    stores: list[Store]


@transaction.atomic
def furnish(*, slug: str, stores: int, seed: int, now: dt.datetime) -> Field:
    """The brand's field with at least so many stores; whatever is there stays as it is. All or nothing."""
    if not Region.objects.filter(code=SALES[0].region_code).exists():
        load_regions()
    names = {"name": "江南春", "name_en": "Jiangnan Spring"} if slug == BRAND_SLUG else {"name": slug}
    brand, _is_new = Brand.objects.get_or_create(slug=slug, defaults=names)
    if not LadderRule.objects.filter(brand=brand).exists():
        LadderRule.objects.create(brand=brand, version=1, thresholds=THRESHOLDS, in_force=True, created_at=now)
    return Field(brand, product_of(brand, now), stores_of(brand, stores, seed, now))


def product_of(brand: Brand, now: dt.datetime) -> Product:
    """The brand's first product."""
    found = Product.objects.select_related("brand").filter(brand=brand).order_by("pk").first()
    if found is not None:
        return found
    facts = ProductFacts(
        gtin=GTIN,
        name="江南春·壹号",
        name_en="Jiangnan Spring No. 1",
        specification="500 ml，52% vol",
        margin_fen=4_200,
        story="取太湖水，五粮固态发酵，陶坛陈酿三年。",
    )
    return create_product(brand=brand, facts=facts, actor=ACTOR, now=now)


def stores_of(brand: Brand, count: int, seed: int, now: dt.datetime) -> list[Store]:
    """The brand's first `count` stores that stand somewhere and have owner and dealer; new ones where they are few."""
    usable = Store.objects.filter(
        brand=brand, is_active=True, latitude__isnull=False, owner__isnull=False, dealer__isnull=False
    )
    missing = count - usable.count()
    if missing > 0:
        open_stores(brand, missing, seed, now)
    return list(usable.select_related("brand", "dealer", "owner").order_by("pk")[:count])


def open_stores(brand: Brand, count: int, seed: int, now: dt.datetime) -> None:
    """So many new stores under new numbers, with owners, dealers and salespeople of their city."""
    dealers, sales = dealers_of(brand, now), salespeople_of(brand, now)
    first = Store.objects.filter(brand=brand).count() + 1
    while Store.objects.filter(brand=brand, number=f"S{first:05d}").exists():
        first += 1
    chance = random.Random(seed)  # noqa: S311 - a play, no secret
    for offset, shop in enumerate(shops(count, chance, first_number=first)):
        city = shop.street.region_code[:4]
        own = [person for person in sales if person.region_id[:4] == city] or sales
        dealer = next((one for one, code in dealers if code[:4] == city), dealers[0][0])
        open_shop(brand, shop, dealer, own[offset % len(own)], now)


def open_shop(brand: Brand, shop: Shop, dealer: Dealer, salesperson: Salesperson, now: dt.datetime) -> Store:
    """One store with its owner, who has a wallet."""
    number = int(shop.number[1:])
    wallet = f"owner:{brand.slug}:{shop.number}"
    owner = register_owner(
        brand=brand, details=OwnerDetails(person_name(number * 37), "", wallet), account=None, now=now, actor=ACTOR
    )
    details = StoreDetails(
        number=shop.number,
        name=shop.name,
        kind=shop.kind,
        region_code=shop.street.region_code,
        address=f"{shop.street.name}{10 + number % 190}号",
        latitude=shop.latitude,
        longitude=shop.longitude,
        owner=owner,
        dealer=dealer,
        salesperson=salesperson,
    )
    return open_store(brand=brand, details=details, now=now, actor=ACTOR)


def dealers_of(brand: Brand, now: dt.datetime) -> list[tuple[Dealer, str]]:
    """A dealer of each city, with the city's code."""
    found = []
    for number, name, city in CITIES:
        dealer = Dealer.objects.filter(brand=brand, number=number).first()
        if dealer is None:
            details = DealerDetails(number, name, region_codes=(city,))
            dealer = register_dealer(brand=brand, details=details, now=now, actor=ACTOR)
        found.append((dealer, city))
    return found


def salespeople_of(brand: Brand, now: dt.datetime) -> list[Salesperson]:
    """Three salespeople under one squad leader, who is not among the answered."""
    people = []
    for details in (*SALES, LEADER):
        person = Salesperson.objects.filter(brand=brand, number=details.number).first()
        if person is None:
            person = hire_salesperson(brand=brand, details=details, account=None, now=now, actor=ACTOR)
        people.append(person)
    *squad, leader = people
    if not leader.is_squad_leader:
        appoint_squad_leader(
            brand=brand, leader_id=leader.pk, squad_ids=[person.pk for person in squad], now=now, actor=ACTOR
        )
    return squad
