import pytest
from celery import shared_task
from django.db import transaction
from django.test import override_settings

from core import bell
from core.valkey import valkey


@shared_task(name="tests.ringing")
def ringing() -> None:
    bell.answer(ringing)


@pytest.fixture
def sent(monkeypatch):
    """Counts what goes to the broker; the broker itself is not asked, so that no worker of a later test runs it."""
    calls: list[str] = []
    monkeypatch.setattr(ringing, "apply_async", lambda **_options: calls.append(ringing.name))
    valkey().delete(f"bell:{ringing.name}")
    monkeypatch.setattr(bell, "rung_at", {})
    return calls


def test_who_has_just_rung_does_not_ring_again_for_a_moment(sent, monkeypatch):
    monkeypatch.setattr(bell, "REST_SECONDS", 1_000.0)
    for _ in range(2):
        bell.ring(ringing)
        ringing()
    assert len(sent) == 1
    bell.rung_at[ringing.name] -= bell.REST_SECONDS
    bell.ring(ringing)
    assert len(sent) == 2


def test_a_bell_that_hangs_is_not_rung_again_until_it_is_answered(sent, monkeypatch):
    monkeypatch.setattr(bell, "REST_SECONDS", 0.0)
    bell.ring(ringing)
    bell.ring(ringing)
    assert len(sent) == 1
    ringing()
    bell.ring(ringing)
    assert len(sent) == 2


@pytest.mark.django_db(transaction=True)
def test_the_bell_rings_after_the_commit(sent):
    with transaction.atomic():
        bell.ring_on_commit(ringing)
        assert sent == []
    assert len(sent) == 1


def test_a_lost_valkey_does_not_break_the_caller(sent):
    valkey.cache_clear()
    with override_settings(REDIS_URL="redis://127.0.0.1:1/0"):
        bell.ring(ringing)
        bell.answer(ringing)
    valkey.cache_clear()
    assert sent == []
