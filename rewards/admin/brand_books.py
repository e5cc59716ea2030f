"""Whose books a page of the admin shows."""

from typing import Any

from django.http import HttpRequest

from core.errors import Forbidden, NotFound
from stores.models import Brand
from stores.selectors.rights import sees_all_brands


def brand_of(request: HttpRequest, right: str = "rewards.view_posting") -> Brand:
    """The asking person's brand, or the one that the platform's person chose (else the first).

    Raises:
        Forbidden: without the right.
        NotFound: there is no such brand.
    """
    user: Any = request.user
    if not user.has_perm(right):
        raise Forbidden
    brands = Brand.objects.order_by("pk")
    if not sees_all_brands(user):
        brands = brands.filter(pk=user.brand_id)
    elif chosen := request.GET.get("brand") or request.POST.get("brand"):
        brands = brands.filter(slug=chosen)
    brand = brands.first()
    if brand is None:
        raise NotFound
    return brand


def brands_to_choose(request: HttpRequest) -> list[Brand]:
    """All, for the platform's people; none for others, who have but one."""
    return list(Brand.objects.order_by("name")) if sees_all_brands(request.user) else []
