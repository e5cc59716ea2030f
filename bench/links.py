"""Digital Links that lead on: of items to their pages, of products to the link that their brand chose."""

from pathlib import Path

from django.test import Client

from bench import pgbench
from bench.consumers import FLOOR_CALLS, ROUNDS, SECONDS, Town, over_http, written
from bench.load import NoLoad, followed
from bench.rows import Row
from bench.statements import Script, statements_of
from codes.models import Product
from codes.services.product_links import LinkFacts, add_link
from core import clock

ACTOR = "system:bench"
ITEMS = 500


def redirects(town: Town) -> Row:
    """Half of the links are of items, half ask a product for its instructions; the product has four links."""
    product = Product.objects.select_related("brand").get()
    for kind in ("gs1:instructions", "gs1:certificationInfo", "gs1:faqs", "gs1:dpp"):
        facts = LinkFacts(link_type=kind, href="https://one.cn/there", title="There")
        add_link(brand=product.brand, product_id=product.pk, facts=facts, actor=ACTOR, now=clock.now())
    paths = [f"/01/{product.gtin}/21/{item.code}?17=301231" for item in town.market.items[:ITEMS]]
    paths += [f"/01/{product.gtin}?linkType=gs1:instructions"] * ITEMS
    file = town.folder / "links"
    file.write_text("\n".join(paths))
    script = floor_of(town, product, paths[0])
    heard, floors = [], []
    for _ in range(ROUNDS):
        heard.append(followed(town.url, file, SECONDS))
        floors.append(pgbench.run(script, FLOOR_CALLS))
    return over_http("Digital Links that lead on", heard, max(floors), aim="≥ 1,000")


def floor_of(town: Town, product: Product, path: str) -> Path:
    """The script of one link."""
    heard = statements_of(lambda: followed_here(path))
    pgbench.fill("bench_link", ["gtin"], ((product.gtin,) for _ in range(FLOOR_CALLS * ROUNDS)))
    return written(town.folder / "link.sql", Script(heard, "bench_link", {"gtin": product.gtin}))


def followed_here(path: str) -> None:
    """The same request, answered in this process."""
    answer = Client().get(path, headers={"Accept": "text/html"})
    if answer.status_code != 307:
        raise NoLoad(answer.content.decode())
