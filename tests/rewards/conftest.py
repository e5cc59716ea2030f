import pytest
from celery import current_app

from core.valkey import valkey


@pytest.fixture
def rung(monkeypatch) -> list[str]:
    """Names of the tasks that were sent to the broker, which itself is left alone; no bell hangs from before."""
    sent: list[str] = []
    for key in valkey().keys("bell:*"):
        valkey().delete(key)
    monkeypatch.setattr(current_app, "send_task", lambda name, *_, **__: sent.append(name))
    return sent
