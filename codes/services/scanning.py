"""Keeping what was scanned: decipher, look, keep, answer.

A scan costs one statement that reads (`selectors.facts`) and one that writes (`scan_rows`); where it opens an item,
a lock on the consumer's row goes with the latter. What a campaign offers is asked of the rewards room.
"""

import dataclasses
import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from django.db import IntegrityError
from uuid_utils.compat import uuid7

from codes.formats.code_text import Role
from codes.models import Scan
from codes.models.scan import Verdict
from codes.reading import Found, Reading, read
from codes.selectors.answers import Preview, ScanAnswer, Viewer, offer_for, preview_of_mark, shallow
from codes.selectors.facts import UnitFacts, facts_of
from codes.selectors.previews import STORE_ROLE, asked_of
from codes.selectors.store_codes import counter_of
from codes.selectors.stored import answer_of
from codes.selectors.verdicts import is_genuine
from codes.services.evidence import Judgement, judge
from codes.services.places import Place
from codes.services.scan_rows import Kept, OpeningRow, ScanRow, keep
from consumers.models import Consumer
from core import clock
from core.bell import ring_on_commit
from core.idempotency import KeyReused
from stores.selectors.places import district_of
from stores.services.counting import COUNT_PENDING

CountGuess = Callable[[], None]
"""Counts a guess against an allowance; raises where that is used up."""


@dataclass(frozen=True)
class NewScan:
    """A scan as it was posted. `code` is any text: a bare code, a link, nonsense.

    Attributes:
        visitor: the browser's name, at most 40 characters.
        nonce: the post's idempotency key, at most 200 characters; per visitor a scan is kept once under it.
        via: share link or channel that led here, at most 40 characters.
        address: the client's IP address, where it is known.
    """

    code: str
    visitor: str
    nonce: str
    consumer: Consumer | None = None
    place: Place | None = None
    via: str = ""
    address: str | None = None

    @cached_property
    def reading(self) -> Reading:
        """The text, deciphered once."""
        return read(self.code)

    def consumer_of(self, brand_id: int | None) -> Consumer | None:
        """The consumer, unless the thing is another brand's: brands don't know each other's people."""
        known = self.consumer
        return known if known is not None and brand_id in {None, known.brand_id} else None


def nobody_counts() -> None:
    """For scans that don't come from outside: nobody counts their guesses."""


def record_scan(scan: NewScan, *, now: dt.datetime, count_guess: CountGuess = nobody_counts) -> ScanAnswer:
    """Keep a scan, once per visitor and nonce, and answer it.

    `count_guess` is called where the code reads well and names nothing of ours, before anything is kept; when it
    refuses, nothing is.

    The first valid scan of an inner mark by a known consumer of the brand opens the item: opening, binding and
    evidence are kept with it. A post repeated under its nonce gets the kept scan's answer and does nothing.

    Raises:
        KeyReused: the nonce belongs to a scan of another code.
    """
    match scan.reading.found:
        case Found.MARK:
            return record_mark(scan, now, count_guess)
        case Found.STORE:
            return record_counter(scan, now, count_guess)
        case Found.CONSUMER:
            return record_unknown(scan, now, count_guess)
        case Found.MALFORMED:
            return record_nothing(scan, Verdict.MALFORMED, now)
        case _:
            return record_nothing(scan, Verdict.UNKNOWN, now)


def record_mark(scan: NewScan, now: dt.datetime, count_guess: CountGuess) -> ScanAnswer:
    """Keep a scan of a mark that deciphers; open the item where this scan may."""
    asking = scan.consumer.pk if scan.consumer else None
    asked = asked_of(scan.reading, Viewer(asking, now), scan.visitor)
    facts = facts_of(dataclasses.replace(asked, place=scan.place.point) if asking and scan.place else asked)
    consumer = scan.consumer_of(facts.brand_id if facts else None)
    viewer = Viewer(consumer.pk if consumer else None, now)
    known = preview_of_mark(scan.reading, facts, viewer)
    if known.verdict is Verdict.UNKNOWN:
        count_guess()
    row = row_for(scan, known.verdict, now, brand_id=facts.brand_id if facts else None)
    judgement = judge(facts, scan.place, now) if facts and may_open(scan.reading, known, viewer) else None
    kept = keep_once(row, opening_row(facts, judgement, now) if facts and judgement else None)
    if kept is None:
        return replayed(scan, viewer)
    if kept.verdict != known.verdict or kept.opened != (judgement is not None):
        return answer_of(Scan.objects.get(pk=row.id), viewer)  # somebody was faster between our two statements
    return answer_to(row, offered_anew(scan.reading, after_keeping(known, row, judgement), facts, viewer))


def offered_anew(reading: Reading, known: Preview, facts: UnitFacts | None, viewer: Viewer) -> Preview:
    """The offer that stands once the store is known; asked for where it is one for certain stores alone."""
    if known.offer is None or not known.offer.narrowed or not known.opened or facts is None:
        return known
    return dataclasses.replace(known, offer=offer_for(reading, facts, known.verdict, viewer))


def record_counter(scan: NewScan, now: dt.datetime, count_guess: CountGuess) -> ScanAnswer:
    """Keep a scan of a store's B-code: evidence for the item that is opened within the next half hour."""
    counter = counter_of(scan.reading.code, scan.visitor)
    if counter is None:
        return record_unknown(scan, now, count_guess)
    verdict = Verdict.GENUINE_REPEAT if counter.scanned_before else Verdict.GENUINE_FIRST
    row = row_for(scan, verdict, now, brand_id=counter.brand_id, store_id=counter.store.id)
    if keep_once(row, None) is None:
        return replayed(scan, Viewer(row.consumer_id, now))
    known = Preview(verdict=verdict, brand_slug=counter.brand_slug, role=STORE_ROLE, store=counter.store)
    return answer_to(row, known)


def record_unknown(scan: NewScan, now: dt.datetime, count_guess: CountGuess) -> ScanAnswer:
    """Keep a scan of a code that reads well and names nothing of ours, where one more guess is allowed."""
    count_guess()
    return record_nothing(scan, Verdict.UNKNOWN, now)


def record_nothing(scan: NewScan, verdict: Verdict, now: dt.datetime) -> ScanAnswer:
    """Keep a scan that named nothing of ours. No table of orders is asked."""
    row = row_for(scan, verdict, now, brand_id=None)
    if keep_once(row, None) is None:
        return replayed(scan, Viewer(row.consumer_id, now))
    return answer_to(row, Preview(verdict=verdict))


def may_open(reading: Reading, known: Preview, viewer: Viewer) -> bool:
    """Whether a scan opens the item: a genuine inner mark, a consumer of the brand, and nobody has opened it yet.

    An opening says that an item was sold; a sample was not.
    """
    named = viewer.consumer_id is not None
    closed = not known.opened and not known.sampled
    return reading.role is Role.ITEM_INNER and is_genuine(known.verdict) and named and closed


def keep_once(row: ScanRow, opening: OpeningRow | None) -> Kept | None:
    """Keep the scan and have the days counted that an opening touches; None where the nonce was kept before."""
    try:
        kept = keep(row, opening)
    except IntegrityError:
        return None
    if kept is not None and kept.opened:
        ring_on_commit(COUNT_PENDING)
    return kept


def replayed(scan: NewScan, viewer: Viewer) -> ScanAnswer:
    """The answer to the scan that was kept under this nonce.

    Raises:
        KeyReused: that was a scan of another code.
    """
    stored = Scan.objects.select_related("store__brand").get(visitor=scan.visitor, nonce=scan.nonce)
    reading = scan.reading
    same_store = (stored.store.b_code if stored.store else "") == (reading.code if stored.store else "")
    same_mark = (stored.serial, stored.role, stored.masked_code) == (reading.serial, reading.role, reading.masked)
    if not (same_mark and same_store):
        raise KeyReused
    return dataclasses.replace(answer_of(stored, viewer), replayed=True)


def after_keeping(known: Preview, row: ScanRow, judgement: Judgement | None) -> Preview:
    """What was known before, with what this very scan added to it."""
    if known.verdict is Verdict.GENUINE_FIRST:
        known = dataclasses.replace(known, first_scanned_at=row.scanned_at)
    if judgement is None:
        return known
    return dataclasses.replace(
        known, opened=True, opened_by_me=True, store=judgement.store, confidence=judgement.confidence
    )


def row_for(
    scan: NewScan, verdict: Verdict, now: dt.datetime, *, brand_id: int | None, store_id: int | None = None
) -> ScanRow:
    """The scan as it will be kept. Another brand's consumer stays unnamed."""
    consumer = scan.consumer_of(brand_id)
    place = scan.place
    return ScanRow(
        id=uuid7(),
        brand_id=brand_id,
        serial=scan.reading.serial,
        role=None if scan.reading.role is None else int(scan.reading.role),
        store_id=store_id,
        masked_code=scan.reading.masked,
        verdict=verdict,
        genuine=scan.reading.found is Found.MARK and is_genuine(verdict),
        consumer_id=consumer.pk if consumer else None,
        visitor=scan.visitor,
        nonce=scan.nonce,
        latitude=place.latitude if place else None,
        longitude=place.longitude if place else None,
        accuracy_m=place.accuracy_m if place else None,
        region_code=district_of(place.latitude, place.longitude) if place else "",
        via=scan.via,
        address=scan.address,
        scanned_at=now,
    )


def opening_row(facts: UnitFacts, judgement: Judgement, now: dt.datetime) -> OpeningRow:
    """The opening that this scan makes."""
    return OpeningRow(
        order_id=facts.order_id,
        day=clock.business_day(now, facts.timezone),
        bound_store_id=judgement.store.id if judgement.store else None,
        confidence=judgement.confidence,
        pieces=judgement.pieces,
    )


def answer_to(row: ScanRow, known: Preview) -> ScanAnswer:
    """The preview as the answer to a scan that was just kept."""
    return ScanAnswer(**shallow(known), id=row.id, scanned_at=row.scanned_at)
