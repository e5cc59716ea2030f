"""What people do with goods on the warehouse's page, by what they scanned: packing and moving, as deeds."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from codes.formats.code_text import CodeMark, Role
from codes.formats.serials import SerialRange
from codes.models import Movement
from codes.reading import Found, read
from codes.selectors.blocks import made_by_printer
from codes.selectors.packing_lists import Judgement, ListRow, judge
from codes.selectors.workplaces import PACK, Workplace, other_named, workplaces_of
from codes.services.contradictions import Partner
from codes.services.movement_lines import Count, NewMovement
from codes.services.moving import move
from codes.services.packing_lists import BadRows, Choice, pack_list
from codes.services.refusals import UnknownUnits
from core.errors import Forbidden, Invalid
from stores.models import Brand, User


@dataclass(frozen=True, slots=True)
class Scanned:
    """A mark as it was scanned or typed; `counted`: units found inside of a received case or pallet, if counted."""

    text: str
    counted: int | None = None


@dataclass(frozen=True, slots=True)
class Deed:
    """What somebody has done.

    Attributes:
        kind: a kind of movement, or "pack".
        place: key of the workplace.
        units: what was scanned; for packing, the children.
        happened_at: aware; by a telephone's clock, which may run ahead.
        other: number, or a store's B-code, of whom it was sent to or came back from.
        parent: of a packing, the mark of the case or pallet.
        reference, is_whole: as of a movement.
    """

    kind: str
    place: str
    units: Sequence[Scanned]
    happened_at: dt.datetime
    other: str = ""
    parent: str = ""
    reference: str = ""
    is_whole: bool = False


def carry_out(*, user: User, deed: Deed, now: dt.datetime) -> Movement | Judgement:
    """Write down a deed: the movement, or what became of the packing.

    Raises:
        Forbidden: the account has no such workplace, or may not do this there.
        Invalid: a text that is no mark, or that of the code under a cap; nobody of that number; what `move` refuses.
            `fields` names the unit ("units.3").
        UnknownUnits: a code that is of no unit of the brand; likewise.
        BadRows: something of the packing is wrong; nothing was packed.
    """
    place = place_of(user, deed)
    actor = f"user:{user.username}"
    if deed.kind == PACK:
        return packed(place, deed, actor=actor, now=now)
    spans = spans_of(place.brand, [scanned.text for scanned in deed.units])
    new = NewMovement(
        kind=deed.kind,
        partner=partner_of(place, deed),
        spans=spans,
        happened_at=min(deed.happened_at, now),
        reference=deed.reference,
        counts=[
            Count(span.first, number=scanned.counted)
            for span, scanned in zip(spans, deed.units, strict=True)
            if scanned.counted is not None
        ],
        is_whole=deed.is_whole,
    )
    return move(brand=place.brand, movement=new, actor=actor, now=now)


def place_of(user: User, deed: Deed) -> Workplace:
    """The account's workplace where this may be done. Raises Forbidden."""
    found = next((place for place in workplaces_of(user) if place.key == deed.place), None)
    if found is None or deed.kind not in found.deeds:
        raise Forbidden
    return found


def partner_of(place: Workplace, deed: Deed) -> Partner:
    """Who is named with the movement: the other one where the deed has one, else the place itself.

    Raises:
        Invalid: nobody has this number.
    """
    if not place.asks_partner(deed.kind):
        return place.partner
    reading = read(deed.other)
    other = other_named(place, reading.code if reading.found is Found.STORE else deed.other.strip())
    if other is None:
        raise Invalid(fields={"other": [_("Nobody has this number. Choose from the list, or scan the store's sign.")]})
    return other


def packed(place: Workplace, deed: Deed, *, actor: str, now: dt.datetime) -> Judgement:
    """Put the units into the parent, all or none; sent again, it changes nothing."""
    rows = [ListRow(number, deed.parent, scanned.text) for number, scanned in enumerate(deed.units)]
    try:
        return pack_list(
            brand=place.brand,
            rows=rows,
            choice=Choice.REFUSE_ALL,
            actor=actor,
            now=now,
            happened_at=min(deed.happened_at, now),
        )
    except BadRows as refusal:
        told = {
            "parent" if bad.part == "parent" else f"units.{bad.line}": [str(bad.fault.label)]
            for bad in judge(brand_id=place.brand.pk, rows=rows).bad
        }
        raise BadRows(refusal.detail, fields=told) from refusal


def spans_of(brand: Brand, texts: Sequence[str]) -> list[SerialRange]:
    """The units that scanned texts name, each by itself; all are the brand's.

    Raises:
        Invalid, UnknownUnits: see `carry_out`.
    """
    marks = [mark_in(text, number) for number, text in enumerate(texts)]
    made = made_by_printer(brand.pk, [mark.serial for mark in marks], [mark.version for mark in marks])
    for number, is_ours in enumerate(made):
        if not is_ours:
            said = _("The code is of no unit of the brand.")
            raise UnknownUnits(said, fields={f"units.{number}": [said]})
    return [SerialRange(mark.serial, mark.serial) for mark in marks]


def mark_in(text: str, number: int) -> CodeMark:
    """The mark that a scanned text is. Raises Invalid, UnknownUnits."""
    reading = read(text)
    if reading.role is Role.ITEM_INNER:
        said = _("This is the code under the cap, which is the buyer's. Scan the outer one.")
        raise Invalid(said, fields={f"units.{number}": [said]})
    if reading.serial is None or reading.role is None:
        said = _("This is no code of a bottle, case or pallet.")
        kind = UnknownUnits if reading.found is Found.FORGED else Invalid
        raise kind(said, fields={f"units.{number}": [said]})
    return CodeMark(reading.role, reading.serial, reading.version)
