"""The risk rules on a played market: ordinary people are left alone, and planted frauds are caught by their rules."""

import datetime as dt
import io
import json
from itertools import count

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from codes.ciphers import code_cipher
from codes.formats.code_text import Role
from codes.models import CodeOrder
from codes.services.places import Place
from codes.services.scanning import NewScan, record_scan
from config.market.envelopes import titled
from config.market.field import furnish
from config.market.goods import items_of
from config.market.plan import Size
from config.market.play import Script, play_market
from config.market.stock import dealt, receive_case, send_lot
from consumers.models import Consumer
from consumers.services.identity import sign_in_local
from rewards.models import RiskJudgement, RiskReview
from rewards.refusals import ClaimRefused
from rewards.risk.thresholds import Thresholds
from rewards.selectors.risk_replay import STATEMENT, Stretch, replay
from rewards.services.claims import open_claim
from stores.models import Store, StoreOwner
from tests.conftest import kept_for_the_module

NOW = dt.datetime(2026, 3, 10, 15, 30, tzinfo=dt.UTC)
AFTER = NOW + dt.timedelta(hours=9)
SCRIPT = Script(Size(stores=6, consumers=80, days=7), seed=3, lot="PLAY")
MOST_HELD = 0.01
"""Of what ordinary people claim, so much at most may be held, and nothing refused."""
CHENGDU, SHANGHAI = Place(30.66, 104.06, 20.0), Place(31.23, 121.47, 20.0)
NONCES = count()


class Market:
    """A played market, with a fresh case of twelve for each fraud."""

    def __init__(self) -> None:
        self.stage = furnish(slug="jiangnan", stores=SCRIPT.size.stores, seed=SCRIPT.seed, now=NOW)
        self.tally = play_market(stage=self.stage, script=SCRIPT, now=NOW, report=lambda *_: None)
        self.store: Store = self.stage.stores[0]
        dealer = self.store.dealer
        lot = send_lot(product=self.stage.product, name="FRAUD", gift=titled("查", "probe"), needs={dealer: 3}, now=NOW)
        self.order: CodeOrder = lot.items
        self.cases = iter(
            [
                self.received(lot, case)
                for span in dealt(lot, {dealer.pk: 3}).values()
                for case in range(span.first, span.last + 1)
            ]
        )

    def received(self, lot, case):
        receive_case(store=self.store, case_serial=case, now=NOW)
        return list(items_of(lot, case))

    def person(self, name: str, at: dt.datetime = NOW) -> Consumer:
        return sign_in_local(brand=self.stage.brand, name=name, now=at)

    def scan(self, code: str, consumer: Consumer | None, at: dt.datetime, **facts):
        told = {"visitor": f"browser of {consumer}", "nonce": str(next(NONCES)), "consumer": consumer} | facts
        return record_scan(NewScan(code=code, **told), now=at)

    def open(self, serial: int, consumer: Consumer, at: dt.datetime, **facts) -> str:
        """What became of it: promised, held or risk."""
        code = code_cipher().encode(Role.ITEM_INNER, serial, self.order.key_version)
        scan = self.scan(code, consumer, at, **facts)
        try:
            open_claim(scan_id=scan.id, consumer=consumer, visitor="", now=at + dt.timedelta(seconds=5))
        except ClaimRefused as refusal:
            return refusal.code
        return "promised"


def every(minutes: float, number: int) -> dt.datetime:
    return AFTER + dt.timedelta(minutes=minutes * number)


def rules_against(serial: int) -> set[str]:
    """The rules that hold against the item's claim."""
    kept = RiskJudgement.objects.filter(claim=serial).order_by("-pk").first()
    return {finding["rule"] for finding in kept.findings} if kept else set()


@pytest.fixture(scope="module")
def played(django_db_setup, django_db_blocker):
    with kept_for_the_module(django_db_blocker):
        connection.atomic_blocks[-1]._from_testcase = True
        yield Market()


@pytest.fixture
def market(played, db):
    played.cases, kept = iter(saved := list(played.cases)), saved
    yield played
    played.cases = iter(kept)


def test_ordinary_people_are_left_alone(market):
    assert market.tally["claims"] > 100
    held = market.tally["refused_held"] / (market.tally["claims"] + market.tally["refused_held"])
    assert (held <= MOST_HELD, market.tally["refused_risk"]) == (True, 0)


def test_a_guesser_is_held(market):
    guesser, serials = market.person("猜码人"), next(market.cases)
    for number in range(8):
        forged = "1" + f"{number:016d}".replace("0", "Z")
        market.scan(forged, guesser, every(1, number))
    assert market.open(serials[0], guesser, every(1, 9)) == "held"
    assert rules_against(serials[0]) == {"guesses_person"}


def test_a_bot_with_twenty_accounts_on_one_device_is_held_from_the_fifth_on(market):
    serials = [*next(market.cases), *next(market.cases)][::5] + [*next(market.cases)][::2]
    answers = [
        market.open(serial, market.person(f"账号{number}"), every(7, number), visitor="the bot's")
        for number, serial in enumerate(serials)
    ]
    assert (answers[:4], set(answers[4:])) == (["promised"] * 4, {"held"})
    assert rules_against(serials[-1]) >= {"shared_device"}


def test_an_owner_who_opens_the_own_case_in_printing_order_is_held(market):
    owner, serials = market.person("店主本人"), next(market.cases)
    StoreOwner.objects.filter(pk=market.store.owner_id).update(wallet=f"consumer:{owner.pk}")
    answers = [market.open(serial, owner, every(3, number)) for number, serial in enumerate(serials)]
    assert answers == ["promised"] * 2 + ["held"] * 10
    assert rules_against(serials[-1]) == {"own_store", "printing_order"}


def test_a_row_along_the_serials_is_held_whoever_opens_it(market):
    hand, serials = market.person("无名"), next(market.cases)
    answers = [market.open(serial, hand, every(3, number)) for number, serial in enumerate(serials)]
    assert answers == ["promised"] * 7 + ["held"] * 5
    assert rules_against(serials[-1]) == {"printing_order"}


def test_a_traveller_whom_no_airliner_carries_is_held(market):
    traveller, serials = market.person("飞人"), next(market.cases)
    assert market.open(serials[0], traveller, every(0, 0), place=SHANGHAI) == "promised"
    assert market.open(serials[5], traveller, every(30, 1), place=CHENGDU) == "held"
    assert "impossible_travel" in rules_against(serials[5])


def test_new_accounts_in_a_burst_at_one_address_are_held(market):
    serials = [*next(market.cases), *next(market.cases)]
    serials = serials[::2] + serials[1::2]
    answers = [
        market.open(serial, market.person(f"新号{number}", every(1, number)), every(2, number), address="114.80.1.9")
        for number, serial in enumerate(serials[:17])
    ]
    assert answers == ["promised"] * 14 + ["held"] * 3
    assert rules_against(serials[16]) == {"new_accounts"}


def test_an_address_that_is_not_public_says_nothing(market):
    serials = next(market.cases)
    for number, serial in enumerate(serials[::2]):
        market.open(serial, market.person(f"内网{number}", AFTER), every(1, number), address="192.168.1.7")
    assert rules_against(serials[-2]) == set()


def test_guessing_everywhere_makes_few_guesses_enough(market):
    guesser, serials = market.person("跟风"), next(market.cases)
    for number in range(100):
        market.scan("1" + f"{number:016d}".replace("0", "Z"), None, AFTER, visitor=f"v{number}", address="114.80.2.2")
    for number in range(3):
        market.scan("1" + f"{900 + number:016d}".replace("0", "Z"), guesser, AFTER, address="114.80.2.3")
    assert market.open(serials[0], guesser, every(1, 1), address="114.80.2.3") == "held"
    assert rules_against(serials[0]) == {"guesses_under_attack"}


def test_the_replay_finds_what_the_claims_were_told(market):
    hand, serials = market.person("无名"), next(market.cases)
    told = [market.open(serial, hand, every(3, number)) for number, serial in enumerate(serials)]
    found = replay(brand=market.stage.brand, thresholds=Thresholds(), stretch=whole_time())
    assert found.outcomes["hold"] == RiskReview.objects.count() == told.count("held") + market.tally["refused_held"]
    assert found.rules["printing_order"].outcomes["hold"] == 5
    assert [sample.serial for sample in found.rules["printing_order"].samples] == serials[:6:-1]
    strict = replay(brand=market.stage.brand, thresholds=Thresholds(person_day=2), stretch=whole_time())
    assert strict.outcomes["hold"] > found.outcomes["hold"]
    assert strict.amounts_fen["hold"] > 0


def test_the_replay_is_one_statement_however_many_claims(market):
    def statements(limit):
        with CaptureQueriesContext(
            connection,
        ) as caught:
            assert replay(brand=market.stage.brand, thresholds=Thresholds(), stretch=whole_time(limit)).claims == limit
        return len(caught)

    assert statements(2) == statements(100)
    assert STATEMENT.count("SELECT cl.opening_id") == 1


def test_the_command_tells_each_rule_and_the_sum(market):
    out = io.StringIO()
    options = {"brand": "jiangnan", "days": "366", "threshold": ["person_day=2", "hold_score=40"]}
    call_command("replay_risk", **options, stdout=out)
    *rules, whole = [json.loads(line) for line in out.getvalue().splitlines()]
    assert (whole["claims"] > 100, whole["hold_share"] > 0, "person_day" in {row["rule"] for row in rules}) == (
        True,
        True,
        True,
    )


def whole_time(limit=10_000):
    return Stretch(NOW - dt.timedelta(days=60), AFTER + dt.timedelta(days=2), limit)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"brand": "nobody"}, "--brand: there is no brand 'nobody'"),
        ({"days": "0"}, "--days must be a whole number from 1 to 366, not '0'"),
        ({"limit": "many"}, "--limit must be a whole number from 1 to 10000000, not 'many'"),
        ({"threshold": ["person_day"]}, "--threshold: write it as person_hour=30, not 'person_day'"),
        ({"threshold": ["person=3"]}, "--threshold: no such threshold: person"),
        ({"threshold": ["person_day=2.5"]}, "--threshold: person_day must be a whole number from 1 to 100000, not 2.5"),
    ],
)
def test_an_option_that_makes_no_sense_is_refused_by_its_name(market, options, said):
    with pytest.raises(CommandError) as refused:
        call_command("replay_risk", **({"brand": "jiangnan"} | options))
    assert str(refused.value) == said
