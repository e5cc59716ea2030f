"""A first load of the demo that was killed, and the next."""

import datetime as dt
import json

import pytest

from config.demo import load
from stores.models import Store
from stores.selectors.recount import differences
from tests.config.test_load_demo import NOW, loaded

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_load_that_was_killed_is_completed_by_the_next_with_the_same_passwords(tmp_path, monkeypatch):
    def killed(*_told):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(load, "make_samples", killed)
        with pytest.raises(KeyboardInterrupt):
            loaded(tmp_path)
    assert not (tmp_path / "demo.json").exists()
    half = json.loads((tmp_path / "demo-loading.json").read_text())
    whole = loaded(tmp_path, NOW + dt.timedelta(minutes=1))
    assert not (tmp_path / "demo-loading.json").exists()
    assert whole["admin"] == half["admin"]
    assert len(whole["codes"]["fresh_inner"]) == 120
    assert Store.objects.count() == 3
    assert list(differences()) == []
