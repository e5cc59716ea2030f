"""Opening an item for a consumer who was not known yet when it was scanned."""

import dataclasses
import datetime as dt
from contextlib import suppress

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from codes.formats.code_text import Role
from codes.models import Binding, Evidence, Opening, Scan
from codes.selectors.answers import is_unopened_sample
from codes.selectors.facts import UnitFacts, facts_of
from codes.selectors.states import StateName
from codes.selectors.stored import asked_again, reading_of
from codes.selectors.verdicts import is_genuine, verdict_of
from codes.services.counted import days_touched_by
from codes.services.evidence import Judgement, judge
from codes.services.places import Place
from consumers.models import Consumer
from core import clock
from core.errors import Conflict, Forbidden
from stores.models import Salesperson
from stores.services.counting import mark_days


class OpenedByAnother(Conflict):
    code = "opened_by_another"
    title = _("Somebody else opened this item before.")


class NothingToOpen(Conflict):
    code = "nothing_to_open"
    title = _("There is nothing to open under this code.")


class Sampled(NothingToOpen):
    code = "sampled"
    title = _("This item was taken as a sample and not sold, so it has no envelope.")


class NotValid(NothingToOpen):
    """`state`: how the item stands now, as `UnitFacts.state`; None where no order holds it."""

    title = _("This item is not valid any more.")

    def __init__(self, state: StateName | None) -> None:
        self.state = state
        super().__init__()


class OtherBrand(Forbidden):
    code = "other_brand"
    title = _("This item belongs to another brand. Sign in with that brand.")


def open_item(*, scan: Scan, consumer: Consumer, now: dt.datetime) -> Opening:
    """The opening of the scanned item by this consumer: the one there is, or a new one with binding and evidence.

    For a scan that its visitor made before signing in; that it is this visitor's own, the caller has checked.
    The evidence is what it was at the moment of the scan; the opening happens now. Written in one transaction.

    Raises:
        NothingToOpen: no genuine scan of an item's inner mark.
        NotValid: the item is not valid any more, by a statement or because it was destroyed.
        Sampled: it was taken as a sample before anybody opened it, so it was not sold.
        OtherBrand: the consumer is known to another brand than the item's.
        OpenedByAnother: another consumer was faster.
    """
    if scan.role != Role.ITEM_INNER or scan.serial is None or not is_genuine(scan.verdict):
        raise NothingToOpen
    facts = openable(scan, consumer, now)
    if facts.opened_by is None:
        opening = Opening(
            serial=scan.serial,
            brand_id=facts.brand_id,
            order_id=facts.order_id,
            scan=scan,
            consumer=consumer,
            opened_at=now,
            day=clock.business_day(now, facts.timezone),
        )
        with suppress(IntegrityError):  # somebody was faster: theirs is read below
            return create_opening(opening, judge(facts, place_of(scan), scan.scanned_at))
    return own_opening(scan.serial, consumer)


def openable(scan: Scan, consumer: Consumer, now: dt.datetime) -> UnitFacts:
    """The item's facts, if this scan can open it for this consumer; refusals as in `open_item`."""
    place = place_of(scan)
    facts = facts_of(dataclasses.replace(asked_again(scan, now), place=place.point if place else None))
    if facts is None or not is_genuine(verdict_of(reading_of(scan), facts)):
        raise NotValid(facts.state if facts else None)
    if is_unopened_sample(facts):
        raise Sampled
    if facts.brand_id != consumer.brand_id:
        raise OtherBrand
    return facts


def own_opening(serial: int, consumer: Consumer) -> Opening:
    """The item's opening, if it is this consumer's; else raises OpenedByAnother."""
    opening = Opening.objects.select_related("binding").get(serial=serial)
    if opening.consumer_id != consumer.pk:
        raise OpenedByAnother
    return opening


@transaction.atomic
def create_opening(opening: Opening, judgement: Judgement) -> Opening:
    """Insert opening, binding and evidence, and have the days counted; IntegrityError where the item is open."""
    opening.save(force_insert=True)
    store_id = judgement.store.id if judgement.store else None
    binding = Binding.objects.create(
        opening=opening,
        brand_id=opening.brand_id,
        store_id=store_id,
        salesperson=Salesperson.objects.filter(stores=store_id, is_active=True).first() if store_id else None,
        consumer_id=opening.consumer_id,
        confidence=judgement.confidence,
        day=opening.day,
        bound_at=opening.opened_at,
    )
    Evidence.objects.bulk_create(
        Evidence(
            binding=binding, store_id=piece.store_id, road=piece.road, weight=piece.weight, facts=dict(piece.facts)
        )
        for piece in judgement.pieces
    )
    mark_days(days_touched_by(opening))
    return opening


def place_of(scan: Scan) -> Place | None:
    """Where the phone was, if it told."""
    if scan.latitude is None or scan.longitude is None:
        return None
    return Place(scan.latitude, scan.longitude, scan.accuracy_m)
