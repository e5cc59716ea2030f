import datetime as dt
import io
import json

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from codes.models import Opening, Scan
from config.market.field import furnish
from config.market.plan import Size
from config.market.play import Script, play_market
from rewards.models import Payout
from stores.models import LadderRule, StepChange
from tests.conftest import kept_for_the_module

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 3, 10, 15, 30, tzinfo=dt.UTC)
SCRIPT = Script(Size(stores=4, consumers=12, days=4), seed=3, lot="PLAY")


def play(script=SCRIPT, now=NOW):
    stage = furnish(slug="jiangnan", stores=script.size.stores, seed=script.seed, now=now)
    return play_market(stage=stage, script=script, now=now, report=lambda *_: None)


@pytest.fixture(scope="module")
def tally(django_db_setup, django_db_blocker):
    """A market that was played; what it tells."""
    with kept_for_the_module(django_db_blocker):
        yield play()


def test_a_market_played_again_after_a_kill_changes_nothing(tally):
    before = (Scan.objects.count(), Opening.objects.count(), Payout.objects.count(), StepChange.objects.count())
    assert play(now=NOW + dt.timedelta(hours=1)) == tally
    after = (Scan.objects.count(), Opening.objects.count(), Payout.objects.count(), StepChange.objects.count())
    assert after == before


def test_two_plays_of_one_seed_have_the_same_openings_at_the_same_stores(tally):
    where = list(Opening.objects.order_by("serial").values_list("binding__store__number", "opened_at"))
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("TRUNCATE stores_brand, codes_serialcounter RESTART IDENTITY CASCADE")
    play()
    assert list(Opening.objects.order_by("serial").values_list("binding__store__number", "opened_at")) == where != []


def test_the_rule_in_force_asks_for_no_koc(tally):
    assert LadderRule.objects.get(in_force=True).thresholds == {"kocs_at_least": 0}


def test_the_command_ends_with_one_line_of_json():
    out = io.StringIO()
    call_command("simulate", stores="2", consumers="3", days="2", seed="1", stdout=out)
    facts = json.loads(out.getvalue().splitlines()[-1])
    assert facts["lot"] == "SIM0001"
    assert facts["stores"] == 2


WRONG = [("days", "0"), ("stores", "many"), ("consumers", "-1"), ("seed", "x"), ("brand", "a b")]


@pytest.mark.parametrize(("option", "value"), WRONG)
def test_a_wrong_option_is_refused_by_its_name(option, value):
    with pytest.raises(CommandError, match=f"^--{option} must be"):
        call_command("simulate", **{option: value})
