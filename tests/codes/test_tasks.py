"""What the room's tasks do beside calling a service: answering their bell, and ringing it again with more left."""

import datetime as dt

import pytest

from codes import tasks
from codes.services.epcis_following import follow_all
from core import bell
from tests.factories.stores import NOON, BrandFactory

pytestmark = pytest.mark.django_db
IN_TURNS = [
    (tasks.capture_waiting_documents, "capture_waiting"),
    (tasks.tell_subscribers, "deliver_due"),
    (tasks.take_down_effects, "take_down"),
    (tasks.follow_histories, "follow_all"),
]


@pytest.fixture
def rung(monkeypatch):
    rung = []
    monkeypatch.setattr(bell, "ring", rung.append)
    return rung


@pytest.mark.parametrize(("task", "service"), IN_TURNS)
def test_a_task_with_nothing_left_is_silent(task, service, rung):
    task()
    assert rung == []


@pytest.mark.parametrize(("task", "service"), IN_TURNS)
def test_a_task_with_more_left_rings_again_after_its_turn(task, service, rung, monkeypatch):
    asked = []

    def busy(*, clock, until):
        asked.append(until - clock())
        return True

    monkeypatch.setattr(tasks, service, busy)
    task()
    assert rung == [task]
    assert dt.timedelta(0) < asked[0] <= tasks.TURN


def test_a_brand_whose_histories_cannot_be_followed_keeps_no_other_waiting(monkeypatch):
    broken, other = BrandFactory(), BrandFactory()
    followed = []

    def follow(*, brand, now):
        if brand == broken:
            raise RuntimeError("broken")
        followed.append((brand, now))
        return True

    monkeypatch.setattr("codes.services.epcis_following.follow", follow)
    assert follow_all(clock=lambda: NOON, until=NOON) is False
    assert followed == [(other, NOON)]
