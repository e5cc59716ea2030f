import datetime as dt
import random
from collections import Counter
from contextlib import suppress

import pytest

from codes.formats.serials import SerialRange
from codes.models import Movement, Opening, Scan
from codes.selectors import recalls
from codes.selectors.custody import custody_of
from codes.selectors.newest import newest_of
from codes.selectors.recall_lists import recall_drill
from codes.selectors.recalls import Place, issued_items, place_of, places_of_batch
from codes.services.packing import pack
from codes.services.recall_lists import as_csv, take_recall_list
from codes.services.unpacking import take_out, unpack
from core.errors import Problem
from core.models import AuditEntry
from tests.factories.codes import BatchFactory
from tests.factories.histories import consumer_of
from tests.factories.stores import NOON, DealerFactory, SalespersonFactory, StoreFactory, StoreOwnerFactory
from tests.factories.supply import ACTOR, make_goods, make_packed_goods, moved

pytestmark = pytest.mark.django_db

SAID = {"actor": ACTOR, "now": NOON}


@pytest.fixture
def goods():
    return make_packed_goods()


@pytest.fixture
def store(goods):
    owner = StoreOwnerFactory(brand=goods.brand, name="王老板", phone="13800000001")
    sales = SalespersonFactory(brand=goods.brand, name="李", phone="13900000002")
    return StoreFactory(brand=goods.brand, owner=owner, salesperson=sales, name="=老街店")


def batch_of(goods):
    return goods.items.batch


def counts_of(goods):
    return {place: held.items for place, held in places_of_batch(batch_of(goods)).items()}


def opened(goods, serial):
    """Somebody opens the item."""
    consumer = consumer_of(goods.brand)
    scan = Scan.objects.create(
        brand=goods.brand,
        serial=serial,
        role=2,
        masked_code="1I…",
        verdict="genuine_first",
        consumer=consumer,
        visitor="v",
        nonce=str(serial),
        scanned_at=NOON,
    )
    facts = {"brand": goods.brand, "order": goods.items, "scan": scan, "consumer": consumer}
    Opening.objects.create(serial=serial, opened_at=NOON, day=NOON.date(), **facts)


def one_by_one(goods):
    """The same by asking each item."""
    return Counter(place_of(custody_of(goods.item(n))) for n in range(goods.items.quantity))


def test_what_never_moved_is_with_the_brand(goods):
    assert counts_of(goods) == {Place("", None, None): 24}


def test_a_pallet_counts_where_it_was_received(goods, store):
    moved("ship", store, goods.pallet(0))
    moved("receive", store, goods.case(0))
    assert counts_of(goods) == {
        Place("receive", store.pk, None): 6,
        Place("ship", store.pk, None): 6,
        Place("", None, None): 12,
    }


def test_an_item_that_was_moved_by_itself_is_where_it_went(goods, store):
    other = StoreFactory(brand=goods.brand)
    moved("receive", store, goods.pallet(0))
    moved("receive", other, goods.item(2))
    assert counts_of(goods)[Place("receive", other.pk, None)] == 1
    assert counts_of(goods)[Place("receive", store.pk, None)] == 11


def test_movements_of_other_goods_in_between_change_nothing(goods, store):
    other = make_goods(brand=goods.brand)
    moved("receive", store, goods.case(0))
    for number in range(9):
        moved("receive", store, other.item(number))
    moved("return", store, goods.case(0), at=NOON + dt.timedelta(days=1))
    moved("receive", store, goods.case(1))
    assert counts_of(goods) == {
        Place("receive", store.pk, None): 6,
        Place("return", store.pk, None): 6,
        Place("", None, None): 12,
    }


@pytest.mark.parametrize("packed_before", [False, True])
def test_what_is_packed_while_the_drill_reads_is_counted_once(monkeypatch, packed_before):
    goods = make_packed_goods() if packed_before else make_goods()
    first, case = goods.item(0), make_goods(brand=goods.brand).case(0)

    def with_a_packer_at_work(units):
        if packed_before:
            take_out(brand=goods.brand, children=[SerialRange(first, first)], **SAID)
        pack(brand=goods.brand, packings=[(case, first, first)], **SAID)
        return newest_of(units)

    monkeypatch.setattr(recalls, "newest_of", with_a_packer_at_work)
    assert counts_of(goods) == {Place("", None, None): 24}


def test_a_batch_without_codes_is_nowhere():
    assert places_of_batch(BatchFactory()) == {}


def test_loose_items_of_the_batch_are_counted():
    loose = make_goods()
    store = StoreFactory(brand=loose.brand)
    moved("receive", store, loose.item(3), loose.item(7))
    assert counts_of(loose) == {Place("receive", store.pk, None): 5, Place("", None, None): 19}


def test_another_batchs_items_in_one_case_are_not_counted(goods, store):
    other = make_goods(brand=goods.brand)
    pack(brand=goods.brand, packings=[(goods.case(0), other.item(0), other.item(3))], **SAID)
    moved("receive", store, goods.case(0))
    assert counts_of(goods)[Place("receive", store.pk, None)] == 6
    assert counts_of(other)[Place("receive", store.pk, None)] == 4


@pytest.mark.parametrize("seed", range(12))
def test_the_counts_are_those_of_asking_each_item(goods, seed):
    chance = random.Random(seed)
    partners = [StoreFactory(brand=goods.brand), StoreFactory(brand=goods.brand), DealerFactory(brand=goods.brand)]
    for _ in range(14):
        unit = chance.choice([goods.pallet, goods.case, goods.item])(chance.randrange(2))
        deed = chance.random()
        if deed < 0.2:
            first = chance.choice([goods.item(chance.randrange(20)), goods.case(chance.randrange(4))])
            loose_or_not(lambda first=first: take_out(brand=goods.brand, children=[SerialRange(first, first)], **SAID))
        elif deed < 0.3:
            loose_or_not(
                lambda: unpack(
                    brand=goods.brand, parents=[chance.choice([goods.case, goods.pallet])(chance.randrange(2))], **SAID
                )
            )
        elif deed < 0.4:
            first = goods.item(chance.randrange(20))
            loose_or_not(lambda first=first: pack(brand=goods.brand, packings=[(goods.case(3), first, first)], **SAID))
        else:
            moved(chance.choice(Movement.Kind.values), chance.choice(partners), unit)
    assert counts_of(goods) == one_by_one(goods)


def loose_or_not(deed):
    """What chance proposes is not always possible."""
    with suppress(Problem):
        deed()


def test_statements_do_not_grow_with_the_cases(goods, store, django_assert_max_num_queries):
    moved("receive", store, goods.pallet(0))
    moved("receive", store, goods.case(3))
    with django_assert_max_num_queries(12):
        recall_drill(batch_of(goods))


def test_an_opened_item_that_went_elsewhere_is_counted_there(goods, store):
    other = StoreFactory(brand=goods.brand)
    moved("receive", store, goods.case(0))
    moved("receive", other, goods.item(2))
    opened(goods, goods.item(2))
    calls = {call.number: (call.received, call.opened) for call in recall_drill(batch_of(goods)).calls}
    assert calls == {store.number: (5, 0), other.number: (1, 1)}


def test_opened_items_are_not_unsold(goods, store):
    moved("receive", store, goods.case(0))
    opened(goods, goods.item(0))
    (call,) = recall_drill(batch_of(goods)).calls
    assert (call.received, call.opened, call.unsold) == (6, 1, 5)


def test_a_call_names_whom_to_ask_for(goods, store):
    moved("ship", store, goods.case(0))
    (call,) = recall_drill(batch_of(goods)).calls
    assert (call.number, call.contact, call.phone, call.salesperson, call.salesperson_phone) == (
        store.number,
        "王老板",
        "13800000001",
        "李",
        "13900000002",
    )


def test_what_came_back_is_with_the_brand_again(goods, store):
    moved("receive", store, goods.case(0))
    moved("return", store, goods.case(0))
    drill = recall_drill(batch_of(goods))
    assert (drill.calls, drill.out, drill.with_brand.items, drill.issued) == ([], 0, 24, issued_items(batch_of(goods)))


def test_a_dealer_is_called_too(goods):
    dealer = DealerFactory(brand=goods.brand, phone="028-1")
    moved("ship", dealer, goods.pallet(0))
    (call,) = recall_drill(batch_of(goods)).calls
    assert (call.kind, call.number, call.on_the_way, call.phone) == ("dealer", dealer.number, 12, "028-1")


def test_a_name_never_becomes_a_formula_of_a_spreadsheet(goods, store):
    moved("receive", store, goods.case(0))
    assert ",'=老街店," in as_csv(recall_drill(batch_of(goods)))


def test_taking_the_list_is_audited(goods, store):
    moved("receive", store, goods.case(0))
    take_recall_list(batch=batch_of(goods), **SAID)
    entry = AuditEntry.objects.get(action="recall.listed")
    assert (entry.brand_slug, entry.after["calls"], entry.after["out"]) == (goods.brand.slug, 1, 6)
