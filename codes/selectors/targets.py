"""Where a Digital Link can lead: what brand staff wrote down, and our own pages."""

from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import quote

from django.utils.translation import gettext as _

from codes.formats.gs1.links import DigitalLink
from codes.formats.gs1.linkset import Target
from codes.models import Product, ProductLink
from core.prepared import row_of

GTIN, LOT, SERIAL = "01", "10", "21"

# A plain statement, since every printed Digital Link asks it: building it anew would cost more than running it.
PRODUCT = """
SELECT product.name, (
  SELECT json_agg(json_build_array(coalesce(batch.lot, ''), link.link_type, link.href, link.title, link.language,
    link.context, link.is_default, link.forwards_query) ORDER BY link.id)
  FROM codes_productlink link LEFT JOIN codes_batch batch ON batch.id = link.batch_id
  WHERE link.product_id = product.id
) AS links
FROM codes_product product WHERE product.gtin = %(gtin)s::text"""


class Kept(NamedTuple):
    """A link that brand staff wrote down, in the order of PRODUCT; `lot` is "" where it is the whole product's."""

    lot: str
    link_type: str
    href: str
    title: str
    language: str
    context: str
    is_default: bool
    forwards_query: bool


@dataclass(frozen=True, slots=True)
class Resolved:
    """A link's levels (path, description) and targets, each from the particular to the general."""

    levels: list[tuple[str, str]]
    targets: list[Target]


def resolve(link: DigitalLink, *, origin: str) -> Resolved | None:
    """All that is known of a link; None where its key names nothing of ours. One statement.

    An unknown lot or serial has no targets of its own: what is above it answers. A serial's own target is the page
    that says whether it is genuine, so that a forged one is told there too.
    """
    if link.key[0] != GTIN:
        return None
    product = row_of(PRODUCT, {"gtin": link.key[1]})
    if product is None:
        return _of_stranger(link, origin)
    kept = [Kept(*parts) for parts in product["links"] or ()]
    levels = [(level.path(), level.qualifiers[-1][0] if level.qualifiers else GTIN) for level in link.levels()]
    targets: list[Target] = []
    for path, last in levels:
        if last == SERIAL:
            targets += _of_serial(link, path, origin)
        elif last == LOT:
            targets += [_of_kept(path, one) for one in kept if one.lot == link.value_of(LOT)]
        elif last == GTIN:
            targets += _of_product(path, link.key[1], [one for one in kept if not one.lot], origin)
    return Resolved([(path, _described(product["name"], path)) for path, _last in levels], targets)


def _of_stranger(link: DigitalLink, origin: str) -> Resolved | None:
    """A product that nobody here has: whoever holds a bottle with such a code is told so by the code's page."""
    if not link.value_of(SERIAL):
        return None
    path = link.path()
    return Resolved([(path, _("Unknown product"))], _of_serial(link, path, origin))


def _of_serial(link: DigitalLink, path: str, origin: str) -> list[Target]:
    page = f"{origin}/c/{quote(link.value_of(SERIAL), safe='')}?gtin={link.key[1]}"
    return [
        Target(path, "gs1:verificationService", page, _("Is it genuine?"), is_default=True),
        Target(path, "gs1:traceability", page, _("Where it has been")),
    ]


def _of_product(path: str, gtin: str, kept: list[Kept], origin: str) -> list[Target]:
    """The staff's links; and our page about the product, which is the default until they choose another."""
    chosen = any(one.is_default for one in kept)
    told = any(one.link_type == ProductLink.LinkType.PIP and not one.language for one in kept)
    page = f"{origin}/products/{gtin}"
    ours = Target(path, "gs1:pip", page, _("About this product"), is_default=not chosen)
    return [*(_of_kept(path, one) for one in kept), *([] if told and chosen else [ours])]


def _of_kept(path: str, one: Kept) -> Target:
    return Target(
        path,
        one.link_type,
        one.href,
        one.title,
        language=one.language,
        context=one.context,
        is_default=one.is_default,
        forwards_query=one.forwards_query,
    )


def _described(name: str, path: str) -> str:
    return name if path.count("/") == len(("01", "gtin")) else f"{name}, {path.split('/', 3)[3]}"


def product_links(product: Product) -> list[ProductLink]:
    """The links that the brand's staff gave the whole product."""
    return list(ProductLink.objects.filter(product=product, batch=None).order_by("-is_default", "id"))
