"""A single mark as a QR code, for a sample or a replacement."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from codes.ciphers import mark_text
from codes.formats.code_text import Role
from codes.formats.digital_link import short_url
from codes.formats.serials import SerialRange
from codes.printing.qr import render_eps, render_png, render_svg
from codes.services.locking import lock_order
from codes.services.ordering import OrderState, facts_of
from codes.services.spans import LEAVES_THE_HOUSE, bounds_within
from core import audit
from core.errors import Invalid
from stores.models import Brand

Form = Literal["svg", "png", "eps"]
RENDERERS: dict[Form, Callable[[str], bytes]] = {"svg": render_svg, "png": render_png, "eps": render_eps}


@dataclass(frozen=True, slots=True)
class WantedMark:
    """One mark of an order."""

    order_id: int
    serial: int
    role: Role


def draw_mark(*, brand: Brand, wanted: WantedMark, form: Form, actor: str, now: dt.datetime) -> bytes:
    """The mark's QR code with its address. It hands a code over, so it is audited as a download is.

    Raises:
        NotFound: the brand has no such order.
        OrderState: the order is not released.
        Invalid: the serial or the role is not of the order.
        KeyGone: the order's key is not here; nothing was handed over.
    """
    with transaction.atomic():
        order = lock_order(wanted.order_id, brand)
        if order.state not in LEAVES_THE_HOUSE:
            raise OrderState(_("Only a released order can be printed."), state=order.state)
        bounds_within(order, SerialRange(wanted.serial, wanted.serial))
        if wanted.role not in order.roles:
            message = _("The order's roles are: %(known)s.") % {"known": facts_of(order)["roles"]}
            raise Invalid(fields={"role": [message]})
        code = mark_text(wanted.role, wanted.serial, order.key_version)
        audit.record(
            actor=actor,
            action="mark.draw",
            subject=order,
            at=now,
            brand_slug=brand.slug,
            after={"serial": wanted.serial, "role": wanted.role.slug, "form": form},
        )
    return RENDERERS[form](short_url(settings.PUBLIC_URL, code))
