"""Scans that were kept, and the answers that belong to them."""

import dataclasses
import datetime as dt
from uuid import UUID

from django.db.models import Q

from codes.formats.code_text import Role
from codes.models import Scan
from codes.models.scan import Verdict
from codes.reading import Found, Reading
from codes.selectors.answers import Preview, ScanAnswer, Viewer, preview_of_mark, shallow
from codes.selectors.facts import Asked, StoreFacts, facts_of
from codes.selectors.previews import STORE_ROLE
from core.errors import NotFound

TELLS_NOTHING = {Verdict.UNKNOWN, Verdict.MALFORMED}


def own_scan(*, scan_id: UUID, visitor: str, consumer_id: UUID | None) -> Scan:
    """The scan of this browser or this consumer.

    Raises:
        NotFound: there is no such scan, or it is somebody else's.
    """
    mine = Q(visitor=visitor) | Q(consumer_id=consumer_id, consumer_id__isnull=False)
    scan = Scan.objects.filter(mine, pk=scan_id).select_related("store__brand").first()
    if scan is None:
        raise NotFound
    return scan


def answer_of(scan: Scan, viewer: Viewer) -> ScanAnswer:
    """The answer to a kept scan: its own verdict, and the unit's facts as they are now."""
    known = dataclasses.replace(known_of(scan, viewer), verdict=Verdict(scan.verdict))
    if known.verdict is Verdict.GENUINE_FIRST:
        known = dataclasses.replace(known, first_region="")  # where oneself was is no news
    return ScanAnswer(**shallow(known), id=scan.pk, scanned_at=scan.scanned_at)


def known_of(scan: Scan, viewer: Viewer) -> Preview:
    """What may be said of the thing that was scanned; nothing where the verdict named none."""
    if scan.verdict in TELLS_NOTHING:
        return Preview(verdict=Verdict(scan.verdict))
    if scan.store is not None:
        store = StoreFacts(scan.store.pk, scan.store.name, scan.store.address)
        slug = scan.store.brand.slug
        return Preview(verdict=Verdict(scan.verdict), brand_slug=slug, role=STORE_ROLE, store=store)
    reading = reading_of(scan)
    return preview_of_mark(reading, facts_of(asked_again(scan, viewer.now)), viewer)


def reading_of(scan: Scan) -> Reading:
    """The reading that a kept scan of a mark was made of."""
    assert scan.role is not None
    return Reading(found=Found.MARK, masked=scan.masked_code, role=Role(scan.role), serial=scan.serial)


def asked_again(scan: Scan, now: dt.datetime) -> Asked:
    """The question of a kept scan of a mark, about what was before its own moment, and its unit's state `now`."""
    assert scan.serial is not None
    assert scan.role is not None
    return Asked(
        serial=scan.serial,
        role=scan.role,
        visitor=scan.visitor,
        consumer_id=scan.consumer_id,
        before=scan.scanned_at,
        now=now,
    )
