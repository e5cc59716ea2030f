"""A sweep goes past what fails, tells of it, and lets pass what is no row's fault."""

import pytest
from django.db import OperationalError
from prometheus_client import REGISTRY

from core.errors import Conflict
from core.sweeping import go_through, together_or_alone
from stores.models import Region


def faults():
    return REGISTRY.get_sample_value("onecode_sweep_faults_total", {"sweep": "test"}) or 0


def work(row):
    if isinstance(row, Exception):
        raise row


def test_what_fails_is_counted_and_gone_past_and_who_was_overtaken_is_neither():
    before = faults()
    assert go_through([1, ValueError("x"), Conflict(), Region(pk="51"), 2], work, sweep="test") == 3
    assert faults() == before + 1


@pytest.mark.parametrize("sweep", [go_through, together_or_alone])
def test_a_database_that_is_away_is_no_rows_fault(sweep):
    def away(_):
        raise OperationalError

    with pytest.raises(OperationalError):
        sweep([1, 2], away, sweep="test")


def test_a_batch_that_fails_is_done_row_by_row():
    calls = []

    def add(rows):
        calls.append(list(rows))
        if "bad" in rows:
            raise ValueError
        return len(rows)

    before = faults()
    assert together_or_alone(["a", "b"], add, sweep="test") == 2
    assert together_or_alone(["a", "bad", "b"], add, sweep="test") == 2
    assert calls == [["a", "b"], ["a", "bad", "b"], ["a"], ["bad"], ["b"]]
    assert faults() == before + 1
