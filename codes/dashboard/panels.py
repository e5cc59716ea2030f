"""What the codes' room shows on one store's page."""

from base64 import b64encode

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from codes.printing.qr import render_svg
from codes.selectors.latest import latest_bindings_of
from stores.models import Store
from stores.panels import Panel


def latest_bindings(request: HttpRequest, store: Store) -> Panel:  # noqa: ARG001 - the signature of a panel
    """The newest openings that were bound to the store; the consumer stays masked."""
    return Panel(
        title=_("Latest openings"),
        template="codes/dashboard/latest_bindings.html",
        context={"bindings": latest_bindings_of(store.pk)},
    )


def b_code(request: HttpRequest, store: Store) -> Panel:  # noqa: ARG001 - the signature of a panel
    """The store's own QR code, to be printed and put on the counter."""
    address = f"{settings.PUBLIC_URL}/c/{store.b_code}"
    picture = b64encode(render_svg(address)).decode("ascii")
    return Panel(
        title=_("The store's code"),
        template="codes/dashboard/b_code.html",
        context={"picture": f"data:image/svg+xml;base64,{picture}", "address": address, "b_code": store.b_code},
    )
