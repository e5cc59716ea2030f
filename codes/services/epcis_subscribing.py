"""Subscriptions to named queries."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from codes.epcis_query.schedule import BadSchedule, next_time, read_schedule
from codes.epcis_query.texts import moment_of
from codes.models import EpcisEvent, NamedQuery, Subscription
from codes.sealing import seal
from codes.services.destinations import check_form
from core import audit
from core.errors import Invalid

MOST = 50
"""To one query."""
LONGEST_SECRET = 500


class InvalidSubscription(Invalid):
    code = "invalid_subscription"
    title = gettext_lazy("This subscription is not right.")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A subscription as it was asked for, checked."""

    dest: str
    secret: str
    schedule: dict[str, Any] | None
    report_if_empty: bool
    initial_record_time: dt.datetime | None


def wanted(body: Any) -> Wanted:
    """What the body of a request asks for.

    Raises:
        InvalidSubscription: a member that is missing or wrong; both or neither of `stream` and `schedule`.
        DestinationRefused: see codes.services.destinations.
    """
    if not isinstance(body, Mapping):
        raise InvalidSubscription(_("An object is wanted."))
    secret = body.get("signatureToken", body.get("secret", ""))
    empty = body.get("reportIfEmpty", False)
    is_either = (body.get("stream") is True) != ("schedule" in body)
    wrong = {
        "dest": not isinstance(body.get("dest"), str),
        "signatureToken": not isinstance(secret, str) or len(secret) > LONGEST_SECRET or "\x00" in secret,
        "reportIfEmpty": not isinstance(empty, bool),
        "stream": body.get("stream", False) not in (True, False) or not is_either,
        "schedule": not isinstance(body.get("schedule", {}), dict) or not is_either,
    }
    named = [name for name, is_wrong in wrong.items() if is_wrong]
    if named:
        said = _("dest: a text; signatureToken: a text; reportIfEmpty: true or false; and stream: true, or a schedule.")
        raise InvalidSubscription(said, fields={name: [said] for name in named})
    check_form(body["dest"])
    return Wanted(body["dest"], secret, body.get("schedule"), empty, initial_of(body))


def initial_of(body: Mapping[str, Any]) -> dt.datetime | None:
    """From which time of record on events are wanted. Raises InvalidSubscription."""
    if "initialRecordTime" not in body:
        return None
    at = moment_of(str(body["initialRecordTime"]))
    if at is None:
        raise InvalidSubscription(fields={"initialRecordTime": [_("A moment with its time zone.")]})
    return at


@transaction.atomic
def subscribe(*, query: NamedQuery, new: Wanted, epc_format: str, actor: str, now: dt.datetime) -> Subscription:
    """Have a destination told what the query finds.

    Raises:
        InvalidSubscription: a schedule that is none; too many subscriptions to the query.
    """
    if query.subscriptions.count() >= MOST:
        raise InvalidSubscription(_("At most %(most)d subscriptions to one query.") % {"most": MOST})
    row = Subscription.objects.create(
        query=query,
        dest=new.dest,
        sealed_secret=seal(new.secret) if new.secret else "",
        is_stream=new.schedule is None,
        schedule=new.schedule,
        report_if_empty=new.report_if_empty,
        epc_format=epc_format,
        initial_record_time=new.initial_record_time,
        reached_xid=first_xid(query, new.initial_record_time),
        next_at=now if new.schedule is None else next_run(new.schedule, now, query.brand.timezone),
        created_by=actor,
        created_at=now,
    )
    audit.record(
        actor=actor,
        action="epcis_subscription.add",
        subject=row,
        at=now,
        brand_slug=query.brand.slug,
        after={"query": query.name, "dest": new.dest, "schedule": new.schedule},
    )
    return row


def next_run(schedule: Mapping[str, Any], after: dt.datetime, zone: str) -> dt.datetime:
    """When the schedule comes next. Raises InvalidSubscription."""
    try:
        return next_time(read_schedule(schedule), after, zone)
    except BadSchedule as error:
        raise InvalidSubscription(str(error), fields={"schedule": [str(error)]}) from error


def first_xid(query: NamedQuery, initial: dt.datetime | None) -> int:
    """The first transaction whose events are to be told."""
    now = settled_xid()
    if initial is None:
        return now
    recorded = EpcisEvent.objects.filter(brand_id=query.brand_id, recorded_at__gte=initial)
    written = recorded.order_by("recorded_at", "id").values_list("written_xid", flat=True)
    oldest = min(written.iterator(), default=now)
    return min(oldest, now)


def settled_xid() -> int:
    """All transactions below it have ended: what they wrote is there, and nothing will come."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        return int(cursor.fetchone()[0])


@transaction.atomic
def unsubscribe(*, subscription: Subscription, actor: str, now: dt.datetime) -> None:
    """End a subscription."""
    query = subscription.query
    told = {"query": query.name, "dest": subscription.dest}
    audit.record(
        actor=actor,
        action="epcis_subscription.end",
        subject=subscription,
        at=now,
        brand_slug=query.brand.slug,
        before=told,
    )
    subscription.delete()
