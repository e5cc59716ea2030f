"""Telling subscribers what their queries find.

The subscription's row is the queue. A worker claims it for LEASE, calls without any transaction, and writes down how
far it came after each answer; one that is killed leaves a claim that runs out. So each event is told at least once,
and more than once only where a worker died between an answer and its writing down.
"""

import datetime as dt
import hashlib
import hmac
from collections.abc import Callable, Sequence
from dataclasses import replace
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import QuerySet

from codes.epcis_query.asked import RECORD_TIME, TimeBound
from codes.models import EpcisEvent, Subscription
from codes.sealing import unseal
from codes.selectors.epcis_found import query_document, shown, with_places
from codes.selectors.epcis_search import in_order, walk
from codes.services.destinations import DestinationRefused, NotReached, post
from codes.services.epcis_queries import query_of
from codes.services.epcis_subscribing import next_run, settled_xid
from core.json import dumps

log = structlog.get_logger(__name__)
State = Subscription.State
LEASE = dt.timedelta(seconds=120)
LOOKED_AT = 1_000
"""Events that are compared with a query at once."""
BATCH = 100
"""Events of one call."""
FIRST_WAIT, LONGEST_WAIT = dt.timedelta(seconds=10), dt.timedelta(hours=1)
TOO_MUCH = 413
LINKS = "Always_GS1_Digital_Link"


class CallFailed(Exception):  # noqa: N818 - says what became of the call
    """The destination did not take the events."""


def deliver_due(*, clock: Callable[[], dt.datetime], until: dt.datetime) -> bool:
    """Look after subscriptions whose time has come, until there are none (False) or it is `until` (True)."""
    begun = clock()
    for pk in due(begun).order_by("next_at").values_list("pk", flat=True):
        if clock() >= until:
            return True
        subscription = claim(pk, now=clock())
        if subscription is not None:
            look_after(subscription, clock=clock, until=until)
    return False


def due(now: dt.datetime) -> QuerySet[Subscription]:
    """Subscriptions to be looked after."""
    return Subscription.objects.filter(next_at__lte=now, query__brand__is_active=True)


@transaction.atomic
def claim(pk: UUID, *, now: dt.datetime) -> Subscription | None:
    """Take a subscription for LEASE; None where somebody else has it. Where no run is open, one is begun."""
    rows = due(now).select_for_update(skip_locked=True, of=("self",)).select_related("query__brand")
    subscription = rows.filter(pk=pk).first()
    if subscription is None:
        return None
    subscription.next_at = now + LEASE
    if subscription.until_xid is None:
        subscription.until_xid = settled_xid()
    subscription.save(update_fields=["next_at", "until_xid"])
    return subscription


def look_after(subscription: Subscription, *, clock: Callable[[], dt.datetime], until: dt.datetime) -> None:
    """Run a claimed subscription on, to the end of its run or until it is time."""
    try:
        is_whole = run_on(subscription, clock=clock, until=until)
    except (CallFailed, NotReached, DestinationRefused) as error:
        fail(subscription, str(error), now=clock())
        return
    if is_whole:
        finish(subscription, now=clock())
    else:
        ours(subscription).update(next_at=clock())


def run_on(subscription: Subscription, *, clock: Callable[[], dt.datetime], until: dt.datetime) -> bool:
    """Tell the events of the open run, from where it was left. False where it is `until` before the end."""
    told = subscription.reached_event > 0
    while True:
        looked_at = events_behind(subscription)
        if not looked_at:
            break
        matching = matching_of(subscription, looked_at)
        for first in range(0, len(matching), BATCH):
            tell(subscription, matching[first : first + BATCH], now=clock())
            reach(subscription, matching[: first + BATCH][-1], now=clock(), notified=True)
            told = True
        reach(subscription, looked_at[-1], now=clock())
        if clock() >= until:
            return False
    if not told and subscription.report_if_empty and not subscription.is_stream:
        tell(subscription, [], now=clock())
        reach(subscription, subscription.reached_event, now=clock(), notified=True)
    return True


def events_behind(subscription: Subscription) -> list[int]:
    """The next events of the run, in order of their keys, whether they match or not."""
    rows = EpcisEvent.objects.filter(
        brand_id=subscription.query.brand_id,
        written_xid__gte=subscription.reached_xid,
        written_xid__lt=subscription.until_xid,
        pk__gt=subscription.reached_event,
    )
    return list(rows.order_by("pk").values_list("pk", flat=True)[:LOOKED_AT])


def matching_of(subscription: Subscription, events: Sequence[int]) -> list[int]:
    """Those that the subscription's query finds, in order of their keys."""
    brand_id = subscription.query.brand_id
    query = with_places(brand_id, query_of(subscription.query.query))
    if subscription.initial_record_time is not None:
        initial = TimeBound(RECORD_TIME, ">=", subscription.initial_record_time)
        query = replace(query, times=(*query.times, initial))
    query = replace(query, order=RECORD_TIME, is_ascending=True)
    found = walk(brand_id, query, in_order(query.groups), after=None, most=len(events), candidates=events)
    return sorted(position.event for position in found)


def tell(subscription: Subscription, events: Sequence[int], *, now: dt.datetime) -> None:
    """One call; where the events are too much for the destination, several. Raises CallFailed, NotReached."""
    as_links = subscription.epc_format in ("", LINKS)
    document = query_document(
        shown(events, as_links=as_links), name=subscription.query.name, subscription=str(subscription.pk), now=now
    )
    body = dumps(document)
    headers = {"Content-Type": "application/json", "GS1-EPCIS-Version": "2.0.0", **signed(subscription, body, now)}
    status = post(subscription.dest, body, headers)
    if status == TOO_MUCH and len(events) > 1:
        middle = len(events) // 2
        tell(subscription, events[:middle], now=now)
        tell(subscription, events[middle:], now=now)
    elif not 200 <= status < 300:  # noqa: PLR2004 - HTTP's own numbers
        raise CallFailed(f"the destination answered {status}")


def signed(subscription: Subscription, body: bytes, now: dt.datetime) -> dict[str, str]:
    """The signature: HMAC-SHA256 under the client's token, over the seconds since 1970, a dot, and the body."""
    if not subscription.sealed_secret:
        return {}
    at = str(int(now.timestamp()))
    key = unseal(subscription.sealed_secret).encode()
    digest = hmac.new(key, f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return {"GS1-Signature": f"t={at},v1={digest}"}


def ours(subscription: Subscription) -> QuerySet[Subscription]:
    """The row, so long as our claim holds: a late answer changes nothing."""
    return Subscription.objects.filter(pk=subscription.pk, next_at=subscription.next_at)


def reach(subscription: Subscription, event: int, *, now: dt.datetime, notified: bool = False) -> None:
    """Write down how far the run came, and go on holding the claim. Raises CallFailed where it was lost."""
    values = {"reached_event": event, "next_at": now + LEASE}
    if notified:
        values["last_notified_at"] = now
    if not ours(subscription).update(**values):
        raise CallFailed("another worker goes on with it")
    subscription.reached_event, subscription.next_at = event, now + LEASE


def finish(subscription: Subscription, *, now: dt.datetime) -> None:
    """The run is told to its end; the next one begins where it ended."""
    brand = subscription.query.brand
    next_at = now if subscription.schedule is None else next_run(subscription.schedule, now, brand.timezone)
    ours(subscription).update(
        reached_xid=subscription.until_xid,
        reached_event=0,
        until_xid=None,
        state=State.ACTIVE,
        attempts=0,
        fault="",
        executed_at=now,
        next_at=next_at,
    )


def fail(subscription: Subscription, fault: str, *, now: dt.datetime) -> None:
    """Have it tried again, later and later."""
    log.warning("a subscription could not be served", subscription=str(subscription.pk), fault=fault)
    attempts = subscription.attempts + 1
    wait = min(FIRST_WAIT * 2 ** min(attempts - 1, 12), LONGEST_WAIT)
    ours(subscription).update(state=State.FAILING, attempts=attempts, fault=fault[:200], next_at=now + wait)
