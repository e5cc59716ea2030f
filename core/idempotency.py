"""Idempotency-Key: a POST repeated under the same key gets the first answer and does nothing again.

Key, request hash and answer are kept per client. The idea and the header follow
draft-ietf-httpapi-idempotency-key-header: 409 while the first call runs, 422 for another request under an old key.
"""

import datetime as dt
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import orjson
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.errors import Conflict, Problem
from core.json import dumps
from core.models import IdempotentCall

ABANDONED_AFTER = dt.timedelta(minutes=2)


class StillRunning(Conflict):
    code = "idempotent_call_running"
    title = _("The first call under this Idempotency-Key is still running.")
    retry = True


class KeyReused(Problem):
    code = "idempotency_key_reused"
    status = 422
    title = _("This Idempotency-Key was used for another request. Use a new key.")


@dataclass(frozen=True, slots=True)
class Call:
    """Who calls, under which key, with what: `request` is method, path and body as bytes."""

    client: str
    key: str
    request: bytes

    @property
    def hash(self) -> bytes:
        return hashlib.sha256(self.request).digest()


Answer = tuple[int, Any]


def answer_once(call: Call, work: Callable[[], Answer], *, now: dt.datetime) -> Answer:
    """Do `work` once per key; it answers (status, JSON-ready body).

    `work` runs in the transaction that stores its answer: both are kept or neither. A refusal (Problem) undoes
    the work and frees the key, so that the client can mend the request's circumstances and try again.

    Raises:
        StillRunning: another call holds the key, and began less than two minutes ago.
        KeyReused: the key belongs to another request.
    """
    stored = begin(call, now=now)
    if stored is not None:
        return stored
    try:
        with transaction.atomic():
            status, body = work()
            body = orjson.loads(dumps(body))
            IdempotentCall.objects.filter(client=call.client, key=call.key).update(
                status=status, answer=body, finished_at=now
            )
    except BaseException:
        IdempotentCall.objects.filter(client=call.client, key=call.key, status__isnull=True).delete()
        raise
    return status, body


def begin(call: Call, *, now: dt.datetime) -> Answer | None:
    """Take the key in a transaction of its own (None), or give the stored answer."""
    stored, fresh = IdempotentCall.objects.get_or_create(
        client=call.client, key=call.key, defaults={"request_hash": call.hash, "started_at": now}
    )
    if bytes(stored.request_hash) != call.hash:
        raise KeyReused
    if stored.status is not None:
        return stored.status, stored.answer
    if fresh or take_over(call, now=now):
        return None
    raise StillRunning(retry_after=1)


def take_over(call: Call, *, now: dt.datetime) -> bool:
    """Whether an abandoned call (its process died) was taken over by us."""
    abandoned = Q(started_at__lt=now - ABANDONED_AFTER, status__isnull=True)
    taken = IdempotentCall.objects.filter(abandoned, client=call.client, key=call.key)
    return taken.update(started_at=now) == 1
