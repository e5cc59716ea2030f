import datetime as dt
import threading

import pytest
from django.db import OperationalError, connection

from core import clock
from core.errors import Conflict
from core.idempotency import Answer, Call, KeyReused, StillRunning, answer_once
from core.models import AuditEntry

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


def refusing(retry: bool):
    class Outcome(Conflict):
        pass

    Outcome.retry = retry

    def refuse() -> Answer:
        note()
        raise Outcome("so it came")

    return refuse, (Outcome,)


@pytest.mark.django_db
def test_a_refusal_that_is_an_outcome_keeps_the_work_and_is_the_answer():
    refuse, outcomes = refusing(retry=False)
    with pytest.raises(Conflict):
        answer_once(CALL, refuse, now=NOW, outcomes=outcomes)
    status, body = answer_once(CALL, refuse, now=NOW, outcomes=outcomes)
    assert (status, body["code"], body["detail"], AuditEntry.objects.count()) == (409, "conflict", "so it came", 1)


@pytest.mark.django_db
def test_an_outcome_that_a_retry_may_mend_keeps_the_work_and_frees_the_key():
    refuse, outcomes = refusing(retry=True)
    with pytest.raises(Conflict):
        answer_once(CALL, refuse, now=NOW, outcomes=outcomes)
    assert answer_once(CALL, note, now=NOW, outcomes=outcomes)[0] == 201
    assert AuditEntry.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_call_that_died_half_way_leaves_the_key_free():
    def die() -> Answer:
        note()
        connection.cursor().execute("SELECT pg_terminate_backend(pg_backend_pid())")
        raise AssertionError

    with pytest.raises(OperationalError):
        answer_once(CALL, die, now=NOW)
    connection.close()
    assert answer_once(CALL, note, now=NOW)[0] == 201
    assert AuditEntry.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_call_under_a_key_that_is_being_used_is_a_conflict():
    held, done = threading.Event(), threading.Event()

    def slow() -> Answer:
        held.set()
        done.wait(10)
        return note()

    def call() -> None:
        answer_once(CALL, slow, now=NOW)
        connection.close()

    thread = threading.Thread(target=call)
    thread.start()
    held.wait(10)
    with pytest.raises(StillRunning):
        answer_once(CALL, note, now=NOW)
    done.set()
    thread.join()
    assert AuditEntry.objects.count() == 1


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
