"""Products and their batches."""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from codes.formats.gtin import InvalidGtin, validate_gtin14
from codes.models import Batch, Product
from core import audit
from core.errors import Conflict, Invalid, NotFound
from stores.models import Brand

LOT_LENGTH = 20


class GtinTaken(Conflict):
    code = "gtin_taken"
    title = gettext_lazy("This GTIN belongs to another product.")


class LotTaken(Conflict):
    code = "lot_taken"
    title = gettext_lazy("This product has a batch of this lot with other dates.")


@dataclass(frozen=True, slots=True)
class ProductFacts:
    """What a product says of itself. The GTIN may have 8, 12, 13 or 14 digits; the margin is in fen."""

    gtin: str
    name: str
    name_en: str = ""
    specification: str = ""
    margin_fen: int = 0
    story: str = ""


@dataclass(frozen=True, slots=True)
class BatchFacts:
    """A production run: its lot (GS1 AI 10) and, where known, its dates."""

    lot: str
    produced_on: dt.date | None = None
    expires_on: dt.date | None = None


def gtin14_of(text: str) -> str:
    """The GTIN-14 of a text.

    Raises:
        Invalid: field `gtin`, with the check digit that would be right.
    """
    try:
        return validate_gtin14(text)
    except InvalidGtin as error:
        raise Invalid(fields={"gtin": [gtin_fault(error)]}) from error


def gtin_fault(error: InvalidGtin) -> str:
    """What is wrong with a GTIN and what would be right, in the reader's language."""
    if error.right:
        return _("The last digit of this GTIN must be %(digit)s.") % {"digit": error.right}
    return _("A GTIN has 8, 12, 13 or 14 digits.")


def create_product(*, brand: Brand, facts: ProductFacts, actor: str, now: dt.datetime) -> Product:
    """Add a product to the brand.

    Raises:
        Invalid: a wrong GTIN or an empty name.
        GtinTaken: a GTIN names one product, whichever brand it is of.
    """
    gtin = gtin14_of(facts.gtin)
    if not facts.name.strip():
        raise Invalid(fields={"name": [_("A product needs a name.")]})
    with transaction.atomic():
        values = {
            "name": facts.name.strip(),
            "name_en": facts.name_en,
            "specification": facts.specification,
            "margin_fen": facts.margin_fen,
            "story": facts.story,
            "created_at": now,
        }
        product, is_new = Product.objects.get_or_create(gtin=gtin, defaults={"brand": brand, **values})
        if not is_new:
            raise GtinTaken(fields={"gtin": [_("%(gtin)s is in use already.") % {"gtin": gtin}]})
        audit.record(
            actor=actor,
            action="product.create",
            subject=product,
            at=now,
            brand_slug=brand.slug,
            after={"gtin": gtin, "name": product.name},
        )
    return product


def change_product(*, brand: Brand, product_id: int, facts: ProductFacts, actor: str, now: dt.datetime) -> Product:
    """Replace what a product says of itself; its GTIN stays, since it is printed: the one in `facts` is not read.

    Raises:
        NotFound: the brand has no such product.
        Invalid: an empty name.
    """
    if not facts.name.strip():
        raise Invalid(fields={"name": [_("A product needs a name.")]})
    with transaction.atomic():
        product = Product.objects.select_for_update().filter(brand=brand, pk=product_id).first()
        if product is None:
            raise NotFound
        wanted = {name: getattr(facts, name) for name in TOLD} | {"name": facts.name.strip()}
        note_change(product, wanted, brand_slug=brand.slug, actor=actor, now=now)
    return product


def change_batch(*, brand: Brand, batch_id: int, facts: BatchFacts, actor: str, now: dt.datetime) -> Batch:
    """Correct a batch's dates; its lot stays, since it is printed: the one in `facts` is not read.

    Raises:
        NotFound: the brand has no such batch.
        Invalid: dates the wrong way round.
    """
    with transaction.atomic():
        batch = Batch.objects.select_for_update().filter(product__brand=brand, pk=batch_id).first()
        if batch is None:
            raise NotFound
        checked_lot(replace(facts, lot=batch.lot))
        wanted = {"produced_on": facts.produced_on, "expires_on": facts.expires_on}
        note_change(batch, wanted, brand_slug=brand.slug, actor=actor, now=now)
    return batch


def note_change(
    thing: Product | Batch, wanted: dict[str, Any], *, brand_slug: str, actor: str, now: dt.datetime
) -> None:
    """Write what differs, and tell the audit trail of that alone."""
    changed = {name: value for name, value in wanted.items() if value != getattr(thing, name)}
    before = {name: getattr(thing, name) for name in changed}
    for name, value in changed.items():
        setattr(thing, name, value)
    thing.save(update_fields=list(changed))
    audit.record(
        actor=actor,
        action=f"{thing._meta.model_name}.change",  # noqa: SLF001 - Django's documented API
        subject=thing,
        at=now,
        brand_slug=brand_slug,
        before=readable(before),
        after=readable(changed),
    )


def readable(facts: dict[str, Any]) -> dict[str, Any]:
    """JSON-ready: days as text."""
    return {name: str(value or "") if name.endswith("_on") else value for name, value in facts.items()}


TOLD = ("name", "name_en", "specification", "margin_fen", "story")


def create_batch(*, product: Product, facts: BatchFacts, actor: str, now: dt.datetime) -> Batch:
    """The product's batch of this lot; made unless it is there. Asked twice, it answers the same batch.

    Raises:
        Invalid: a lot that is empty or too long, or dates the wrong way round.
        LotTaken: the lot is there with other dates.
    """
    lot = checked_lot(facts)
    with transaction.atomic():
        dates = {"produced_on": facts.produced_on, "expires_on": facts.expires_on}
        batch, is_new = Batch.objects.get_or_create(product=product, lot=lot, defaults=dates)
        if not is_new:
            if any(wanted and wanted != getattr(batch, name) for name, wanted in dates.items()):
                raise LotTaken
            return batch
        audit.record(
            actor=actor,
            action="batch.create",
            subject=batch,
            at=now,
            brand_slug=product.brand.slug,
            after={"gtin": product.gtin, "lot": lot, **{name: str(day or "") for name, day in dates.items()}},
        )
    return batch


def batch_for(*, brand: Brand, gtin: str, facts: BatchFacts, actor: str, now: dt.datetime) -> Batch:
    """The batch of this lot of the brand's product under `gtin`; made unless it is there.

    Raises:
        Invalid: a wrong GTIN, one that no product of the brand has, or a wrong lot.
        LotTaken: the lot is there with other dates.
    """
    product = Product.objects.select_related("brand").filter(brand=brand, gtin=gtin14_of(gtin)).first()
    if product is None:
        raise Invalid(fields={"gtin": [_("The brand has no product with this GTIN. Create the product first.")]})
    return create_batch(product=product, facts=facts, actor=actor, now=now)


def checked_lot(facts: BatchFacts) -> str:
    """The lot without blanks around it; refuses what the database would."""
    lot = facts.lot.strip()
    if not 1 <= len(lot) <= LOT_LENGTH:
        raise Invalid(fields={"lot": [_("A lot has 1 to %(most)d characters.") % {"most": LOT_LENGTH}]})
    if facts.produced_on and facts.expires_on and facts.expires_on < facts.produced_on:
        raise Invalid(fields={"expires_on": [_("It must not lie before the day of production.")]})
    return lot
