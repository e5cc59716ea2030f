"""What Prometheus may read: few counters, over all processes of the site, for those addresses alone that may."""

from ipaddress import ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from django_prometheus.exports import ExportToDjangoView

from consumers.session import address_of
from core.errors import NotFound


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus' text format.

    Raises:
        NotFound: the address is in none of settings.METRICS_NETWORKS.
    """
    if not may_read(address_of(request)):
        raise NotFound
    page: HttpResponse = ExportToDjangoView(request)
    return page


def may_read(address: str | None) -> bool:
    """Whether this address is one of ours. Unknown ones are not."""
    return address is not None and any(ip_address(address) in ip_network(each) for each in settings.METRICS_NETWORKS)
