"""What runs by time, and where."""

import subprocess
import sys

import pytest
from django.conf import settings

from config.beat import app as clock
from config.celery import app as worker
from config.launcher.table import LONG_QUEUE

DUE = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
LONG_BOOKS = {"rewards.tasks.close_books", "rewards.tasks.compare_asked", "rewards.tasks.reconcile_yesterday"}


def queue_of(name):
    return worker.amqp.router.route({}, name)["queue"].name


@pytest.mark.parametrize("name", sorted(DUE))
def test_what_is_due_by_time_is_a_task_of_ours(name):
    worker.loader.import_default_modules()
    assert name in worker.tasks


@pytest.mark.parametrize("name", sorted(DUE))
def test_long_work_and_payments_do_not_wait_for_each_other(name):
    assert (queue_of(name) == LONG_QUEUE) == (name.startswith("codes.") or name in LONG_BOOKS)


def test_the_clock_rings_for_the_same_tasks_in_the_same_queues():
    assert clock.conf.beat_schedule == worker.conf.beat_schedule
    assert clock.conf.task_routes == worker.conf.task_routes


CLOCK_ALONE = """
import sys
from config.beat import app
app.loader.import_default_modules()
print("codes.models" in sys.modules)
"""


def test_the_clock_loads_no_models():
    said = subprocess.run([sys.executable, "-c", CLOCK_ALONE], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "False"
