"""Goods of a dealer of Chengdu, and people who scan them here and there, for tests of market cases."""

import datetime as dt
import secrets
from dataclasses import dataclass, field

from codes.formats.code_text import Role
from codes.models import Mark, MarketCase, Scan
from codes.models.scan import Verdict
from codes.services.examining import examine_scans
from codes.services.examining_movements import examine_movements
from stores.models import Dealer, Store
from tests.factories.stores import NOON, DealerFactory, RegionFactory, StoreFactory
from tests.factories.supply import Goods, make_packed_goods, moved

CHENGDU = ("510104", 30.657, 104.080)
LESHAN = ("511102", 29.566, 103.752)
"""Another city of the province, some 120 km away."""
JINGZHOU = ("421002", 30.333, 112.243)
"""Some 800 km away."""
CITIES = (
    ("420102", 30.600, 114.310),
    ("430102", 28.195, 112.990),
    ("440103", 23.125, 113.240),
    ("330102", 30.245, 120.170),
    ("320102", 32.050, 118.796),
    ("610102", 34.260, 108.980),
    ("520102", 26.570, 106.710),
    ("530102", 25.050, 102.710),
)
"""Where people travel: 武汉, 长沙, 广州, 杭州, 南京, 西安, 贵阳, 昆明."""
LATER = NOON + dt.timedelta(days=2)
EXAMINED = NOON + dt.timedelta(days=4)


def hours(count: float) -> dt.timedelta:
    return dt.timedelta(hours=count)


@dataclass
class Scene:
    """60 items in 4 cases on 2 pallets; `dealer` may sell in Chengdu and was sent both pallets at NOON."""

    per_case: int = 15
    territory: tuple[str, ...] = ("510100",)
    goods: Goods = field(init=False)
    dealer: Dealer = field(init=False)

    def __post_init__(self):
        self.goods = make_packed_goods(per_case=self.per_case)
        self.brand = self.goods.brand
        self.dealer = self.dealer_of(*self.territory)
        self.shipments = [moved("ship", self.dealer, self.goods.pallet(number)) for number in (0, 1)]

    def dealer_of(self, *codes: str) -> Dealer:
        dealer = DealerFactory(brand=self.brand)
        dealer.regions.set([RegionFactory(code=code) for code in codes])
        return dealer

    def store_at(self, city=JINGZHOU, **facts) -> Store:
        code, latitude, longitude = city
        region = RegionFactory(code=code)
        return StoreFactory(brand=self.brand, region=region, latitude=latitude, longitude=longitude, **facts)

    def scan(self, number: int, city, *, at=LATER, person=None, **facts) -> Scan:
        """A genuine scan of an item's inner mark; `number` counts the items."""
        code, latitude, longitude = city
        RegionFactory(code=code)
        told = {
            "brand": self.brand,
            "serial": self.goods.item(number),
            "role": Role.ITEM_INNER,
            "masked_code": f"1I{number:04d}",
            "verdict": Verdict.GENUINE_FIRST,
            "visitor": person or secrets.token_hex(8),
            "nonce": secrets.token_hex(8),
            "latitude": latitude,
            "longitude": longitude,
            "accuracy_m": 30.0,
            "region_code": code,
            "scanned_at": at,
        }
        return Scan.objects.create(**told | facts)

    def mark(self, first: Scan) -> Mark:
        """The mark whose first scan this was."""
        return Mark.objects.create(
            id=first.serial * 16 + first.role,
            serial=first.serial,
            role=first.role,
            first_scan=first,
            first_scanned_at=first.scanned_at,
        )

    def examine(self, *, now: dt.datetime = EXAMINED, limit: int = 500) -> list[MarketCase]:
        """All of both histories; the brand's cases."""
        while examine_movements(now=now):
            pass
        while examine_scans(now=now, limit=limit):
            pass
        return list(MarketCase.objects.filter(brand=self.brand).order_by("pk"))
