"""What consumers do, over HTTP: scans that open items, and claims on them. The floor is the same SQL by pgbench."""

import json
import random
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from django.db import connection
from django.test import Client
from uuid_utils.compat import uuid7

from bench import pgbench
from bench.load import Heard, NoLoad, Post, best, posted
from bench.market import Item, Market
from bench.rows import Row, row_of
from bench.statements import Script, statements_of
from codes.models import Opening, Scan

ROUNDS = 2
SECONDS = 4
FLOOR_CALLS = 4_000
EARLIER = 300
MOST_PER_SECOND = 1_500
IN_FLIGHT_SECONDS = 1.0
"""What the load before had under way when it ended is answered within these."""
SCANS, CLAIMS = "/api/v1/scans", "/api/v1/scans/{}/claim"
SCAN_LIMIT = "the CPU of both cores, which Python in the web processes, PostgreSQL and wrk share"


@dataclass
class Town:
    """The market in use: items are taken from it, each once."""

    market: Market
    url: str
    folder: Path
    chance: random.Random = field(default_factory=lambda: random.Random(3))

    def someone(self) -> str:
        return self.chance.choice(list(self.market.tokens))

    def items(self, count: int) -> list[Item]:
        """So many that nobody has taken yet."""
        taken, self.market.items[:count] = self.market.items[:count], []
        if len(taken) < count:
            raise NoLoad("The market has too few items for a machine this fast: raise bench.market.CASES.")
        return taken


def earlier_customers(town: Town) -> None:
    """Scans and claims of the days before, and the statistics that autovacuum has kept of them since.

    On tables that are known to be empty PostgreSQL plans to read them from end to end, and keeps such a plan until
    autovacuum comes by again: half of each scan would be that, on the first day's first minute alone.
    """
    for item in town.items(EARLIER):
        posted_here(SCANS, town.market.tokens[town.someone()], json.dumps(body_of(item)))
    for scan_id, consumer in unclaimed(EARLIER):
        posted_here(CLAIMS.format(scan_id), town.market.tokens[consumer], "{}")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    connection.close()


def scans(town: Town) -> Row:
    """Scans of items in the stores, each by a signed-in consumer whose phone tells its place; each opens its item."""
    script = scan_floor(town)
    heard, floors = [], []
    for number in range(ROUNDS):
        before = Opening.objects.count()
        heard.append(posts(town, f"scans-{number}", scan_posts(town)))
        if Opening.objects.count() - before < heard[-1].requests:
            raise NoLoad("Not every scan opened its item.")
        floors.append(pgbench.run(script, FLOOR_CALLS))
    return over_http("scans that open an item", heard, max(floors), aim="≥ 600, ratio ≥ 0.25")


def claims(town: Town) -> Row:
    """Claims on what the scans opened, each by its own consumer: draw, reservation, ledger and bills."""
    script = claim_floor(town)
    heard, floors = [], []
    for number in range(ROUNDS):
        heard.append(posts(town, f"claims-{number}", claim_posts(town)))
        floors.append(pgbench.run(script, FLOOR_CALLS // 2))
    return over_http("claims", heard, max(floors), aim="≥ 300")


def scans_among_all(town: Town, alone: Row) -> Row:
    """The same scans while worker and beat count them; the floor is the row without these."""
    return among_all([posts(town, f"all-scans-{number}", scan_posts(town)) for number in range(ROUNDS)], alone)


def claims_among_all(town: Town, alone: Row) -> Row:
    """The same claims while worker and beat pay and count them."""
    return among_all([posts(town, f"all-claims-{number}", claim_posts(town)) for number in range(ROUNDS)], alone)


def among_all(heard: list[Heard], alone: Row) -> Row:
    fastest = best(heard)
    row = row_of(
        name=f"{alone['name']}, worker and beat running",
        unit="/s",
        value=fastest.rate,
        floor=("the same without worker and beat", float(alone["value"])),
        limit="the same CPU, of which payouts and statistics take their part",
        aim="",
    )
    return row | {"p50_ms": fastest.p50_ms, "p99_ms": fastest.p99_ms}


def over_http(name: str, heard: list[Heard], floor: float, *, aim: str) -> Row:
    fastest = best(heard)
    floor_row = ("the same SQL by pgbench, 8 connections", floor)
    row = row_of(name=f"{name}, over HTTP", unit="/s", value=fastest.rate, floor=floor_row, limit=SCAN_LIMIT, aim=aim)
    return row | {"p50_ms": fastest.p50_ms, "p99_ms": fastest.p99_ms}


def posts(town: Town, name: str, given: Iterator[Post]) -> Heard:
    file = town.folder / name
    with file.open("w") as out:
        out.writelines(post.line for post in given)
    return posted(town.url, file, SECONDS)


def scan_posts(town: Town) -> Iterator[Post]:
    for item in town.items(MOST_PER_SECOND * SECONDS):
        yield Post(SCANS, town.market.tokens[town.someone()], json.dumps(body_of(item)))


def body_of(item: Item) -> dict[str, str | float]:
    return {"code": item.code, "latitude": item.latitude, "longitude": item.longitude, "accuracy_m": 20}


def unclaimed(count: int) -> list[tuple[UUID, str]]:
    """Scans whose opening nobody has claimed on, with their consumers."""
    waiting = Opening.objects.filter(claim__isnull=True).order_by("opened_at", "serial")
    return [(scan, str(consumer)) for scan, consumer in waiting.values_list("scan_id", "consumer_id")[:count]]


def claim_posts(town: Town) -> Iterator[Post]:
    time.sleep(IN_FLIGHT_SECONDS)
    for scan_id, consumer in unclaimed(MOST_PER_SECOND * SECONDS // 2):
        yield Post(CLAIMS.format(scan_id), town.market.tokens[consumer], "{}")


def scan_floor(town: Town) -> Path:
    """The script of a scan, over items of its own."""
    (item,) = town.items(1)
    consumer = town.someone()
    heard = statements_of(lambda: posted_here(SCANS, town.market.tokens[consumer], json.dumps(body_of(item))))
    scan = Scan.objects.get(serial=item.serial)
    varying = {"id": scan.pk, "serial": item.serial, "consumer": UUID(consumer), "visitor": f"c{UUID(consumer).hex}"}
    varying |= {"nonce": scan.nonce}
    rows = (
        (uuid7(), each.serial, who, f"c{UUID(who).hex}", secrets.token_urlsafe(16))
        for each in town.items(FLOOR_CALLS * ROUNDS)
        for who in [town.someone()]
    )
    pgbench.fill("bench_scan", list(varying), rows)
    return written(town.folder / "scan.sql", Script(heard, "bench_scan", varying))


def claim_floor(town: Town) -> Path:
    """The script of a claim, over openings of its own."""
    count = FLOOR_CALLS // 2 * ROUNDS
    openings = Opening.objects.filter(claim__isnull=True).order_by("-opened_at", "-serial")[: count + 1]
    first, *others = openings
    path = CLAIMS.format(first.scan_id)
    heard = statements_of(lambda: posted_here(path, town.market.tokens[str(first.consumer_id)], "{}"))
    varying = {"serial": first.pk, "scan": first.scan_id, "consumer": first.consumer_id}
    rows = ((each.pk, each.scan_id, each.consumer_id) for each in others)
    pgbench.fill("bench_claim", list(varying), rows)
    return written(town.folder / "claim.sql", Script(heard, "bench_claim", varying))


def posted_here(path: str, token: str, body: str) -> None:
    """The same request, answered in this process."""
    answer = Client().post(path, body, content_type="application/json", headers={"Authorization": f"Bearer {token}"})
    if answer.status_code != 201:
        raise NoLoad(answer.content.decode())


def written(path: Path, script: Script) -> Path:
    path.write_text(script.text)
    return path
