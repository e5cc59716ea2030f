"""A bottle's whole surroundings for tests of pages: brand, product, codes, a store with goods, a running campaign."""

import datetime as dt
from dataclasses import dataclass, field

from codes.ciphers import code_cipher
from codes.formats.code_text import Role
from codes.models import Batch, CodeOrder, Product
from codes.services.packing import pack
from codes.services.spans import activate, freeze, recall, void
from core import clock
from rewards.models import Campaign
from rewards.services.campaigns import PrizeRow
from stores.models import Brand, Store
from tests.factories.campaigns import running_campaign
from tests.factories.codes import gtin_of, make_order
from tests.factories.stores import DealerFactory, StoreFactory, StoreOwnerFactory
from tests.factories.supply import moved

ACTOR = "user:brand"
ITEM_ROLES = (Role.ITEM_OUTER, Role.ITEM_INNER)
STORY = "选川南糯红高粱，窖池续糟三十年，陈放五年后装瓶。"


@dataclass
class ShopWindow:
    """Twenty active bottles of 8.88 yuan each, twelve of them in a case that the store has received."""

    brand: Brand = field(default_factory=lambda: Brand.objects.create(slug="jiang-an", name="江岸", name_en="Jiang An"))
    number: int = 100

    def __post_init__(self):
        self.product = Product.objects.create(
            brand=self.brand,
            gtin=gtin_of(self.number),
            name="江岸大曲 · 五年陈",
            name_en="Jiang An Daqu, aged five years",
            specification="500 ml · 52 % vol",
            story=STORY,
            created_at=clock.now(),
        )
        self.batch = Batch.objects.create(
            product=self.product, lot="JA2603A", produced_on=dt.date(2026, 3, 2), expires_on=dt.date(2036, 3, 1)
        )
        self.bottles = self.order(quantity=20)
        self.activate(self.bottles)
        self.campaign = self.campaign_of(self.bottles)
        self.store = self.open_store()
        self.case = self.order(quantity=1, roles=(Role.CASE_OUTER, Role.CASE_INNER))
        self.activate(self.case)
        self.receive()

    def order(self, *, quantity: int = 1, roles: tuple[Role, ...] = ITEM_ROLES) -> CodeOrder:
        return make_order(batch=self.batch, quantity=quantity, roles=roles)

    def activate(self, order: CodeOrder) -> None:
        activate(brand=self.brand, order_id=order.pk, serials=None, actor=ACTOR, now=clock.now())

    def campaign_of(self, order: CodeOrder) -> Campaign:
        return running_campaign(
            order,
            PrizeRow("红包", 888, order.quantity),
            name="开盖有礼",
            name_en="Open and win",
            ends_at=clock.now() + dt.timedelta(days=60),
            budget_fen=100_000,
            owner_share_fen=100,
        )

    def open_store(self) -> Store:
        return StoreFactory(
            brand=self.brand,
            name="老王烟酒 · 春熙路店",
            kind=Store.Kind.TOBACCO,
            address="春熙路南段 18 号",
            owner=StoreOwnerFactory(brand=self.brand),
            latitude=30.6571,
            longitude=104.0806,
        )

    def receive(self) -> None:
        now = clock.now()
        case, first = self.case.first_serial, self.bottles.first_serial
        packed_at = now - dt.timedelta(days=20)
        pack(brand=self.brand, packings=[(case, first, first + 11)], actor=ACTOR, now=now, happened_at=packed_at)
        for kind, partner, days in (("ship", DealerFactory(brand=self.brand), 12), ("receive", self.store, 5)):
            moved(kind, partner, case, at=now - dt.timedelta(days=days))

    def inner(self, position: int = 0) -> str:
        return code_of(self.bottles, position)

    def outer(self, position: int = 0) -> str:
        return code_of(self.bottles, position, Role.ITEM_OUTER)

    def said(self, statement: str) -> str:
        """The inner code of a bottle of its own that was frozen, recalled, voided, or (issued) never activated."""
        order = self.order()
        if statement != "issued":
            self.activate(order)
            say = {"frozen": freeze, "recalled": recall, "voided": void}[statement]
            say(brand=self.brand, order_id=order.pk, serials=None, actor=ACTOR, now=clock.now(), reason="test")
        return code_of(order)


def code_of(order: CodeOrder, position: int = 0, role: Role = Role.ITEM_INNER) -> str:
    return code_cipher().encode(role, order.first_serial + position)
