"""What the page shows before anything is posted: a look that leaves no trace."""

import datetime as dt
from uuid import UUID

from codes.models.scan import Verdict
from codes.reading import Found, Reading, read
from codes.selectors.answers import Preview, Viewer, preview_of_mark
from codes.selectors.facts import Asked, facts_of
from codes.selectors.store_codes import counter_of

STORE_ROLE = "store"


def preview(
    code_text: str, now: dt.datetime, *, gtin: str = "", visitor: str = "", consumer_id: UUID | None = None
) -> Preview:
    """Facts and verdict of a code as of `now`. Writes nothing and locks nothing.

    `code_text` is a bare code or a whole link; `gtin` the one that stood in the page's path, if any: another
    product's makes the verdict unknown.
    """
    return preview_of(read(link_text(code_text, gtin)), Viewer(consumer_id, now), visitor=visitor)


def link_text(code_text: str, gtin: str) -> str:
    """A code with the GTIN of its path, as one Digital Link path; the code alone without a GTIN."""
    return f"/01/{gtin}/21/{code_text}" if gtin else code_text


def preview_of(reading: Reading, viewer: Viewer, *, visitor: str) -> Preview:
    """The same, of a text that was read already."""
    match reading.found:
        case Found.MARK:
            return preview_of_mark(reading, facts_of(asked_of(reading, viewer, visitor)), viewer)
        case Found.STORE:
            return preview_of_counter(reading, visitor)
        case Found.MALFORMED:
            return Preview(verdict=Verdict.MALFORMED)
        case _:
            return Preview(verdict=Verdict.UNKNOWN)


def preview_of_counter(reading: Reading, visitor: str) -> Preview:
    """The store of a B-code: first or again for this visitor, unknown where there is no such store."""
    counter = counter_of(reading.code, visitor)
    if counter is None:
        return Preview(verdict=Verdict.UNKNOWN)
    verdict = Verdict.GENUINE_REPEAT if counter.scanned_before else Verdict.GENUINE_FIRST
    return Preview(verdict=verdict, brand_slug=counter.brand_slug, role=STORE_ROLE, store=counter.store)


def asked_of(reading: Reading, viewer: Viewer, visitor: str) -> Asked:
    """What to ask about a mark; only for readings of one."""
    assert reading.serial is not None
    assert reading.role is not None
    return Asked(
        serial=reading.serial,
        role=int(reading.role),
        visitor=visitor,
        consumer_id=viewer.consumer_id,
        before=viewer.now,
        now=viewer.now,
    )
