"""A store confirms a receipt by scanning a mark of the case or pallet."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from codes.ciphers import code_cipher
from codes.formats.code_text import CodeMark, CodeTextError, Level, extract_code
from codes.formats.keys import UnknownKeyVersion
from codes.formats.serials import SerialRange
from codes.models import Movement
from codes.selectors.blocks import is_printed
from codes.selectors.custody import custody_of
from codes.services.movement_lines import NewMovement
from codes.services.moving import move
from core.errors import Invalid, NotFound
from stores.models import Store


class NotACase(Invalid):
    code = "not_a_case"
    title = gettext_lazy("This is not the code of a case or a pallet.")


class UnknownCase(NotFound):
    code = "unknown_case"
    title = gettext_lazy("This code is not one of the brand's cases.")


@dataclass(frozen=True, slots=True)
class Receipt:
    """`items`: what the receipt brought; `repeated`: the store had confirmed it before, and nothing was written."""

    movement: Movement
    serial: int
    items: int
    repeated: bool


def receive_by_code(*, store: Store, code_text: str, actor: str, now: dt.datetime) -> Receipt:
    """The store says by a mark (usually the inner one, found on opening) that it has the case. Repeating is harmless.

    Raises:
        NotACase: the text is no code, or that of an item.
        UnknownCase: forged, or not issued by the store's brand.
    """
    mark = case_mark(code_text)
    serial = mark.serial
    if not is_printed(store.brand_id, serial, mark.version):
        raise UnknownCase
    last = custody_of(serial).movement
    if last is not None and (last.kind, last.store_id) == (Movement.Kind.RECEIVE, store.pk):
        movement = Movement.objects.get(pk=last.id)
        return Receipt(movement, serial, items_of(movement), repeated=True)
    new = NewMovement(Movement.Kind.RECEIVE, store, [SerialRange(serial, serial)], happened_at=now)
    movement = move(brand=store.brand, movement=new, actor=actor, now=now)
    return Receipt(movement, serial, items_of(movement), repeated=False)


def case_mark(code_text: str) -> CodeMark:
    """What a case's or pallet's mark says.

    Raises:
        NotACase, UnknownCase: see `receive_by_code`.
    """
    mark = mark_of(code_text)
    if mark.role.level == Level.ITEM:
        raise NotACase(fields={"code": [_("This is the code of a single item. Scan the code of its case.")]})
    return mark


def mark_of(code_text: str) -> CodeMark:
    """What a pasted text says as a mark.

    Raises:
        NotACase: it is no code at all.
        UnknownCase: no key of ours made it.
    """
    try:
        code = extract_code(code_text)
    except CodeTextError as error:
        raise NotACase(fields={"code": [_("This is no code. 17 letters and digits are expected.")]}) from error
    try:
        return code_cipher().decode(code)
    except (CodeTextError, UnknownKeyVersion) as error:
        raise UnknownCase from error


def items_of(movement: Movement) -> int:
    """Items that a movement brought."""
    return movement.lines.aggregate(total=Sum("items"))["total"] or 0
