import socket
import threading
import uuid

import pytest
from django.test import override_settings

from core.errors import TooManyRequests, Unavailable
from core.limits import Limit, OnLoss, spend
from core.valkey import valkey


def limit(allowance: int, seconds: int = 60) -> Limit:
    return Limit(name="test", subject=uuid.uuid4().hex, allowance=allowance, seconds=seconds)


@pytest.fixture
def no_valkey():
    valkey.cache_clear()
    with override_settings(REDIS_URL="redis://127.0.0.1:1/0"):
        yield
    valkey.cache_clear()


def test_calls_within_the_allowance_pass_and_the_next_one_tells_how_long_to_wait():
    three = limit(3)
    for _ in range(3):
        spend([three], on_loss=OnLoss.REFUSE)
    with pytest.raises(TooManyRequests) as refusal:
        spend([three], on_loss=OnLoss.REFUSE)
    assert 0 < refusal.value.retry_after <= 60


def test_two_subjects_do_not_share_an_allowance():
    spend([limit(1)], on_loss=OnLoss.REFUSE)
    spend([limit(1)], on_loss=OnLoss.REFUSE)
    one = limit(1)
    spend([one], on_loss=OnLoss.REFUSE)
    with pytest.raises(TooManyRequests):
        spend([one], on_loss=OnLoss.REFUSE)


def test_the_tightest_of_several_limits_decides():
    with pytest.raises(TooManyRequests):
        spend([limit(100), limit(1)], on_loss=OnLoss.REFUSE, cost=2)


def test_callers_at_the_same_moment_get_exactly_the_allowance():
    fifty, passed, gate = limit(50), [], threading.Barrier(8)

    def call() -> None:
        gate.wait()
        for _ in range(25):
            try:
                spend([fifty], on_loss=OnLoss.REFUSE)
                passed.append(1)
            except TooManyRequests:
                continue

    threads = [threading.Thread(target=call) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(passed) == 50


def test_without_valkey_a_closed_limit_refuses(no_valkey):
    with pytest.raises(Unavailable) as refusal:
        spend([limit(1)], on_loss=OnLoss.REFUSE)
    assert refusal.value.retry_after == 2


def test_without_valkey_an_open_limit_lets_pass(no_valkey):
    assert spend([limit(0)], on_loss=OnLoss.ALLOW) is None


def test_a_lost_connection_is_tried_once_more():
    once = limit(1)
    spend([once], on_loss=OnLoss.REFUSE)
    for connection in valkey().connection_pool._available_connections:
        connection._sock.shutdown(socket.SHUT_RDWR)
    with pytest.raises(TooManyRequests):
        spend([once], on_loss=OnLoss.REFUSE)
