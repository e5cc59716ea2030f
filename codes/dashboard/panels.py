"""What the codes' room shows on one store's page, and on the dashboard's first one."""

from base64 import b64encode

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from codes.printing.qr import render_svg
from codes.selectors.latest import latest_bindings_of
from codes.selectors.open_cases import RIGHT, open_cases_of
from stores.models import Store, User
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


def market_cases(user: User) -> Panel | None:
    """Open cases by city and kind, for those who have to do with them; the work list for those who may see it."""
    cases = open_cases_of(user)
    if cases is None:
        return None
    may_look = user.is_staff and user.has_perm(RIGHT)
    return Panel(
        title=_("Open market cases"),
        template="codes/dashboard/market_cases.html",
        context={"cases": cases, "work_list": reverse("admin:codes_marketcase_changelist") if may_look else ""},
    )
