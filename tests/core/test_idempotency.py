import datetime as dt
import threading

import pytest
from django.db import connection

from core import clock
from core.errors import Conflict
from core.idempotency import ABANDONED_AFTER, Answer, Call, KeyReused, StillRunning, answer_once
from core.models import AuditEntry, IdempotentCall

NOW = dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=dt.UTC)
CALL = Call(client="client:a", key="k1", request=b"POST /x {}")


def note() -> Answer:
    entry = AuditEntry.objects.create(actor="t", action="noted", object_kind="x", object_id="1", happened_at=NOW)
    return 201, {"id": entry.pk, "at": NOW}


@pytest.mark.django_db
def test_a_repeated_call_gets_the_first_answer_and_works_once():
    first = answer_once(CALL, note, now=NOW)
    assert answer_once(CALL, note, now=NOW + dt.timedelta(seconds=1)) == first
    assert AuditEntry.objects.count() == 1


@pytest.mark.django_db
def test_another_request_under_an_old_key_is_refused():
    answer_once(CALL, note, now=NOW)
    with pytest.raises(KeyReused):
        answer_once(Call(client=CALL.client, key=CALL.key, request=b"POST /x {1}"), note, now=NOW)
    assert AuditEntry.objects.count() == 1


@pytest.mark.django_db
def test_two_clients_may_use_the_same_key():
    answer_once(CALL, note, now=NOW)
    answer_once(Call(client="client:b", key=CALL.key, request=CALL.request), note, now=NOW)
    assert AuditEntry.objects.count() == 2


@pytest.mark.django_db
def test_a_refusal_undoes_the_work_and_frees_the_key():
    def refuse() -> Answer:
        note()
        raise Conflict

    with pytest.raises(Conflict):
        answer_once(CALL, refuse, now=NOW)
    assert AuditEntry.objects.count() == 0
    assert answer_once(CALL, note, now=NOW)[0] == 201


@pytest.mark.django_db
def test_a_call_that_is_still_running_is_a_conflict_until_it_counts_as_abandoned():
    IdempotentCall.objects.create(client=CALL.client, key=CALL.key, request_hash=CALL.hash, started_at=NOW)
    with pytest.raises(StillRunning):
        answer_once(CALL, note, now=NOW + ABANDONED_AFTER)
    assert answer_once(CALL, note, now=NOW + ABANDONED_AFTER + dt.timedelta(seconds=1))[0] == 201


@pytest.mark.django_db(transaction=True)
def test_of_eight_calls_at_once_one_does_the_work():
    gate = threading.Barrier(8)
    outcomes: list[str] = []

    def call() -> None:
        try:
            gate.wait()
            answer_once(CALL, note, now=clock.now())
            outcomes.append("answered")
        except StillRunning:
            outcomes.append("running")
        finally:
            connection.close()

    threads = [threading.Thread(target=call) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(outcomes) == 8
    assert AuditEntry.objects.count() == 1
