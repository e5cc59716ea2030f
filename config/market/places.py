"""Where the market's stores stand: shopping streets of two neighbouring cities, WGS-84. Pure."""

import math
import random
from dataclasses import dataclass

METRES_PER_DEGREE = 111_195.0


@dataclass(frozen=True, slots=True)
class Street:
    """A neighbourhood: its district by GB/T 2260 and its middle, degrees."""

    name: str
    region_code: str
    latitude: float
    longitude: float


STREETS = (
    Street("新街口", "320104", 32.0415, 118.7840),
    Street("夫子庙", "320104", 32.0220, 118.7890),
    Street("珠江路", "320102", 32.0500, 118.7960),
    Street("湖南路", "320106", 32.0680, 118.7760),
    Street("奥体", "320105", 32.0080, 118.7240),
    Street("平江路", "320508", 31.3160, 120.6310),
    Street("石路", "320508", 31.3140, 120.6000),
    Street("观前街", "320508", 31.3110, 120.6240),
)

KINDS = (
    ("tobacco", ("名烟名酒", "酒行", "烟酒店")),
    ("convenience", ("便利店", "小超市")),
    ("supermarket", ("生活超市", "鲜生超市")),
    ("restaurant", ("酒家", "饭庄", "小馆")),
)
NAMES = (
    *("福来", "永兴", "同庆", "万家", "金陵", "聚丰", "鼎盛", "阿明", "老周", "顺发"),
    *("喜临", "百川", "四季", "江南", "好邻", "一品", "长乐", "天天", "德胜", "和美"),
)


@dataclass(frozen=True, slots=True)
class Shop:
    """A store that may be opened."""

    number: str
    name: str
    kind: str
    street: Street
    latitude: float
    longitude: float


def shops(count: int, chance: random.Random, *, first_number: int = 1) -> list[Shop]:
    """`count` stores, spread evenly over the streets, each within some 600 m of its street's middle."""
    found = []
    for index in range(count):
        street = STREETS[index % len(STREETS)]
        kind, endings = KINDS[(index // len(STREETS)) % len(KINDS)]
        latitude, longitude = near(street.latitude, street.longitude, 600, chance)
        name = f"{NAMES[(index * 7 + first_number) % len(NAMES)]}{chance.choice(endings)}（{street.name}店）"
        found.append(Shop(f"S{first_number + index:05d}", name, kind, street, latitude, longitude))
    return found


def near(latitude: float, longitude: float, radius_m: float, chance: random.Random) -> tuple[float, float]:
    """A place within `radius_m` metres, evenly over the disc, rounded to a metre."""
    distance, angle = radius_m * math.sqrt(chance.random()), chance.random() * math.tau
    return moved_by(latitude, longitude, (distance * math.sin(angle), distance * math.cos(angle)))


def moved_by(latitude: float, longitude: float, metres: tuple[float, float]) -> tuple[float, float]:
    """The place so many metres north and east of another, rounded to a metre."""
    north, east = metres
    stretch = METRES_PER_DEGREE * math.cos(math.radians(latitude))
    return round(latitude + north / METRES_PER_DEGREE, 5), round(longitude + east / stretch, 5)
