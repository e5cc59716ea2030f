"""Everything of one brand only."""

from collections.abc import Mapping
from typing import Protocol

from django.utils.translation import gettext as _

from core.errors import Invalid
from stores.models import Brand, Region


class Owned(Protocol):
    brand_id: int


def require_same_brand(brand: Brand, things: Mapping[str, Owned | None]) -> None:
    """Refuse what belongs to another brand.

    Raises:
        Invalid: `fields` names each of them; whether it exists elsewhere is not told.
    """
    strangers = {name: [_("Unknown.")] for name, thing in things.items() if thing and thing.brand_id != brand.pk}
    if strangers:
        raise Invalid(fields=strangers)


def region_named(code: str) -> Region:
    """The region of a six-digit code.

    Raises:
        Invalid: there is none.
    """
    region = Region.objects.filter(code=code).first()
    if region is None:
        raise Invalid(fields={"region_code": [_("No region has this code. Six digits of GB/T 2260 are expected.")]})
    return region
