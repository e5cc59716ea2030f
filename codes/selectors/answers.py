"""What a person is told about a code: the same for the page, which only reads, and for the scan, which is kept."""

import dataclasses
import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from codes.formats.code_text import Role
from codes.models.scan import Verdict
from codes.offers import Offer, offer_source
from codes.reading import Reading
from codes.selectors.facts import BatchFacts, ProductFacts, Step, StoreFacts, UnitFacts
from codes.selectors.verdicts import is_genuine, verdict_of
from stores.models.brand import PublicStep

PUBLIC_STEPS = {"packed": "packed", "ship": "shipped", "receive": "received"}


@dataclass(frozen=True, slots=True)
class JourneyStep:
    """packed, shipped, received or opened, and when, where the brand shows it.

    `partner` says whether it was a store or a dealer, never which; `city` in which city a store received it.
    """

    step: str
    at: dt.datetime
    partner: str = ""
    city: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What is known of a code. All but the verdict is empty where the text names none of ours.

    Attributes:
        brand_slug: whose item or store it is.
        role: slug of the mark's role; "store" for a B-code.
        first_scanned_at: when this mark was first scanned while valid; None before that.
        scans_before: earlier scans of this mark, counted up to 100.
        store: of a B-code, or the one that the opened item is bound to.
        confidence: 0 to 1, how sure that binding is.
        opened: whether somebody has opened the item; opened_by_me: whether it was the asking consumer.
        sampled: whether the unit was taken out of trade as a sample, unopened: genuine, but nothing is paid for it.
        offer: an envelope that the asking person can open.
    """

    verdict: Verdict
    brand_slug: str = ""
    role: str = ""
    product: ProductFacts | None = None
    batch: BatchFacts | None = None
    first_scanned_at: dt.datetime | None = None
    first_region: str = ""
    scans_before: int = 0
    store: StoreFacts | None = None
    confidence: float | None = None
    journey: tuple[JourneyStep, ...] = ()
    opened: bool = False
    opened_by_me: bool = False
    sampled: bool = False
    offer: Offer | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanAnswer(Preview):
    """The answer to a scan that was kept. `replayed`: it had been kept before, under the same nonce."""

    id: UUID
    scanned_at: dt.datetime
    replayed: bool = False


def shallow(known: Preview) -> dict[str, Any]:
    """The fields of a preview by name, as they are."""
    return {field.name: getattr(known, field.name) for field in dataclasses.fields(Preview)}


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks, and when."""

    consumer_id: UUID | None
    now: dt.datetime


def preview_of_mark(reading: Reading, facts: UnitFacts | None, viewer: Viewer) -> Preview:
    """What the facts say of a mark. A link to another product, or a mark never printed, tells nothing more."""
    verdict = verdict_of(reading, facts)
    if facts is None or reading.role is None or verdict is Verdict.UNKNOWN:
        return Preview(verdict=Verdict.UNKNOWN)
    return Preview(
        verdict=verdict,
        brand_slug=facts.brand_slug,
        role=reading.role.slug,
        product=facts.product,
        batch=batch_of(facts),
        first_scanned_at=facts.first_scanned_at,
        first_region=facts.first_region,
        scans_before=facts.scans_before,
        store=facts.bound_store,
        confidence=facts.confidence,
        journey=journey_of(facts),
        opened=facts.opened_by is not None,
        opened_by_me=facts.opened_by is not None and facts.opened_by == viewer.consumer_id,
        sampled=is_unopened_sample(facts),
        offer=offer_for(reading, facts, verdict, viewer),
    )


def journey_of(facts: UnitFacts) -> tuple[JourneyStep, ...]:
    """The steps of the unit's way that the brand shows to everybody, oldest first."""
    shown = [step for step in facts.steps if PUBLIC_STEPS.get(step.kind) in facts.public_steps]
    steps = [JourneyStep(PUBLIC_STEPS[step.kind], step.at, partner_of(step), city_of(step)) for step in shown]
    if facts.opened_at is not None and PublicStep.OPENED in facts.public_steps:
        steps.append(JourneyStep("opened", facts.opened_at))
    return tuple(steps)


def city_of(step: Step) -> str:
    """Where goods arrived; no other step tells a place."""
    return step.city if step.kind == "receive" else ""


def batch_of(facts: UnitFacts) -> BatchFacts:
    """The batch as far as the brand shows it; until when it is good is shown in any case."""
    shown, batch = facts.public_steps, facts.batch
    return dataclasses.replace(
        batch,
        lot=batch.lot if PublicStep.BATCH in shown else "",
        produced_on=batch.produced_on if PublicStep.MADE in shown else None,
    )


def partner_of(step: Step) -> str:
    """Whether a movement was one to a store or to a dealer; empty for a packing."""
    if step.movement_id is None:
        return ""
    return "store" if step.store is not None else "dealer"


def offer_for(reading: Reading, facts: UnitFacts, verdict: Verdict, viewer: Viewer) -> Offer | None:
    """The envelope under a genuine inner mark that nobody else has opened; None where no campaign has one."""
    if reading.role is not Role.ITEM_INNER or not is_genuine(verdict) or reading.serial is None:
        return None
    if is_unopened_sample(facts) or facts.opened_by not in {None, viewer.consumer_id}:
        return None
    return offer_source()(brand_id=facts.brand_id, serial=reading.serial, now=viewer.now)


def is_unopened_sample(facts: UnitFacts) -> bool:
    """Whether the item was taken as a sample before anybody opened it: it was not sold, so nothing is paid for it."""
    return facts.is_sample and facts.opened_by is None
