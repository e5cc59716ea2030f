"""A capture job's worker is killed in the middle: the job goes on or begins anew, and no event is kept by half."""

import json
import subprocess
import sys
import time

import orjson
import pytest
from django.conf import settings

from codes.models import CaptureChunk, CaptureJob, EpcisEvent, EpcisTerm
from codes.services.epcis_capturing import CHECKED_AT_ONCE, Sent, accept
from core import clock
from tests.codes.epcis_rest.conftest import document, event
from tests.factories.stores import BrandFactory
from tests.faults.processes import environment

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]
EVENTS = 10_000


@pytest.fixture(scope="module")
def body():
    sent = orjson.dumps(document(*(event(n, bizStep="shipping", disposition="in_transit") for n in range(EVENTS))))
    assert len(sent) > CHECKED_AT_ONCE
    return sent


def worker():
    return subprocess.Popen(
        [sys.executable, "-m", "tests.faults.capturing"],
        env=environment(),
        cwd=settings.BASE_DIR,
        stdout=subprocess.PIPE,
        text=True,
    )


def killed_once(job, reached):
    """A worker that is killed as soon as the job's row, as others see it, has come so far."""
    process = worker()
    end = time.monotonic() + 60
    while not reached(CaptureJob.objects.get(pk=job.pk)):
        assert time.monotonic() < end
        assert process.poll() is None, "the worker was faster than the test"
        time.sleep(0.005)
    process.kill()
    process.communicate()


def settled(job):
    """What the next worker tells, having finished the job."""
    out, _err = worker().communicate(timeout=120)
    job.refresh_from_db()
    assert (job.state, job.captured, job.faulty) == ("captured", EVENTS, 0)
    assert EpcisEvent.objects.count() == EVENTS
    assert not CaptureChunk.objects.exists()
    return json.loads(out)


def test_a_job_of_all_or_nothing_begins_anew_and_takes_little_memory(body):
    job = accept(brand=BrandFactory(), sent=Sent(body, False, "rollback"), actor="client:x", now=clock.now())
    killed_once(job, lambda row: row.attempts == 1)
    assert not EpcisEvent.objects.exists()
    assert not EpcisTerm.objects.exists()
    told = settled(job)
    assert job.attempts == 2
    assert told["grown_mib"] < 150


def test_a_job_that_proceeds_goes_on_where_it_was(body):
    job = accept(brand=BrandFactory(), sent=Sent(body, False, "proceed"), actor="client:x", now=clock.now())
    killed_once(job, lambda row: row.seen > 0)
    job.refresh_from_db()
    assert 0 < job.seen < EVENTS
    assert EpcisEvent.objects.count() == job.seen == job.captured
    settled(job)
