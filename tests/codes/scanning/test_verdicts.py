import pytest

from codes.formats.code_text import Role
from codes.models import Mark, Opening, Scan
from codes.services.scanning import record_scan
from consumers.services.identity import sign_in_local
from tests.codes.scanning.market import ITEM_ROLES, Market, code, minutes, posted
from tests.factories.stores import NOON


def verdict(text, **rest):
    return record_scan(posted(text, **rest), now=NOON).verdict


def test_the_first_scan_of_an_active_mark_is_a_first(market):
    assert verdict(code(1000)) == "genuine_first"


def test_the_second_scan_is_a_repeat_that_tells_of_the_first(market):
    record_scan(posted(code(1000), nonce="a"), now=NOON)
    second = record_scan(posted(code(1000), visitor="other", nonce="b"), now=NOON + minutes(5))
    assert (second.verdict, second.first_scanned_at, second.scans_before) == ("genuine_repeat", NOON, 1)


def test_each_mark_of_an_item_has_its_own_first_scan(market):
    assert verdict(code(1000), nonce="a") == "genuine_first"
    assert verdict(code(1000, Role.ITEM_OUTER), nonce="b") == "genuine_first"


def test_a_code_that_was_issued_and_not_activated_says_so(market):
    market.order_of(3000, 5, ITEM_ROLES)
    assert verdict(code(3000)) == "not_activated"


@pytest.mark.parametrize("kind", ["frozen", "recalled", "voided"])
def test_what_was_said_of_the_unit_is_its_verdict(market, kind):
    market.say(kind, 1003)
    assert verdict(code(1003)) == kind
    assert not Mark.objects.exists()


def test_a_freeze_wins_over_a_newer_statement(market):
    market.say("frozen", 1000)
    market.say("voided", 1000)
    assert verdict(code(1000)) == "frozen"


def test_a_revoked_freeze_is_forgotten(market):
    market.say("frozen", 1000, revoked_by="user:b", revoked_at=NOON, revoke_reason="tested")
    assert verdict(code(1000)) == "genuine_first"


def test_a_code_of_a_cancelled_order_is_void(market):
    market.order_of(3000, 5, ITEM_ROLES, state="cancelled")
    assert verdict(code(3000)) == "voided"


def test_a_serial_that_no_order_holds_is_unknown(market):
    answer = record_scan(posted(code(77_777)), now=NOON)
    assert (answer.verdict, answer.product) == ("unknown", None)
    assert Scan.objects.get().serial == 77_777


def test_a_role_that_the_order_did_not_print_is_unknown(market):
    assert verdict(code(1000, Role.PALLET)) == "unknown"


def test_a_forged_code_is_unknown_and_asks_no_table_of_orders(market):
    answer = record_scan(posted("1" + "Z" * 16), now=NOON)
    stored = Scan.objects.get()
    assert (answer.verdict, stored.brand_id, stored.serial) == ("unknown", None, None)


@pytest.mark.parametrize("text", ["x", "ABC-123", "https://example.com/", "1" * 18, "价格" * 9])
def test_nonsense_is_malformed(market, text):
    assert verdict(text) == "malformed"


def test_a_key_version_that_we_do_not_have_is_unknown(market):
    assert verdict("9" + code(1000)[1:]) == "unknown"


@pytest.mark.parametrize(
    "link",
    ["https://one.cn/c/{code}", "HTTPS://ONE.CN/C/{code}", "https://one.cn/01/{gtin}/21/{code}?17=300101", " {lower} "],
)
def test_links_and_forgiving_spellings_are_the_same_code(market, link):
    text = link.format(code=code(1000), gtin=market.product.gtin, lower=code(1000).lower())
    assert verdict(text) == "genuine_first"


def test_a_link_to_another_product_is_unknown(market):
    answer = record_scan(posted(f"https://one.cn/01/09999999999994/21/{code(1000)}"), now=NOON)
    assert (answer.verdict, answer.product) == ("unknown", None)
    assert not Mark.objects.exists()


def test_the_whole_code_is_kept_nowhere(market):
    text = code(1000)
    record_scan(posted(f"https://one.cn/c/{text}"), now=NOON)
    assert Scan.objects.get().masked_code == text[:4] + "•" * 11 + text[-2:]


def test_an_answer_tells_product_batch_and_journey_and_no_dealer(market):
    store = market.store()
    market.received_by(store)
    answer = record_scan(posted(code(1000)), now=NOON)
    assert (answer.product.name, answer.product.gtin, answer.batch.lot) == ("大曲", market.product.gtin, "L1")
    assert [step.step for step in answer.journey] == ["packed", "received"]
    assert answer.role == "item_inner"


def shown(market, *steps):
    """What anybody is told of the item's batch and way, where the brand shows these."""
    market.brand.public_steps = list(steps)
    market.brand.save()
    answer = record_scan(posted(code(1000), nonce="-".join(steps)), now=NOON)
    told = [(step.step, step.partner, step.city) for step in answer.journey]
    return answer.batch.lot, answer.batch.produced_on is not None, told


def test_the_brand_chooses_what_is_shown_of_the_way(market):
    market.batch.produced_on = NOON.date()
    market.batch.save()
    market.received_by(market.store())
    assert shown(market) == ("", False, [])
    assert shown(market, "batch", "made") == ("L1", True, [])
    assert shown(market, "shipped", "received") == (
        "",
        False,
        [("shipped", "dealer", ""), ("received", "store", "成都市")],
    )


def test_an_opening_is_shown_where_the_brand_wants_it(market):
    consumer = sign_in_local(brand=market.brand, name="Ann", now=NOON)
    record_scan(posted(code(1000), nonce="opening", consumer=consumer), now=NOON)
    assert shown(market, "packed")[2] == []
    assert shown(market, "opened")[2] == [("opened", "", "")]


def test_a_return_is_no_public_step(market):
    store = market.store()
    market.received_by(store)
    market.move("return", store, days_ago=0.5)
    answer = record_scan(posted(code(1000)), now=NOON)
    assert [step.step for step in answer.journey] == ["packed", "received"]


def test_an_outer_mark_opens_nothing_and_offers_nothing(market):
    answer = record_scan(posted(code(1000, Role.ITEM_OUTER)), now=NOON)
    assert (answer.offer, Opening.objects.count()) == (None, 0)


def test_the_count_of_earlier_scans_stops_at_a_hundred(market):
    for number in range(103):
        answer = record_scan(posted(code(1000), nonce=f"n{number}"), now=NOON + minutes(number))
    assert answer.scans_before == 100


def test_two_brands_have_their_own_items(market):
    other = Market(first=5000)
    assert record_scan(posted(code(5000)), now=NOON).product.gtin == other.product.gtin


def test_a_b_code_answers_its_store(market):
    store = market.store(name="小王烟酒")
    answer = record_scan(posted(store.b_code), now=NOON)
    assert (answer.verdict, answer.role, answer.store.name) == ("genuine_first", "store", "小王烟酒")
    assert Scan.objects.get().store == store


def test_a_b_code_is_a_repeat_for_a_visitor_who_scanned_it_before(market):
    store = market.store()
    record_scan(posted(store.b_code, nonce="a"), now=NOON)
    assert record_scan(posted(store.b_code, nonce="b"), now=NOON).verdict == "genuine_repeat"
    assert record_scan(posted(store.b_code, visitor="other"), now=NOON).verdict == "genuine_first"


def test_the_b_code_of_a_closed_store_is_unknown(market):
    assert verdict(market.store(is_active=False).b_code) == "unknown"


def test_an_invented_b_code_is_unknown(market):
    assert verdict("B" + "0" * 16) == "unknown"


def test_a_member_code_is_nobody_elses_business(market):
    assert verdict("C" + "0" * 16) == "unknown"
