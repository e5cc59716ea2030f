"""Brands: the platform takes them in and changes them."""

import datetime as dt
import zoneinfo
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import audit
from core.errors import Conflict, Invalid, NotFound
from stores.models import Brand
from stores.models.brand import PublicStep, usual_steps
from stores.services.constraints import explaining


class SlugTaken(Conflict):
    code = "brand_slug_taken"
    title = gettext_lazy("Another brand has this short name.")


@dataclass(frozen=True, slots=True)
class BrandDetails:
    """`timezone` is an IANA zone; `public_steps` are values of PublicStep. An inactive brand keeps its history."""

    name: str
    name_en: str = ""
    timezone: str = "Asia/Shanghai"
    is_active: bool = True
    public_steps: Sequence[str] = field(default_factory=usual_steps)


def open_brand(*, slug: str, details: BrandDetails, now: dt.datetime, actor: str) -> Brand:
    """Take a brand in. Its slug stays for good: addresses and the audit trail name the brand by it.

    Raises:
        Invalid: an empty name, or a zone or public step that there is not.
        SlugTaken: another brand has the slug.
    """
    check(details)
    with explaining({"stores_brand_slug_key": SlugTaken}):
        brand = Brand.objects.create(slug=slug, **asdict(details))
        audit.record(
            actor=actor,
            action="brand.opened",
            subject=brand,
            at=now,
            brand_slug=slug,
            after={"slug": slug, **asdict(details)},
        )
    return brand


def change_brand(*, brand_id: int, details: BrandDetails, now: dt.datetime, actor: str) -> Brand:
    """Replace what is known of a brand.

    Raises:
        NotFound: there is none of this id.
        Invalid: as for `open_brand`.
    """
    check(details)
    with explaining({}):
        brand = Brand.objects.select_for_update().filter(pk=brand_id).first()
        if brand is None:
            raise NotFound
        before = asdict(details_of(brand))
        for name, value in asdict(details).items():
            setattr(brand, name, value)
        brand.save()
        audit.record(
            actor=actor,
            action="brand.changed",
            subject=brand,
            at=now,
            brand_slug=brand.slug,
            before=before,
            after=asdict(details),
        )
    return brand


def details_of(brand: Brand) -> BrandDetails:
    """What is known of a brand now."""
    return BrandDetails(
        name=brand.name,
        name_en=brand.name_en,
        timezone=brand.timezone,
        is_active=brand.is_active,
        public_steps=list(brand.public_steps),
    )


def check(details: BrandDetails) -> None:
    """Refuse an empty name, an unknown zone and an unknown step."""
    if not details.name.strip():
        raise Invalid(fields={"name": [_("This must not be empty.")]})
    if details.timezone not in zoneinfo.available_timezones():
        raise Invalid(fields={"timezone": [_("No such time zone. An IANA name is expected, such as Asia/Shanghai.")]})
    if not set(details.public_steps) <= set(PublicStep.values):
        raise Invalid(fields={"public_steps": [_("One of: %(values)s.") % {"values": ", ".join(PublicStep.values)}]})
