"""One hot campaign: 16 clients that claim on it at once, against the same clients on 16 campaigns.

A campaign's budget stands in slots, so that its claims don't wait for each other: were there one row to take from, the
ratio would say so. Each client is a process of its own that calls the service, with a connection of its own.
"""

import datetime as dt
import itertools
import secrets
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from uuid import UUID

import django
from uuid_utils.compat import uuid7

from bench.rows import Row, row_of
from codes.formats.code_text import Role
from codes.models import Binding, CodeOrder, Opening, Product, Scan
from codes.services.products import BatchFacts, ProductFacts, create_batch, create_product
from config.market.envelopes import running_campaign, titled
from config.market.goods import Maker, activated, ordered
from consumers.models import Consumer
from consumers.services.identity import sign_in_local
from core import clock
from rewards.services.claims import open_claim
from rewards.services.risk_rules import RuleFacts, set_risk_rule
from stores.models import Brand

CLIENTS = 16
ROUNDS = 2
SECONDS = 4.0
MOST_EACH = 160
"""Claims of one client in a round, and more than it can make."""
WARM = 5
ACTOR = "system:bench"
LIMIT = "the CPU of both cores; waits for a slot of the budget are what is looked for"

Work = list[tuple[UUID, UUID]]
"""Scans with their consumers."""


def one_against_many() -> Row:
    """Claims a second on one campaign; the floor is the same on 16."""
    product = stage()
    with ProcessPoolExecutor(CLIENTS, mp_context=get_context("spawn"), initializer=django.setup) as clients:
        goods = [goods_of(product, campaigns=count) for count in (1, CLIENTS)]
        for works in goods:
            round_of(clients, [[work.pop() for _ in range(WARM)] for work in works])
        rates = [[round_of(clients, share_of(works)) for works in goods] for _ in range(ROUNDS)]
    hot, many = (max(rates_of_kind) for rates_of_kind in zip(*rates, strict=True))
    floor = (f"the same clients on {CLIENTS} campaigns", many)
    name = f"claims on one campaign, {CLIENTS} clients"
    return row_of(name=name, unit="/s", value=hot, floor=floor, limit=LIMIT, aim="ratio ≥ 0.8")


def stage() -> Product:
    """A product of a brand whose risk rules only watch: few people open very much."""
    brand = Brand.objects.create(slug="hot", name="热")
    set_risk_rule(brand=brand, facts=RuleFacts("watch", {}, 24, "release"), actor=ACTOR, now=clock.now())
    facts = ProductFacts(gtin="06901234567908", name="热酒")
    return create_product(brand=brand, facts=facts, actor=ACTOR, now=clock.now())


def goods_of(product: Product, *, campaigns: int) -> list[Work]:
    """What each client claims: items opened by a consumer of its own, over so many campaigns."""
    now = clock.now()
    brand = product.brand
    batch = create_batch(product=product, facts=BatchFacts(f"B{campaigns}"), actor=ACTOR, now=now)
    maker = Maker(brand, batch)
    each = CLIENTS * (MOST_EACH * ROUNDS + WARM) // campaigns
    works: list[Work] = []
    for number in range(campaigns):
        order = activated(maker, ordered(maker, "item", each, now), now)
        gift, days = titled(f"热 {number}", f"hot {number}"), (now, now + dt.timedelta(days=1))
        running_campaign(brand=brand, orders=[order], gift=gift, days=days, now=now)
        works += works_of(order, CLIENTS // campaigns, now)
    return works


def works_of(order: CodeOrder, clients: int, now: dt.datetime) -> list[Work]:
    """The order's items, opened, dealt out to so many clients."""
    people = [sign_in_local(brand=order.brand, name=secrets.token_hex(6), now=now) for _ in range(clients)]
    openers = itertools.cycle(people)
    opened = [(serial, next(openers)) for serial in range(order.first_serial, order.last_serial + 1)]
    scans = [scan_of(order, serial, person, now) for serial, person in opened]
    Scan.objects.bulk_create(scans)
    openings = [
        Opening(
            serial=serial, brand=order.brand, order=order, scan=scan, consumer=person, opened_at=now, day=now.date()
        )
        for scan, (serial, person) in zip(scans, opened, strict=True)
    ]
    Opening.objects.bulk_create(openings)
    facts = {"brand": order.brand, "confidence": 0.0, "day": now.date(), "bound_at": now}
    Binding.objects.bulk_create([Binding(opening=one, consumer=one.consumer, **facts) for one in openings])
    return [[(scan.pk, person.pk) for scan in scans if scan.consumer_id == person.pk] for person in people]


def scan_of(order: CodeOrder, serial: int, person: Consumer, now: dt.datetime) -> Scan:
    """A genuine first scan of the item's inner mark, not yet kept."""
    return Scan(
        id=uuid7(),
        brand=order.brand,
        serial=serial,
        role=Role.ITEM_INNER,
        masked_code="…",
        verdict="genuine_first",
        consumer=person,
        visitor=f"c{person.pk.hex}",
        nonce=secrets.token_hex(8),
        scanned_at=now,
    )


def share_of(works: list[Work]) -> list[Work]:
    """What each client claims in one round."""
    return [[work.pop() for _ in range(MOST_EACH)] for work in works]


def round_of(clients: ProcessPoolExecutor, works: Sequence[Work]) -> float:
    """Claims a second, of all clients together."""
    begins = time.time() + 1.0
    counts = list(clients.map(claim_all, works, itertools.repeat(begins)))
    return sum(count / seconds for count, seconds in counts)


def claim_all(work: Work, begins: float) -> tuple[int, float]:
    """Claim one after the other, from the given moment on; how many, in how many seconds. Runs in a client."""
    people = {person.pk: person for person in Consumer.objects.filter(pk__in={consumer for _, consumer in work})}
    time.sleep(max(0.0, begins - time.time()))
    started = time.perf_counter()
    done = 0
    for scan, consumer in work:
        open_claim(scan_id=scan, consumer=people[consumer], visitor="", now=clock.now())
        done += 1
        if time.perf_counter() - started > SECONDS:
            break
    return done, time.perf_counter() - started
