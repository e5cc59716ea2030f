import pytest

from codes.formats.serials import SerialRange
from codes.models import PrintFile
from codes.services.exporting import WantedFile, grant_downloads, request_print_file, retry_print_file
from codes.services.ordering import OrderState, cancel_order
from codes.services.spans import SerialsOutsideOrder
from core.errors import Invalid, NotFound
from core.models import AuditEntry
from tests.factories.codes import make_order
from tests.factories.stores import NOON, BrandFactory

pytestmark = pytest.mark.django_db


def request(order, brand=None, **wanted):
    wanted = WantedFile(**{"recipient": "printer"} | wanted)
    return request_print_file(brand=brand or order.brand, order_id=order.pk, wanted=wanted, actor="user:ann", now=NOON)


def test_a_print_file_waits_for_a_worker_and_is_audited():
    order = make_order(quantity=10)
    file = request(order, recipient=" printer ")
    assert (file.state, file.recipient, file.rows_done, file.rows_total) == ("waiting", "printer", 0, 20)
    assert (file.serials.lower, file.serials.upper) == (order.first_serial, order.last_serial + 1)
    assert AuditEntry.objects.get(action="print_file.request").after["recipient"] == "printer"


def test_a_part_of_the_order_can_be_printed():
    order = make_order(quantity=10)
    file = request(order, serials=SerialRange(order.first_serial + 1, order.first_serial + 3))
    assert file.rows_total == 6


def test_asked_again_for_the_same_recipient_it_is_the_same_file():
    order = make_order()
    assert request(order).pk == request(order).pk
    assert request(order, recipient="factory").pk != request(order).pk


@pytest.mark.parametrize("state", ["draft", "reviewed"])
def test_an_order_that_is_not_released_is_not_printed(state):
    with pytest.raises(OrderState):
        request(make_order(state=state))


def test_serials_outside_of_the_order_are_refused():
    order = make_order(quantity=10)
    with pytest.raises(SerialsOutsideOrder):
        request(order, serials=SerialRange(order.first_serial, order.last_serial + 1))


@pytest.mark.parametrize("recipient", ["", "  ", "x" * 81])
def test_a_file_has_a_recipient(recipient):
    with pytest.raises(Invalid) as refusal:
        request(make_order(), recipient=recipient)
    assert list(refusal.value.fields) == ["recipient"]
    assert not PrintFile.objects.exists()


def test_more_labels_than_a_pdf_holds_are_refused():
    with pytest.raises(Invalid) as refusal:
        request(make_order(quantity=10_001), kind="labels")
    assert refusal.value.fields["serials"] == [
        "20002 labels are too many for one PDF: choose a range of at most 10000 units."
    ]


def test_another_brands_order_is_not_there():
    with pytest.raises(NotFound):
        request(make_order(), brand=BrandFactory())


def test_a_failed_file_is_tried_again():
    file = request(make_order())
    PrintFile.objects.update(state="failed", fault="The disk is full.", rows_done=4)
    again = retry_print_file(brand=file.order.brand, file_id=file.pk, actor="user:ann", now=NOON)
    assert (again.state, again.fault, again.rows_done) == ("waiting", "", 0)
    assert AuditEntry.objects.filter(action="print_file.retry").count() == 1


def test_a_file_that_did_not_fail_is_left_alone():
    file = request(make_order())
    PrintFile.objects.update(state="writing", rows_done=4)
    again = retry_print_file(brand=file.order.brand, file_id=file.pk, actor="user:ann", now=NOON)
    assert (again.state, again.rows_done) == ("writing", 4)


def test_a_cancelled_orders_files_are_given_up_and_not_tried_again():
    file = request(make_order())
    brand = file.order.brand
    cancel_order(order_id=file.order_id, brand=brand, actor="user:ann", now=NOON)
    file.refresh_from_db()
    assert (file.state, file.fault) == ("failed", "Order cancelled.")
    with pytest.raises(OrderState):
        retry_print_file(brand=brand, file_id=file.pk, actor="user:ann", now=NOON)


def test_an_administrator_grants_more_downloads():
    file = request(make_order())
    brand = file.order.brand
    assert grant_downloads(brand=brand, file_id=file.pk, more=2, actor="user:ann", now=NOON).downloads_allowed == 5


@pytest.mark.parametrize("more", [0, -1, 998])
def test_impossible_grants_are_refused(more):
    file = request(make_order())
    with pytest.raises(Invalid):
        grant_downloads(brand=file.order.brand, file_id=file.pk, more=more, actor="user:ann", now=NOON)


def test_another_brands_file_is_not_there():
    file = request(make_order())
    with pytest.raises(NotFound):
        retry_print_file(brand=BrandFactory(), file_id=file.pk, actor="user:ann", now=NOON)
