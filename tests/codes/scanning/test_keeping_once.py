import threading

import pytest
from django.db import connection, transaction

from codes.models import Evidence, Mark, Opening, Scan
from codes.services.scanning import record_scan
from core.idempotency import KeyReused
from stores.models import PendingCount
from tests.codes.scanning.market import Market, code, minutes, posted
from tests.factories.consumers import ConsumerFactory
from tests.factories.stores import NOON, BrandFactory
from tests.locks import wait_for_a_lock


def together(*calls):
    """Run the calls at the same moment, each on a connection of its own; their results or exceptions in order."""
    barrier = threading.Barrier(len(calls))
    results = [None] * len(calls)

    def run(number):
        try:
            connection.ensure_connection()
            barrier.wait()
            results[number] = calls[number]()
        except Exception as error:  # noqa: BLE001 - handed to the test
            results[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_a_scan_posted_twice_is_kept_once_and_answers_alike(market):
    consumer = ConsumerFactory(brand=market.brand)
    market.received_by(market.store())
    first = record_scan(posted(code(1000), consumer=consumer), now=NOON)
    again = record_scan(posted(code(1000), consumer=consumer), now=NOON + minutes(3))
    assert Scan.objects.count() == 1
    assert (first.replayed, again.replayed) == (False, True)
    for name in ("id", "verdict", "first_scanned_at", "first_region", "scans_before", "store", "confidence", "offer"):
        assert getattr(again, name) == getattr(first, name), name
    assert (again.journey, again.opened_by_me, again.scanned_at) == (first.journey, True, NOON)


@pytest.mark.parametrize("text", ["nonsense", "1" + "Z" * 16])
def test_nonsense_posted_twice_is_kept_once(db, text):
    first = record_scan(posted(text), now=NOON)
    again = record_scan(posted(text), now=NOON)
    assert (again.id, again.verdict, again.replayed) == (first.id, first.verdict, True)


def test_a_b_code_posted_twice_stays_a_first(market):
    store = market.store()
    record_scan(posted(store.b_code), now=NOON)
    again = record_scan(posted(store.b_code), now=NOON)
    assert (again.verdict, again.store.id, again.replayed) == ("genuine_first", store.pk, True)


def test_another_code_under_the_same_nonce_is_refused(market):
    record_scan(posted(code(1000)), now=NOON)
    with pytest.raises(KeyReused):
        record_scan(posted(code(1001)), now=NOON)
    with pytest.raises(KeyReused):
        record_scan(posted(market.store().b_code), now=NOON)
    assert Mark.objects.count() == 1


def test_another_store_under_the_same_nonce_is_refused(market):
    record_scan(posted(market.store().b_code), now=NOON)
    with pytest.raises(KeyReused):
        record_scan(posted(market.store().b_code), now=NOON)


def test_the_same_nonce_of_two_visitors_is_two_scans(market):
    record_scan(posted(code(1000), visitor="a"), now=NOON)
    record_scan(posted(code(1000), visitor="b"), now=NOON)
    assert Scan.objects.count() == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("text", [code(1000), code(77_777), "nonsense"])
def test_one_post_arriving_many_times_at_once_is_kept_once(text):
    market = Market()
    consumer = ConsumerFactory(brand=market.brand)
    for attempt in range(5):
        scan = posted(text, nonce=f"n{attempt}", consumer=consumer)
        answers = together(*[lambda scan=scan: record_scan(scan, now=NOON)] * 6)
        assert len({answer.id for answer in answers}) == 1
        assert len({answer.verdict for answer in answers}) == 1
        assert sorted(answer.replayed for answer in answers) == [False] + [True] * 5
    assert Scan.objects.count() == 5


@pytest.mark.django_db(transaction=True)
def test_of_two_consumers_racing_one_is_first_and_opens():
    market = Market()
    market.received_by(market.store())
    for serial in range(1000, 1006):
        racers = ConsumerFactory.create_batch(2, brand=market.brand)
        scans = [posted(code(serial), visitor=f"v{racer.pk.hex[:20]}", consumer=racer) for racer in racers]
        answers = together(*[lambda scan=scan: record_scan(scan, now=NOON) for scan in scans])
        assert sorted(answer.verdict for answer in answers) == ["genuine_first", "genuine_repeat"]
        assert sorted(answer.opened_by_me for answer in answers) == [False, True]
        assert all(answer.opened for answer in answers)
        assert sorted(answer.offer is None for answer in answers) == [False, True]
    assert (Opening.objects.count(), Mark.objects.count(), Scan.objects.count()) == (6, 6, 12)
    assert Evidence.objects.count() == 6
    assert PendingCount.objects.count() == 6


def test_another_brands_consumer_is_not_named_and_opens_nothing(market):
    stranger = ConsumerFactory(brand=BrandFactory())
    answer = record_scan(posted(code(1000), consumer=stranger), now=NOON)
    assert (answer.verdict, answer.opened, answer.opened_by_me) == ("genuine_first", False, False)
    assert Scan.objects.get().consumer is None
    assert not Opening.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_codes_at_once_under_one_nonce_the_later_leaves_no_mark():
    Market()
    refused = []

    def late():
        try:
            record_scan(posted(code(1001)), now=NOON)
        except KeyReused as problem:
            refused.append(problem)
        finally:
            connection.close()

    thread = threading.Thread(target=late)
    with transaction.atomic():
        record_scan(posted(code(1000)), now=NOON)
        thread.start()
        wait_for_a_lock()
    thread.join()
    assert len(refused) == 1
    assert list(Mark.objects.values_list("serial", flat=True)) == [1000]


@pytest.mark.django_db(transaction=True)
def test_who_comes_while_another_scan_is_being_kept_is_told_of_a_repeat():
    Market()
    answers = []

    def late():
        answers.append(record_scan(posted(code(1000), visitor="late"), now=NOON))
        connection.close()

    thread = threading.Thread(target=late)
    with transaction.atomic():
        first = record_scan(posted(code(1000), visitor="early"), now=NOON)
        thread.start()
        wait_for_a_lock()
    thread.join()
    assert [first.verdict, answers[0].verdict] == ["genuine_first", "genuine_repeat"]
