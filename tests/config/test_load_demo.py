"""The demo: loaded once, looked at from all sides, and loaded again."""

import datetime as dt
import json
import shutil

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command

from codes.ciphers import code_cipher
from codes.formats.code_text import ForgedCode, Role
from codes.models import CodeOrder, Opening
from codes.selectors.states import state_of
from codes.services.scanning import NewScan, record_scan
from config.demo.block import block_of
from config.demo.load import load_demo
from config.market.plan import Size
from config.market.play import Script
from consumers.services.identity import sign_in_local
from core import clock
from rewards.services.claims import open_claim
from stores.models import Brand
from tests.conftest import kept_for_the_module

NOW = dt.datetime(2026, 3, 10, 15, 30, tzinfo=dt.UTC)
SCRIPT = Script(Size(stores=3, consumers=8, days=2), seed=1, lot="JN-MARKET")
LISTS = {
    *("fresh_inner", "opened_inner", "outer", "frozen", "not_activated", "forged"),
    *("case", "case_inner", "pallet", "b_code", "voucher_inner", "locked_inner"),
}


def loaded(home, now=NOW, base_url="http://127.0.0.1:8000"):
    return load_demo(home=home, base_url=base_url, now=now, report=lambda *_: None, script=SCRIPT)


@pytest.fixture(scope="module")
def first(django_db_setup, django_db_blocker, tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    with kept_for_the_module(django_db_blocker):
        yield home, loaded(home)


@pytest.fixture
def home(first, db, tmp_path):
    shutil.copytree(first[0], tmp_path, dirs_exist_ok=True)
    return tmp_path


@pytest.fixture
def document(first, home):
    return first[1]


@pytest.fixture
def codes(document):
    return document["codes"]


def open_fresh(codes, now):
    consumer = sign_in_local(brand=Brand.objects.get(), name="小周", now=now)
    for number, code in enumerate(codes):
        scan = record_scan(NewScan(code, "browser", str(number), consumer=consumer), now=now)
        yield open_claim(scan_id=scan.id, consumer=consumer, visitor="browser", now=now)


def test_demo_json_has_the_contracts_shape(home):
    path = home / "demo.json"
    document = json.loads(path.read_text())
    assert path.stat().st_mode & 0o777 == 0o600
    assert set(document) == {
        *("base_url", "brand", "gtin", "lot", "admin", "manager", "salesperson", "squad_leader", "store_owner"),
        *("finance_officer", "warehouse_worker", "partner", "codes", "stores"),
    }
    assert set(document["codes"]) == LISTS
    assert len(document["codes"]["fresh_inner"]) == 120
    assert all(len(codes) >= 3 for codes in document["codes"].values())
    assert set(document["partner"]) == {"client_id", "client_secret", "token_url"}
    assert set(document["stores"][0]) == {"name", "b_code", "latitude", "longitude"}


def test_every_list_of_codes_says_the_truth(codes):
    cipher = code_cipher()
    state = {
        name: {state_of(cipher.decode(code).serial, now=clock.now()).state for code in codes[name]}
        for name in LISTS - {"forged", "b_code"}
    }
    assert state["frozen"] == {"frozen"}
    assert state["not_activated"] == {"issued"}
    on_sale = ("fresh_inner", "voucher_inner", "locked_inner", "outer", "case", "case_inner", "pallet")
    assert {name: state[name] for name in on_sale} == {name: {"active"} for name in on_sale}
    assert {cipher.decode(code).role for code in codes["fresh_inner"]} == {Role.ITEM_INNER}
    assert {cipher.decode(code).role for code in codes["case_inner"]} == {Role.CASE_INNER}
    for code in codes["forged"]:
        with pytest.raises(ForgedCode):
            cipher.decode(code)
    assert all(Opening.objects.filter(pk=cipher.decode(code).serial).exists() for code in codes["opened_inner"])


def test_a_fresh_code_opens_an_envelope_and_pays_owner_and_salesperson_of_the_store_that_received_it(codes):
    claim = next(open_fresh(codes["fresh_inner"], NOW))
    assert claim.state == "promised"
    payees = set(claim.grants.values_list("payee", flat=True))
    assert payees == {"consumer", "store_owner", "salesperson"}


def test_what_is_under_the_samples_caps_is_a_voucher_or_a_second_envelope(codes):
    won, second, opening = open_fresh(
        [codes["voucher_inner"][0], codes["locked_inner"][0], codes["fresh_inner"][0]], NOW
    )
    assert won.voucher.state == "issued"
    second.envelope.refresh_from_db()
    assert (second.envelope.state, second.envelope.unlocked_by) == ("promised", opening)


def test_the_accounts_can_sign_in_with_the_passwords_of_demo_json(document, rf):
    for name in ("admin", "manager", "salesperson", "squad_leader", "store_owner", "warehouse_worker"):
        assert authenticate(rf.post("/"), **document[name]) is not None


def test_a_second_load_keeps_passwords_and_data_and_drops_what_was_opened(home, document):
    list(open_fresh(document["codes"]["fresh_inner"][:5], NOW))
    orders = CodeOrder.objects.count()
    second = loaded(home, NOW + dt.timedelta(minutes=5), "http://127.0.0.1:9000")
    assert second["codes"]["fresh_inner"] == document["codes"]["fresh_inner"][5:]
    assert second["base_url"] == "http://127.0.0.1:9000"
    assert CodeOrder.objects.count() == orders
    for name in ("admin", "manager", "salesperson", "squad_leader", "store_owner", "warehouse_worker"):
        assert second[name] == document[name]
    assert second["partner"]["client_secret"] == document["partner"]["client_secret"]
    assert second["codes"]["forged"] == document["codes"]["forged"]


def test_a_new_lot_comes_when_fewer_than_forty_fresh_codes_are_left(home, codes):
    list(open_fresh(codes["fresh_inner"][:81], NOW))
    second = loaded(home, NOW + dt.timedelta(minutes=5))
    assert len(second["codes"]["fresh_inner"]) == 39 + 120
    assert second["lot"] == "JN-FRESH-002"


def test_a_lost_demo_json_is_written_anew_with_new_passwords(home, rf):
    (home / "demo.json").unlink()
    again = loaded(home, NOW + dt.timedelta(minutes=1))
    assert authenticate(rf.post("/"), **again["admin"]) is not None


def test_the_terminal_is_told_addresses_accounts_and_short_links(document):
    text = "\n".join(block_of(document, "demo.json"))
    assert f"http://127.0.0.1:8000/c/{document['codes']['fresh_inner'][0]}" in text
    assert document["salesperson"]["password"] in text


def test_a_lost_code_key_is_told_in_one_line(home, settings):
    settings.DEMO, settings.HOME, settings.CODE_KEYS = True, home, "2:" + "ab" * 32
    with pytest.raises(CommandError, match=r"^The key of this order's codes is not in ONECODE_CODE_KEYS\..*$"):
        call_command("load_demo")
