"""Taking in documents of EPCIS events, and capturing them.

A document is accepted at once where what surrounds its events is right, and then captured by a worker. Its job's row is
the queue; the transaction that captures holds the row, so that each job has one worker, and a worker that is killed
leaves a job as it was before: wholly undone (all events or none), or at the end of a chunk (all that can be taken).
"""

import datetime as dt
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import orjson
import structlog
from celery import current_app
from django.db import OperationalError, transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from codes.epcis.checking import event_faults
from codes.epcis.contexts import prefixes_of
from codes.epcis.faults import Fault
from codes.epcis.standard import CONTEXT_URL
from codes.epcis.streams import Document, UnreadableDocument, read_document
from codes.epcis.xml_reading import read_xml_document
from codes.models import CaptureChunk, CaptureJob, Subscription
from codes.services.epcis_effects import note_effects
from codes.services.epcis_places import keep_places
from codes.services.epcis_rows import NewEvent, Outcome, Source, new_event, write_events
from core import bell
from core.errors import Conflict, Invalid, Problem
from stores.models import Brand

log = structlog.get_logger(__name__)
State, Behaviour = CaptureJob.State, CaptureJob.Behaviour

MOST_EVENTS = 10_000
MOST_BYTES = 16 * 2**20
CHUNK = 500
CHECKED_AT_ONCE = 2**20
"""Bytes: up to here all events are checked while the sender waits, where one fault refuses all of them."""
MOST_ERRORS = 200
"""Of a job, that are kept."""
MOST_ATTEMPTS = 5
WORKER = "codes.tasks.capture_waiting_documents"
TELLER = "codes.tasks.tell_subscribers"


class InvalidEvents(Invalid):
    code = "invalid_epcis_document"
    title = gettext_lazy("This is no valid EPCIS document.")


class DocumentTooLarge(Problem):
    code = "capture_limit_exceeded"
    status = 413
    title = gettext_lazy("The document is larger than what is captured at once.")


class EventConflict(Conflict):
    code = "event_exists"
    title = gettext_lazy("Another event has this event ID.")


def invalid(faults: Sequence[Fault]) -> InvalidEvents:
    """The refusal that names the place of each fault."""
    told = [{"place": fault.pointer, "message": fault.message} for fault in faults]
    first = faults[0]
    return InvalidEvents(f"{first.pointer or '/'}: {first.message}.", faults=told)


@dataclass(frozen=True, slots=True)
class Sent:
    """A document as it was sent: its bytes, in XML or JSON-LD, and what is to be done about faults."""

    body: bytes
    is_xml: bool
    behaviour: str


def accept(*, brand: Brand, sent: Sent, actor: str, now: dt.datetime) -> CaptureJob:
    """Keep a document to be captured.

    Raises:
        InvalidEvents: it is none; in a small one that is to be captured wholly or not at all, also faults of events.
        DocumentTooLarge: more than MOST_EVENTS.
    """
    document = read(sent)
    if len(document.events) > MOST_EVENTS:
        raise DocumentTooLarge(_("At most %(most)d events.") % {"most": MOST_EVENTS})
    if sent.behaviour == Behaviour.ROLLBACK and len(sent.body) <= CHECKED_AT_ONCE:
        faults = [fault for _number, _event, found in document.checked() for fault in found]
        if faults:
            raise invalid(faults[:MOST_ERRORS])
    with transaction.atomic():
        job = CaptureJob.objects.create(
            brand=brand,
            behaviour=sent.behaviour,
            is_xml=sent.is_xml,
            size_bytes=len(sent.body),
            events=len(document.events),
            captured_by=actor,
            created_at=now,
        )
        keep_chunks(job, document)
        keep_places(brand=brand, header=document.envelope.header)
        bell.ring_on_commit(current_app.signature(WORKER))
    return job


def read(sent: Sent) -> Document:
    """The document of a body. Raises InvalidEvents."""
    try:
        return read_xml_document(sent.body) if sent.is_xml else read_document(sent.body)
    except UnreadableDocument as error:
        raise invalid(error.faults) from error


def keep_chunks(job: CaptureJob, document: Document) -> None:
    """The document's events, some a row; one with nothing in it is one row too."""
    lead = "".join(f"/{step}" for step in document.path)
    for first in range(0, len(document.events), CHUNK):
        held = {"context": document.envelope.context, "lead": lead, "events": document.events[first : first + CHUNK]}
        CaptureChunk.objects.create(job=job, first=first, packed=zlib.compress(orjson.dumps(held), 1))


def capture_one(*, brand: Brand, event: Any, actor: str, now: dt.datetime) -> NewEvent:
    """Capture a single event at once. The same again does no harm.

    Raises:
        InvalidEvents: it is none.
        EventConflict: another event has its ID.
    """
    context = event.get("@context", CONTEXT_URL) if isinstance(event, dict) else CONTEXT_URL
    faults = event_faults(event, context)
    if faults:
        raise invalid(faults)
    fresh = new_event(event, context)
    source = Source(brand.pk, actor, now)
    with transaction.atomic():
        (outcome,) = write_events(source, [fresh])
        if outcome is Outcome.CONFLICT:
            raise EventConflict
        if outcome is Outcome.CAPTURED:
            note_effects(brand, [fresh])
            ring_teller(brand.pk)
    return fresh


@dataclass(slots=True)
class Tally:
    """What became of some events."""

    captured: int = 0
    repeated: int = 0
    errors: list[dict[str, Any]] = field(default_factory=list)
    faulty: int = 0

    @property
    def seen(self) -> int:
        return self.captured + self.repeated + self.faulty

    def fault(self, place: str, code: str, messages: Sequence[Fault]) -> None:
        """An event that can't be captured."""
        self.faulty += 1
        self.errors += [{"place": each.pointer or place, "code": code, "message": each.message} for each in messages]


class Rejected(Exception):  # noqa: N818 - it is no error
    """A job that takes all events or none has come to one with a fault."""

    def __init__(self, tally: Tally) -> None:
        self.tally = tally
        super().__init__()


def capture_waiting(*, clock: Callable[[], dt.datetime], until: dt.datetime) -> bool:
    """Capture documents that wait until there are none (False) or it is `until` (True: more is left)."""
    waiting = CaptureJob.objects.filter(state__in=[State.WAITING, State.CAPTURING]).order_by("id")
    for job_id in waiting.values_list("id", flat=True):
        if clock() >= until or not capture_job(job_id, clock=clock, until=until):
            return True
    return False


def capture_job(job_id: Any, *, clock: Callable[[], dt.datetime], until: dt.datetime) -> bool:
    """Go on with one job. True once nothing is left to be done for it here."""
    job = begin(job_id, now=clock())
    if job is None:
        return True
    with blameless(job):
        if job.behaviour == Behaviour.PROCEED:
            return proceed(job, clock=clock, until=until)
        try:
            capture_whole(job, clock=clock)
        except Rejected as rejected:
            reject(job, rejected.tally.errors, now=clock())
        return True


@contextmanager
def blameless(job: CaptureJob) -> Iterator[None]:
    """An attempt that ended because the database went away, or was full, is not held against the document."""
    try:
        yield
    except OperationalError:
        CaptureJob.objects.filter(pk=job.pk).update(attempts=F("attempts") - 1)
        raise


@transaction.atomic
def begin(job_id: Any, *, now: dt.datetime) -> CaptureJob | None:
    """Note that a worker is at it; None where another one is, or nothing is to be done.

    A job whose worker was killed again and again is given up: it must not hold up all others.
    """
    job = held(job_id)
    if job is None:
        return None
    if job.attempts >= MOST_ATTEMPTS:
        gone = {"place": "", "code": "capture_gave_up", "message": "the document could not be captured"}
        log.error("a capture job was given up", job=str(job.pk))
        finish(job, State.REJECTED, errors=[*job.errors, gone], now=now)
        return None
    CaptureJob.objects.filter(pk=job.pk).update(state=State.CAPTURING, attempts=job.attempts + 1)
    return job


def held(job_id: Any) -> CaptureJob | None:
    """The job, its row held by this transaction; None where another one holds it or it is finished."""
    rows = CaptureJob.objects.select_for_update(skip_locked=True, of=("self",)).select_related("brand")
    return rows.filter(pk=job_id, state__in=[State.WAITING, State.CAPTURING]).first()


@transaction.atomic
def capture_whole(job: CaptureJob, *, clock: Callable[[], dt.datetime]) -> None:
    """All events of the job in one transaction. Raises Rejected, once every event has been looked at."""
    if held(job.pk) is None:
        return
    tally = Tally()
    for chunk in job.chunks.order_by("first").iterator(chunk_size=1):
        capture_chunk(job, chunk, tally, now=clock())
        if len(tally.errors) >= MOST_ERRORS:
            break
    if tally.faulty:
        raise Rejected(tally)
    finish(job, State.CAPTURED, captured=tally.captured, repeated=tally.repeated, seen=tally.seen, now=clock())


def proceed(job: CaptureJob, *, clock: Callable[[], dt.datetime], until: dt.datetime) -> bool:
    """Chunk by chunk, each in a transaction of its own, until all are done (True) or it is `until`."""
    while True:
        with transaction.atomic():
            present = held(job.pk)
            if present is None:
                return True
            chunk = present.chunks.order_by("first").first()
            if chunk is None:
                finish(present, State.CAPTURED, now=clock())
                return True
            tally = Tally()
            capture_chunk(present, chunk, tally, now=clock())
            chunk.delete()
            CaptureJob.objects.filter(pk=present.pk).update(
                attempts=0,
                seen=present.seen + tally.seen,
                captured=present.captured + tally.captured,
                repeated=present.repeated + tally.repeated,
                faulty=present.faulty + tally.faulty,
                errors=[*present.errors, *tally.errors][:MOST_ERRORS],
            )
        if clock() >= until:
            return False


def capture_chunk(job: CaptureJob, chunk: CaptureChunk, tally: Tally, *, now: dt.datetime) -> None:
    """Capture the chunk's events that can be; count them. In the caller's transaction, which holds the job."""
    held_events = orjson.loads(zlib.decompress(chunk.packed))
    good = list(readable(held_events, chunk.first, tally))
    if job.behaviour == Behaviour.ROLLBACK and tally.faulty:
        return  # nothing of this will stay
    outcomes = write_events(Source(job.brand_id, job.captured_by, now, job.pk), [event for _, event in good])
    for (place, event), outcome in zip(good, outcomes, strict=True):
        if outcome is Outcome.CONFLICT:
            said = Fault(f"{place}/eventID", f"another event has the ID {event.event_id[:200]}")
            tally.fault(place, EventConflict.code, [said])
    tally.captured += outcomes.count(Outcome.CAPTURED)
    tally.repeated += outcomes.count(Outcome.REPEATED)
    fresh = [event for (_, event), outcome in zip(good, outcomes, strict=True) if outcome is Outcome.CAPTURED]
    note_effects(job.brand, fresh)
    if fresh:
        ring_teller(job.brand_id)


def ring_teller(brand_id: int) -> None:
    """After the commit, wake the worker that tells subscribers, where there are any."""
    if Subscription.objects.filter(query__brand_id=brand_id, is_stream=True).exists():
        bell.ring_on_commit(current_app.signature(TELLER))


def readable(chunk: Mapping[str, Any], first: int, tally: Tally) -> Iterator[tuple[str, NewEvent]]:
    """The valid events with their places; the faults of the others go into the tally."""
    prefixes = prefixes_of(chunk["context"])
    for number, event in enumerate(chunk["events"], first):
        place = f"{chunk['lead']}/{number}" if chunk["lead"] else ""
        faults = event_faults(event, prefixes)
        if faults:
            tally.fault(place, InvalidEvents.code, [Fault(place + each.pointer, each.message) for each in faults])
            continue
        yield place, new_event(event, chunk["context"], prefixes)


def reject(job: CaptureJob, errors: Sequence[dict[str, Any]], *, now: dt.datetime) -> None:
    """None of the job's events is captured."""
    with transaction.atomic():
        present = held(job.pk)
        if present is not None:
            finish(present, State.REJECTED, errors=list(errors)[:MOST_ERRORS], now=now)


def finish(job: CaptureJob, state: str, *, now: dt.datetime, **values: Any) -> None:
    """Nothing is left to be done; the document goes."""
    CaptureJob.objects.filter(pk=job.pk).update(state=state, finished_at=now, **values)
    CaptureChunk.objects.filter(job=job).delete()
