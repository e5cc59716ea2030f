import pytest

from codes.ciphers import code_cipher
from codes.formats.code_text import Role
from codes.models import Movement
from codes.services.receiving import NotACase, UnknownCase, receive_by_code
from stores.models import PendingCount
from tests.factories.stores import NOON, StoreFactory
from tests.factories.supply import make_packed_goods, moved

pytestmark = pytest.mark.django_db


@pytest.fixture
def goods():
    return make_packed_goods()


@pytest.fixture
def store(goods):
    return StoreFactory(brand=goods.brand)


def received(store, role, serial):
    text = code_cipher().encode(role, serial)
    return receive_by_code(store=store, code_text=text, actor="user:owner", now=NOON)


@pytest.mark.parametrize("role", [Role.CASE_INNER, Role.CASE_OUTER])
def test_the_store_receives_a_case_by_its_mark(goods, store, role):
    receipt = received(store, role, goods.case(0))
    assert (receipt.items, receipt.repeated, receipt.movement.kind) == (6, False, "receive")
    assert PendingCount.objects.get().store_id == store.pk


def test_a_pallet_is_received_with_all_inside(goods, store):
    assert received(store, Role.PALLET, goods.pallet(0)).items == 12


def test_scanning_again_answers_the_first_receipt(goods, store):
    first = received(store, Role.CASE_INNER, goods.case(0))
    again = received(store, Role.CASE_INNER, goods.case(0))
    assert (again.movement, again.items, again.repeated) == (first.movement, 6, True)
    assert Movement.objects.count() == 1


def test_a_case_sent_to_another_store_is_received_and_flagged(goods, store):
    moved("ship", StoreFactory(brand=goods.brand), goods.case(0))
    assert received(store, Role.CASE_INNER, goods.case(0)).movement.flag == "received_elsewhere"


def test_the_link_in_the_qr_will_do(goods, store):
    text = "HTTPS://1.cn/C/" + code_cipher().encode(Role.CASE_INNER, goods.case(0))
    assert receive_by_code(store=store, code_text=text, actor="user:owner", now=NOON).items == 6


@pytest.mark.parametrize("text", ["", "hello", "B" + "0" * 16 + "0" * 9])
def test_what_is_no_code_is_refused(store, text):
    with pytest.raises(NotACase):
        receive_by_code(store=store, code_text=text, actor="user:owner", now=NOON)


def test_the_code_of_an_item_is_refused(goods, store):
    with pytest.raises(NotACase):
        received(store, Role.ITEM_INNER, goods.item(0))


@pytest.mark.parametrize("text", ["1" + "0" * 16, "B" + "0" * 16])
def test_a_forgery_and_a_b_code_are_unknown_cases(store, text):
    with pytest.raises(UnknownCase):
        receive_by_code(store=store, code_text=text, actor="user:owner", now=NOON)


def test_another_brands_case_is_unknown(store):
    with pytest.raises(UnknownCase):
        received(store, Role.CASE_INNER, make_packed_goods().case(0))
