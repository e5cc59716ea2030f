import pytest
from django.db import connection, transaction

from codes.formats.code_text import Role
from codes.models import Mark, Opening, Scan
from codes.selectors.previews import preview
from codes.services.scanning import record_scan
from tests.codes.scanning.market import code, minutes, posted
from tests.factories.consumers import ConsumerFactory
from tests.factories.stores import NOON


def test_a_look_says_what_a_scan_would_and_leaves_no_trace(market):
    market.received_by(market.store())
    seen = [preview(code(1000), NOON) for _ in range(2)]
    assert [look.verdict for look in seen] == ["genuine_first", "genuine_first"]
    assert (Scan.objects.count(), Mark.objects.count(), Opening.objects.count()) == (0, 0, 0)
    answer = record_scan(posted(code(1000)), now=NOON)
    assert (answer.product, answer.batch, answer.journey, answer.offer) == (
        seen[0].product,
        seen[0].batch,
        seen[0].journey,
        seen[0].offer,
    )


@pytest.mark.django_db(transaction=True)
def test_looking_works_in_a_transaction_that_forbids_writing(market):
    texts = [code(1000), code(1000, Role.ITEM_OUTER), code(9), market.store().b_code, "C" + "0" * 16, "nonsense"]
    with transaction.atomic():
        connection.cursor().execute("SET TRANSACTION READ ONLY")
        verdicts = [preview(text, NOON, visitor="phone").verdict for text in texts]
    assert verdicts == ["genuine_first", "genuine_first", "unknown", "genuine_first", "unknown", "malformed"]


def test_a_path_with_another_products_gtin_is_unknown(market):
    assert preview(code(1000), NOON, gtin="09999999999994").verdict == "unknown"
    assert preview(code(1000), NOON, gtin=market.product.gtin).verdict == "genuine_first"
    assert preview(code(1000), NOON, gtin="x").verdict == "malformed"


def test_a_look_after_scans_tells_of_the_first(market):
    record_scan(posted(code(1000), place=None), now=NOON)
    look = preview(code(1000), NOON + minutes(1))
    assert (look.verdict, look.first_scanned_at, look.scans_before) == ("genuine_repeat", NOON, 1)


def test_the_opener_sees_their_own_opening(market):
    consumer = ConsumerFactory(brand=market.brand)
    record_scan(posted(code(1000), consumer=consumer), now=NOON)
    mine, others = preview(code(1000), NOON, consumer_id=consumer.pk), preview(code(1000), NOON)
    assert (mine.opened_by_me, mine.offer is None) == (True, False)
    assert (others.opened_by_me, others.opened, others.offer) == (False, True, None)


def test_a_store_seen_before_is_a_repeat(market):
    store = market.store()
    record_scan(posted(store.b_code), now=NOON)
    assert preview(store.b_code, NOON, visitor="phone").verdict == "genuine_repeat"
    assert preview(store.b_code, NOON).verdict == "genuine_first"
