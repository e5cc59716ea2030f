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
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from core.errors import Conflict, Invalid, Problem
from core.json import dumps
from core.models import IdempotentCall
from core.problems import document

LONGEST_KEY = 200


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


def checked_key(header: str) -> str:
    """The Idempotency-Key as it was sent, without spaces around it; empty where none was.

    Raises:
        Invalid: it is too long or not printable.
    """
    key = header.strip()
    if len(key) > LONGEST_KEY or not key.isprintable():
        raise Invalid(
            fields={"Idempotency-Key": [str(_("At most %(most)d printable characters.") % {"most": LONGEST_KEY})]}
        )
    return key


def answer_once(
    call: Call, work: Callable[[], Answer], *, now: dt.datetime, outcomes: tuple[type[Problem], ...] = ()
) -> Answer:
    """Do `work` once per key; it answers (status, JSON-ready body).

    `work` runs in the transaction that stores its answer: both are kept or neither. A refusal (Problem) undoes
    the work and frees the key, so that the client can mend the request's circumstances and try again; so does the
    end of the process or of the database in the middle of it, since the key is held by the transaction alone.

    Refusals of the kinds `outcomes` are what the work came to: what it wrote until then stays. They are the key's
    answer as well, a problem document; only where `retry` says that the same call can succeed later, the key is
    freed.

    Raises:
        StillRunning: another call holds the key.
        KeyReused: the key belongs to another request.
        Problem: the work's refusal.
    """
    refusal: Problem | None = None
    with transaction.atomic():
        stored = begin(call)
        if stored is not None:
            return stored
        try:
            answer = work()
        except outcomes as outcome:
            refusal, answer = outcome, (outcome.status, document(outcome))
        if refusal is None or not refusal.retry:
            answer = store(call, answer, now=now)
    if refusal is not None:
        raise refusal
    return answer


def store(call: Call, answer: Answer, *, now: dt.datetime) -> Answer:
    """Keep the key's answer; it comes back as it will be repeated."""
    status, body = answer[0], orjson.loads(dumps(answer[1]))
    IdempotentCall.objects.create(
        client=call.client,
        key=call.key,
        request_hash=call.hash,
        status=status,
        answer=body,
        started_at=now,
        finished_at=now,
    )
    return status, body


def begin(call: Call) -> Answer | None:
    """Hold the key until the transaction ends (None), or give the stored answer."""
    if not hold(call):
        raise StillRunning(retry_after=1)
    stored = IdempotentCall.objects.filter(client=call.client, key=call.key).first()
    if stored is None:
        return None
    if bytes(stored.request_hash) != call.hash:
        raise KeyReused
    assert stored.status is not None
    return stored.status, stored.answer


def hold(call: Call) -> bool:
    """Whether the key is ours until the transaction ends. The lock's name is a digest: two keys hardly share one."""
    digest = hashlib.sha256(f"{call.client}\n{call.key}".encode(errors="surrogateescape")).digest()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [int.from_bytes(digest[:8], signed=True)])
        return bool(cursor.fetchone()[0])
