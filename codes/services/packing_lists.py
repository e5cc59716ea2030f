"""Packing by a line camera's list: judged whole, then taken as the caller chose, never half by accident."""

import datetime as dt
import io
from collections.abc import Sequence

from django.db import connection, transaction
from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from codes.selectors.packing_lists import Judgement, ListRow, judge
from codes.services.packing import pack
from core.errors import Conflict, Invalid
from stores.models import Brand

MOST_ROWS = 50_000
HEADINGS = {"parent", "case", "pallet", "上级", "箱码", "垛码"}
"""A first cell that says that the first line names the columns."""


class Choice(TextChoices):
    """What to do with a list in which some rows are bad."""

    REFUSE_ALL = "refuse_all", gettext_lazy("Refuse the whole list")
    TAKE_GOOD = "take_good", gettext_lazy("Take the good rows, leave the bad ones")


class BadRows(Conflict):
    """The list was to be taken whole, and cannot be; `rows` holds what is wrong with which."""

    code = "bad_rows"
    title = gettext_lazy("Some rows of the list are bad. Nothing was packed.")


def pack_list(
    *,
    brand: Brand,
    rows: Sequence[ListRow],
    choice: Choice,
    actor: str,
    now: dt.datetime,
    happened_at: dt.datetime | None = None,
) -> Judgement:
    """Pack what the list says; sent again, it changes nothing and counts its rows as repeated.

    `happened_at`: when it was done, if it is reported later than that.

    Raises:
        Invalid: no rows, more than 50,000, or a moment to come.
        BadRows: there are bad rows and `choice` is to refuse all of it; nothing was written.
        AlreadyPacked: somebody packed one of the units elsewhere this very moment, or one was in another parent until
            later than `happened_at`; nothing was written.
    """
    check_length(rows)
    with transaction.atomic():
        wait_for_lists_of(brand)
        judgement = judge(brand_id=brand.pk, rows=rows)
        if judgement.bad and choice == Choice.REFUSE_ALL:
            raise BadRows(summary=told(judgement), rows=answer_rows(judgement))
        if judgement.packings:
            pack(brand=brand, packings=judgement.packings, actor=actor, now=now, happened_at=happened_at)
    return judgement


def check_length(rows: Sequence[ListRow]) -> None:
    """Refuse lists that are empty or too long.

    Raises:
        Invalid: see `pack_list`.
    """
    if not 1 <= len(rows) <= MOST_ROWS:
        raise Invalid(fields={"rows": [_("Between 1 and %(most)d rows.") % {"most": MOST_ROWS}]})


def wait_for_lists_of(brand: Brand) -> None:
    """Lists of one brand come one after the other, so that one sent twice at once is packed once."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"packing list:{brand.pk}"])


def told(judgement: Judgement) -> dict[str, int]:
    """How many rows became what."""
    return {
        "rows": judgement.rows,
        "sound": judgement.sound,
        "repeated": judgement.repeated,
        "bad": len(judgement.bad),
        "packings": len(judgement.packings),
    }


def answer_rows(judgement: Judgement) -> list[dict[str, str | int | None]]:
    """Each bad row, JSON-ready: its line, the stable name of what is wrong, and at which code."""
    return [
        {"line": bad.line, "fault": bad.fault.value, "part": bad.part, "code": bad.masked, "serial": bad.serial}
        for bad in judgement.bad
    ]


def rows_of_csv(data: bytes) -> list[ListRow]:
    """The rows of a CSV file: parent code, child code; a first line of headings and empty lines are passed over.

    UTF-8 (with or without a mark) or GB 18030; a tab, semicolon or comma between, whichever most lines have. Lines
    count from 1, and each is a row by itself, since codes need no quoting: quotation marks around a whole cell are
    taken off, any other is a part of it. A line without a second cell is cut short, to be judged with the others.

    Raises:
        Invalid: it is no text.
    """
    lines = list(io.StringIO(decoded(data), newline=None))
    between = max("\t;,", key=lambda sign: sum(sign in line for line in lines))
    rows = []
    for number, line in enumerate(lines, start=1):
        parent, *others = map(bare, line.split(between))
        if any((parent, *others)) and not (number == 1 and parent.lower() in HEADINGS):
            rows.append(ListRow(number, parent, others[0] if others else "", is_cut=not others))
    return rows


def bare(cell: str) -> str:
    """A cell without spaces and quotation marks around it."""
    text = cell.strip()
    return text[1:-1].strip() if len(text) > 1 and text[0] == text[-1] == '"' else text


def decoded(data: bytes) -> str:
    """The file's text.

    Raises:
        Invalid: it is none.
    """
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise Invalid(fields={"file": [_("The file is no text. A CSV file with two columns is expected.")]})
