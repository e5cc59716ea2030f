"""What anybody may know of a product, without a code in hand."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from codes.models import Product
from codes.selectors.targets import product_links
from core.errors import NotFound


@require_safe
def product_page(request: HttpRequest, gtin: str) -> HttpResponse:
    """Name, specification, story and links of a product.

    Raises:
        NotFound: no brand here has such a product.
    """
    product = Product.objects.filter(gtin=gtin).first()
    if product is None:
        raise NotFound
    return render(request, "codes/pages/about_product.html", {"product": product, "links": product_links(product)})
