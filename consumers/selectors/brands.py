"""Which brand a consumer's request is about."""

from django.conf import settings
from django.utils.translation import gettext as _

from core.errors import NotFound
from stores.models import Brand


def brand_for(slug: str = "") -> Brand:
    """The active brand of this slug; without one, settings.DEFAULT_BRAND; without that, the oldest active brand.

    Raises:
        NotFound: there is no such brand.
    """
    wanted = slug or settings.DEFAULT_BRAND
    brands = Brand.objects.filter(is_active=True)
    brand = brands.filter(slug=wanted).first() if wanted else brands.order_by("pk").first()
    if brand is None:
        raise NotFound(_("There is no such brand."))
    return brand
