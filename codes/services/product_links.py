"""Where the Digital Links of a product lead, as brand staff wish it."""

import datetime as dt
from dataclasses import asdict, dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from codes.models import Batch, Product, ProductLink
from core import audit
from core.errors import Conflict, Invalid, NotFound
from stores.models import Brand

_IS_ADDRESS = URLValidator(schemes=["http", "https"])


class LinkTaken(Conflict):
    code = "product_link_taken"
    title = gettext_lazy("The product has a link of this type, language and context. Change that one.")


@dataclass(frozen=True, slots=True)
class LinkFacts:
    """What a link says: see `ProductLink`. Without `batch_id` it holds for the whole product."""

    link_type: str
    href: str
    title: str
    language: str = ""
    context: str = ""
    batch_id: int | None = None
    is_default: bool = False
    forwards_query: bool = True


def add_link(*, brand: Brand, product_id: int, facts: LinkFacts, actor: str, now: dt.datetime) -> ProductLink:
    """Add a link to a product, or to one of its batches. A new default takes the place of the one before.

    Raises:
        NotFound: the brand has no such product.
        Invalid: an address, a title, a type, a language or a batch that can't be.
        LinkTaken: the product has one of this type and language.
    """
    with transaction.atomic():
        product = _locked(brand, product_id)
        link = ProductLink(product=product)
        return _write(link, facts, brand=brand, action="product_link.add", actor=actor, now=now)


def change_link(*, brand: Brand, link_id: int, facts: LinkFacts, actor: str, now: dt.datetime) -> ProductLink:
    """Replace what a link says. Raises as `add_link`."""
    with transaction.atomic():
        link = _link(brand, link_id)
        return _write(link, facts, brand=brand, action="product_link.change", actor=actor, now=now)


def remove_link(*, brand: Brand, link_id: int, actor: str, now: dt.datetime) -> None:
    """Take a link away. Raises NotFound."""
    with transaction.atomic():
        link = _link(brand, link_id)
        _note(link, brand=brand, action="product_link.remove", actor=actor, now=now, before=_readable(link))
        link.delete()


def _locked(brand: Brand, product_id: int) -> Product:
    """The product's row lock keeps two defaults from being made at once."""
    product = Product.objects.select_for_update().filter(brand=brand, pk=product_id).first()
    if product is None:
        raise NotFound
    return product


def _link(brand: Brand, link_id: int) -> ProductLink:
    found = ProductLink.objects.filter(product__brand=brand, pk=link_id).first()
    if found is None:
        raise NotFound
    _locked(brand, found.product_id)
    return found


def _write(
    link: ProductLink, facts: LinkFacts, *, brand: Brand, action: str, actor: str, now: dt.datetime
) -> ProductLink:
    _require_sound(link.product, facts)
    before = {} if link.pk is None else _readable(link)
    siblings = ProductLink.objects.filter(product=link.product).exclude(pk=link.pk)
    siblings = siblings.filter(batch_id=facts.batch_id) if facts.batch_id else siblings.filter(batch=None)
    if siblings.filter(link_type=facts.link_type, language=facts.language, context=facts.context).exists():
        raise LinkTaken(fields={"link_type": [str(LinkTaken.title)]})
    if facts.is_default:
        siblings.filter(is_default=True).update(is_default=False)
    for name, value in asdict(facts).items():
        setattr(link, name, value)
    link.save()
    _note(link, brand=brand, action=action, actor=actor, now=now, before=before, after=_readable(link))
    return link


def _require_sound(product: Product, facts: LinkFacts) -> None:
    wrong: dict[str, list[str]] = {}
    try:
        _IS_ADDRESS(facts.href)
    except ValidationError:
        wrong["href"] = [_("Give a whole address, such as https://example.com/instructions.")]
    if not facts.title.strip():
        wrong["title"] = [_("A link needs a title that a person can read.")]
    if facts.link_type not in ProductLink.LinkType:
        wrong["link_type"] = [_("Use one of: %(types)s.") % {"types": ", ".join(ProductLink.LinkType.values)}]
    if facts.language not in ProductLink.Language:
        wrong["language"] = [_("Use zh, en, or nothing for any language.")]
    if facts.batch_id is not None and not Batch.objects.filter(product=product, pk=facts.batch_id).exists():
        wrong["batch"] = [_("This batch is of another product.")]
    if wrong:
        raise Invalid(fields=wrong)


def _readable(link: ProductLink) -> dict[str, Any]:
    return {name: getattr(link, name) for name in LinkFacts.__slots__}


def _note(
    link: ProductLink,
    *,
    brand: Brand,
    action: str,
    actor: str,
    now: dt.datetime,
    before: dict[str, Any],
    after: dict[str, Any] | None = None,
) -> None:
    audit.record(
        actor=actor, action=action, subject=link, at=now, brand_slug=brand.slug, before=before, after=after or {}
    )
