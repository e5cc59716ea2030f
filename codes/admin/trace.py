"""The page of the admin that tells one unit's way, and what travelled with it, with where each of these is now."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from codes.formats.code_text import CODE_LENGTH
from codes.models import Movement
from codes.models.order import LAST_SERIAL
from codes.reading import read
from codes.selectors.custody import Custody
from codes.selectors.journey import Step, journey_of
from codes.selectors.siblings import Piece, in_holder, in_movement, nearest_holder, page_of
from codes.selectors.states import UnitState, state_of
from core import clock
from core.errors import Forbidden
from stores.models import Dealer, Store
from stores.selectors.rights import sees_all_brands

PAGE = 50
LAST_ID = 2**63 - 1
WORDS = {"packed": _("packed"), "unpacked": _("taken out")} | dict(Movement.Kind.choices)


class TraceForm(forms.Form):
    """Which unit, and of what the others are wanted; what makes no sense falls back to the nearest case or pallet."""

    unit = forms.CharField(label=_("Code, link or serial"), max_length=2048, required=False)
    holder = forms.IntegerField(required=False, min_value=0, max_value=LAST_SERIAL)
    movement = forms.IntegerField(required=False, min_value=1, max_value=LAST_ID)
    first = forms.IntegerField(required=False, min_value=0, max_value=LAST_SERIAL)


@dataclass(frozen=True, slots=True)
class Told:
    """A step, in words."""

    step: Step
    words: Any


@dataclass(frozen=True, slots=True)
class Sibling:
    """Units that travelled along, and where they are."""

    piece: Piece
    where: str


def trace_page(page: Any, request: HttpRequest) -> HttpResponse:
    """The unit that the query names, for whoever may see movements of its brand."""
    if not request.user.has_perm("codes.view_movement"):
        raise Forbidden
    form = TraceForm(request.GET)
    form.is_valid()
    asked = form.cleaned_data
    facts = {"title": _g("Trace a unit"), "opts": page.opts, "asked": asked.get("unit", "")}
    unit = visible_unit(request.user, asked.get("unit", ""))
    if unit is not None:
        facts |= trace_of(serial_of(asked["unit"]) or 0, unit, asked)
    return TemplateResponse(request, "admin/codes/trace.html", page.admin_site.each_context(request) | facts)


def serial_of(text: str) -> int | None:
    """The serial that a code, a link or a number names."""
    bare = text.strip()
    if bare.isascii() and bare.isdecimal() and len(bare) < CODE_LENGTH:
        return int(bare) if int(bare) <= LAST_SERIAL else None
    return read(bare).serial


def visible_unit(user: Any, text: str) -> UnitState | None:
    """The unit, where it is one of the user's brand."""
    serial = serial_of(text)
    unit = None if serial is None else state_of(serial, now=clock.now())
    if unit is None or not (sees_all_brands(user) or unit.order.brand_id == user.brand_id):
        return None
    return unit


def trace_of(serial: int, unit: UnitState, asked: dict[str, Any]) -> dict[str, Any]:
    """The way of a unit, and a page of what travelled with it."""
    steps = journey_of(serial)
    movement, holder = asked.get("movement"), asked.get("holder")
    found = in_movement(steps, movement) if movement else in_holder(steps, holder) if holder else None
    if found is None:
        movement, holder = None, nearest_holder(steps, serial)
        found = (in_holder(steps, holder) if holder else None) or []
    told = page_of(found, first=asked.get("first") or 0, most=PAGE)
    return {
        "unit": unit,
        "serial": serial,
        "steps": [Told(step, WORDS[step.what]) for step in steps],
        "holder": holder,
        "movement": movement,
        "siblings": siblings_of(told.pieces),
        "next_serial": told.next_serial,
    }


def siblings_of(pieces: list[Piece]) -> list[Sibling]:
    """The pieces with where they are, in words. Two statements."""
    stores = Store.objects.in_bulk({piece.custody.store_id for piece in pieces} - {None})
    dealers = Dealer.objects.in_bulk({piece.custody.dealer_id for piece in pieces} - {None})
    return [Sibling(piece, place_of(piece.custody, stores, dealers)) for piece in pieces]


def place_of(custody: Custody, stores: dict[int, Store], dealers: dict[int, Dealer]) -> str:
    """Who has it, or was to get it; the brand, or nobody any more."""
    if custody.movement is None:
        return _g("with the brand")
    kind = str(Movement.Kind(custody.movement.kind).label)
    partner = stores.get(custody.store_id or 0) or dealers.get(custody.dealer_id or 0)
    return f"{partner}: {kind}" if partner else kind
