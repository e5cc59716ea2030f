"""Long histories: the journey of one item, and the recall drill of the whole batch, over cases packed and moved."""

import random
import time
from collections.abc import Callable
from functools import partial

import numpy as np
from django.db import connection

from bench.market import ACTOR, opened
from bench.rows import Row, row_of
from bench.trade import PER_CASE, PER_PALLET, Trade, fill
from codes.selectors.journey import journey_of
from codes.selectors.recall_lists import recall_drill
from codes.services.products import BatchFacts, ProductFacts, create_batch, create_product
from config.market.goods import Maker, ordered
from config.market.places import shops
from consumers.services.identity import sign_in_local
from core import clock
from stores.models import Brand
from stores.services.dealers import DealerDetails, register_dealer
from stores.services.regions import load_regions

CASES = 100_000
STORES = 100
JOURNEYS = 1_000
DRILLS = 3
ALL_PACKINGS = "SELECT count(*) FROM codes_packing WHERE lower(children) > 0"


def measure(cases: int = CASES) -> list[Row]:
    """A row for each question. The floors: one bare statement, and reading the packings' ranges once."""
    trade = traded(cases)
    waits = [seconds_of(partial(journey_of, serial)) * 1000 for serial in some_items(trade, cases)]
    p50, p99 = (round(float(np.percentile(waits, at)), 2) for at in (50, 99))
    drills = min(seconds_of(lambda: recall_drill(trade.items.batch)) for _ in range(DRILLS))
    read = min(seconds_of(lambda: carry_out(ALL_PACKINGS)) for _ in range(DRILLS))
    bare = min(seconds_of(lambda: carry_out("SELECT 1")) for _ in range(JOURNEYS)) * 1000
    journey = row_of(
        name=f"journey of an item among {cases:,} cases",
        unit="ms (p99)",
        value=p99,
        floor=("SELECT 1", bare),
        limit="the look-ups on the way up, one after another",
        aim="< 20",
    )
    drill = row_of(
        name=f"recall drill of {cases * PER_CASE:,} items in {cases:,} cases",
        unit="s",
        value=drills,
        floor=("their packings' ranges read once", read),
        limit="PostgreSQL, which hands packings, openings and movements over in one process",
        aim="< 5 at 2,000,000 cases",
    )
    return [journey | {"p50_ms": p50, "p99_ms": p99}, drill]


def traded(cases: int) -> Trade:
    """A batch of a brand of its own, all of whose cases were packed, shipped and received, and some opened."""
    now = clock.now()
    load_regions()
    brand = Brand.objects.create(slug="bench-trade", name="台架贸易")
    facts = ProductFacts(gtin="06901234567809", name="台架货", margin_fen=2_000)
    product = create_product(brand=brand, facts=facts, actor=ACTOR, now=now)
    batch = create_batch(product=product, facts=BatchFacts("T1"), actor=ACTOR, now=now)
    maker = Maker(brand, batch)
    trade = Trade(
        items=ordered(maker, "item", cases * PER_CASE, now),
        cases=ordered(maker, "case", cases, now),
        pallets=ordered(maker, "pallet", cases // PER_PALLET, now),
        stores=[opened(brand, place, now) for place in shops(STORES, random.Random(2))],
        dealer=register_dealer(brand=brand, details=DealerDetails("D1", "台架经销商"), actor=ACTOR, now=now),
        consumer_id=sign_in_local(brand=brand, name="顾客", now=now).pk,
    )
    fill(trade, cases=cases)
    return trade


def some_items(trade: Trade, cases: int) -> list[int]:
    """Serials here and there."""
    dice = random.Random(7)
    return [trade.items.first_serial + dice.randrange(cases * PER_CASE) for _ in range(JOURNEYS)]


def seconds_of(work: Callable[[], object]) -> float:
    """How long it takes once."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def carry_out(statement: str) -> None:
    """A bare statement."""
    with connection.cursor() as cursor:
        cursor.execute(statement)
        cursor.fetchall()
