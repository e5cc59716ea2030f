"""A small market for tests of scans: one brand, one order of ten items, a case of six, stores."""

import dataclasses
import datetime as dt
from dataclasses import dataclass, field

from django.db.backends.postgresql.psycopg_any import NumericRange

from codes.ciphers import code_cipher
from codes.formats.code_text import Role
from codes.models import Batch, CodeOrder, Movement, MovementLine, Opening, Packing, Product, Span
from codes.offers import Offer
from codes.services.scanning import NewScan
from stores.models import Brand, Dealer, Store
from tests.factories.stores import NOON, BrandFactory, DealerFactory, StoreFactory

ITEM_ROLES = [Role.ITEM_OUTER, Role.ITEM_INNER]
OFFER = Offer(campaign="开瓶有礼", campaign_en="Open and win", ends_at=NOON + dt.timedelta(days=30))
offered: list[int] = []


def open_source(*, brand_id: int, serial: int, now: dt.datetime) -> Offer | None:
    """An offer source with one campaign over everything; remembers what it was asked."""
    offered.append(serial)
    return OFFER


def narrow_source(*, brand_id: int, serial: int, now: dt.datetime) -> Offer | None:
    """An offer source with one campaign, for stores that sold none of these items."""
    return None if Opening.objects.filter(serial=serial).exists() else dataclasses.replace(OFFER, narrowed=True)


def silent_source(*, brand_id: int, serial: int, now: dt.datetime) -> Offer | None:
    """An offer source without a campaign."""
    return None


def minutes(count: float) -> dt.timedelta:
    return dt.timedelta(minutes=count)


@dataclass
class Market:
    """Items are serials 1000 to 1009, of an active order; the case is serial 2000."""

    brand: Brand = field(default_factory=BrandFactory)
    first: int = 1000

    def __post_init__(self):
        self.product = Product.objects.create(
            brand=self.brand,
            gtin=f"0690123{self.first:06d}4"[:14],
            name="大曲",
            name_en="Daqu",
            specification="500 ml",
            story="纯粮酿造",
            created_at=NOON,
        )
        self.batch = Batch.objects.create(
            product=self.product, lot="L1", produced_on=dt.date(2026, 1, 5), expires_on=dt.date(2036, 1, 5)
        )
        self.order = self.order_of(self.first, 10, ITEM_ROLES)
        self.say("active", self.first, 10)

    def order_of(self, first: int, count: int, roles: list[Role], state: str = "released") -> CodeOrder:
        return CodeOrder.objects.create(
            brand=self.brand,
            batch=self.batch,
            level=roles[0].level,
            roles=[int(role) for role in roles],
            quantity=count,
            serials=NumericRange(first, first + count),
            key_version="1",
            state=state,
            created_by="user:a",
            created_at=NOON,
            reviewed_by="user:b",
            reviewed_at=NOON,
        )

    def say(self, kind: str, first: int, count: int = 1, **revoked) -> Span:
        return Span.objects.create(
            brand=self.brand,
            order=self.order,
            kind=kind,
            serials=NumericRange(first, first + count),
            stated_by="user:a",
            stated_at=NOON - dt.timedelta(days=90),
            effective_at=NOON - dt.timedelta(days=90),
            **revoked,
        )

    def pack(self, parent: int = 2000, first: int = 1000, count: int = 6) -> Packing:
        return Packing.objects.create(
            brand=self.brand,
            parent_serial=parent,
            children=NumericRange(first, first + count),
            packed_by="client:factory",
            packed_at=NOON - dt.timedelta(days=20),
            recorded_at=NOON - dt.timedelta(days=20),
        )

    def move(self, kind: str, partner: Store | Dealer, serial: int = 2000, days_ago: float = 1) -> Movement:
        at = NOON - dt.timedelta(days=days_ago)
        movement = Movement.objects.create(
            brand=self.brand,
            kind=kind,
            store=partner if isinstance(partner, Store) else None,
            dealer=partner if isinstance(partner, Dealer) else None,
            recorded_by="client:factory",
            happened_at=at,
            recorded_at=at,
        )
        MovementLine.objects.create(movement=movement, serials=NumericRange(serial, serial + 1), items=6)
        return movement

    def received_by(self, store: Store) -> Movement:
        """The item's case was packed, shipped by a dealer and received by the store."""
        self.pack()
        self.move("ship", DealerFactory(brand=self.brand), days_ago=3)
        return self.move("receive", store, days_ago=1)

    def store(self, **facts) -> Store:
        return StoreFactory(brand=self.brand, **facts)


def code(serial: int, role: Role = Role.ITEM_INNER) -> str:
    return code_cipher().encode(role, serial)


def posted(text: str, *, visitor: str = "phone", nonce: str = "n1", **rest) -> NewScan:
    return NewScan(code=text, visitor=visitor, nonce=nonce, **rest)
