import datetime as dt
import io
import json
import os
import subprocess
import sys

import pytest
from django.core.management import call_command
from django.db import connection

from codes.models import Movement, Opening, Scan
from config.market.field import furnish
from config.market.plan import Size
from config.market.play import Script, play_market
from rewards.models import Claim, Payout
from stores.models import LadderRule, StepChange, Store
from stores.selectors.recount import differences

pytestmark = pytest.mark.django_db(transaction=True)
NOW = dt.datetime(2026, 3, 10, 15, 30, tzinfo=dt.UTC)
SCRIPT = Script(Size(stores=4, consumers=12, days=5), seed=3, lot="PLAY")


def play(script=SCRIPT, now=NOW):
    stage = furnish(slug="jiangnan", stores=script.size.stores, seed=script.seed, now=now)
    return play_market(stage=stage, script=script, now=now, report=lambda *_: None)


def test_a_played_market_is_counted_paid_and_without_contradiction():
    tally = play()
    assert tally["openings"] == Opening.objects.count() > 10
    assert tally["claims"] == Claim.objects.filter(state="promised").count() > 10
    assert set(Payout.objects.values_list("state", flat=True)) == {"paid"}
    assert not Movement.objects.exclude(flag="").exists()
    assert list(differences()) == []


def test_a_market_played_again_after_a_kill_changes_nothing():
    first = play()
    before = (Scan.objects.count(), Opening.objects.count(), Payout.objects.count(), StepChange.objects.count())
    assert play(now=NOW + dt.timedelta(hours=1)) == first
    after = (Scan.objects.count(), Opening.objects.count(), Payout.objects.count(), StepChange.objects.count())
    assert after == before


def test_two_plays_of_one_seed_have_the_same_openings_at_the_same_stores():
    play()
    where = list(Opening.objects.order_by("serial").values_list("binding__store__number", "opened_at"))
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE stores_brand, codes_serialcounter RESTART IDENTITY CASCADE")
    play()
    assert list(Opening.objects.order_by("serial").values_list("binding__store__number", "opened_at")) == where


def test_a_larger_play_on_the_same_brand_adds_stores_under_new_numbers():
    play()
    play(Script(Size(stores=6, consumers=12, days=2), seed=4, lot="PLAY2"))
    assert Store.objects.count() == 6
    assert list(differences()) == []


def test_the_rule_in_force_asks_for_no_koc():
    play()
    assert LadderRule.objects.get(in_force=True).thresholds == {"kocs_at_least": 0}


def test_the_command_ends_with_one_line_of_json():
    out = io.StringIO()
    call_command("simulate", stores="2", consumers="3", days="2", seed="1", stdout=out)
    facts = json.loads(out.getvalue().splitlines()[-1])
    assert facts["lot"] == "SIM0001"
    assert facts["stores"] == 2


@pytest.mark.parametrize("option", [("--days", "0"), ("--stores", "many"), ("--consumers", "-1"), ("--brand", "a b")])
def test_a_wrong_option_is_one_clear_line_and_a_failure(option):
    done = subprocess.run(
        [sys.executable, "manage.py", "simulate", f"{option[0]}={option[1]}"],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"},
    )
    assert done.returncode != 0
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1
    assert option[0] in lines[0]
