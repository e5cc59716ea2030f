"""Where a Digital Link can lead: what brand staff wrote down, and our own pages."""

from dataclasses import dataclass
from urllib.parse import quote

from django.utils.translation import gettext as _

from codes.formats.gs1.links import DigitalLink
from codes.formats.gs1.linkset import Target
from codes.models import Product, ProductLink

GTIN, LOT, SERIAL = "01", "10", "21"


@dataclass(frozen=True, slots=True)
class Resolved:
    """A link's levels (path, description) and targets, each from the particular to the general."""

    levels: list[tuple[str, str]]
    targets: list[Target]


def resolve(link: DigitalLink, *, origin: str) -> Resolved | None:
    """All that is known of a link; None where its key names nothing of ours. One or two queries.

    An unknown lot or serial has no targets of its own: what is above it answers. A serial's own target is the page
    that says whether it is genuine, so that a forged one is told there too.
    """
    if link.key[0] != GTIN:
        return None
    product = Product.objects.filter(gtin=link.key[1]).first()
    if product is None:
        return _of_stranger(link, origin)
    stored = list(ProductLink.objects.filter(product=product).select_related("batch").order_by("id"))
    levels = [(level.path(), level.qualifiers[-1][0] if level.qualifiers else GTIN) for level in link.levels()]
    targets: list[Target] = []
    for path, last in levels:
        if last == SERIAL:
            targets += _of_serial(link, path, origin)
        elif last == LOT:
            targets += [_of_row(path, row) for row in stored if row.batch and row.batch.lot == link.value_of(LOT)]
        elif last == GTIN:
            targets += _of_product(path, product, [row for row in stored if row.batch is None], origin)
    return Resolved([(path, _described(product, path)) for path, _last in levels], targets)


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


def _of_product(path: str, product: Product, rows: list[ProductLink], origin: str) -> list[Target]:
    """The staff's links; and our page about the product, which is the default until they choose another."""
    chosen = any(row.is_default for row in rows)
    told = any(row.link_type == ProductLink.LinkType.PIP and not row.language for row in rows)
    ours = Target(path, "gs1:pip", f"{origin}/products/{product.gtin}", _("About this product"), is_default=not chosen)
    return [*(_of_row(path, row) for row in rows), *([] if told and chosen else [ours])]


def _of_row(path: str, row: ProductLink) -> Target:
    return Target(
        path,
        row.link_type,
        row.href,
        row.title,
        language=row.language,
        context=row.context,
        is_default=row.is_default,
        forwards_query=row.forwards_query,
    )


def _described(product: Product, path: str) -> str:
    return product.name if path.count("/") == len(("01", "gtin")) else f"{product.name}, {path.split('/', 3)[3]}"


def product_links(product: Product) -> list[ProductLink]:
    """The links that the brand's staff gave the whole product."""
    return list(ProductLink.objects.filter(product=product, batch=None).order_by("-is_default", "id"))
