import pytest
from django.urls import reverse

from core.errors import Invalid, NotFound
from core.models import AuditEntry
from stores.models import WarehouseWorker
from stores.services.accounts import Account, UsernameTaken
from stores.services.person_changes import HasAccount
from stores.services.workers import WorkerDetails, change_worker, dismiss_worker, hire_worker, rehire_worker
from tests.factories.stores import NOON, BrandFactory, DealerFactory, UserFactory

pytestmark = pytest.mark.django_db

SAID = {"now": NOON, "actor": "user:boss"}
ACCOUNT = Account("lao-chen", "correct-horse-7")


@pytest.fixture
def brand():
    return BrandFactory()


def hired(brand, *, account=None, **details):
    return hire_worker(brand=brand, details=WorkerDetails(**{"name": "老陈"} | details), account=account, **SAID)


def actions():
    return list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))


def test_a_worker_is_hired_with_a_sign_in_for_a_dealer_s_warehouse(brand):
    dealer = DealerFactory(brand=brand)
    worker = hired(brand, account=ACCOUNT, dealer=dealer)
    assert (worker.user.username, worker.user.is_staff, worker.dealer) == ("lao-chen", False, dealer)
    assert AuditEntry.objects.get().after == {
        "name": "老陈",
        "phone": "",
        "dealer": dealer.number,
        "username": "lao-chen",
    }


def test_another_brand_s_dealer_an_empty_name_and_a_taken_account_are_refused(brand):
    with pytest.raises(Invalid, match="valid"):
        hired(brand, dealer=DealerFactory())
    with pytest.raises(Invalid):
        hired(brand, name=" ")
    UserFactory(username="lao-chen")
    with pytest.raises(UsernameTaken):
        hired(brand, account=ACCOUNT)
    assert not WarehouseWorker.objects.exists()


def test_a_change_is_audited_and_gives_one_account_at_most(brand):
    worker = hired(brand)
    details = WorkerDetails("老陈", "13800000000")
    changed = change_worker(brand=brand, worker_id=worker.pk, details=details, account=ACCOUNT, **SAID)
    assert (changed.phone, changed.user.username) == ("13800000000", "lao-chen")
    with pytest.raises(HasAccount):
        change_worker(
            brand=brand, worker_id=worker.pk, details=details, account=Account("x", "correct-horse-8"), **SAID
        )
    assert actions() == ["warehouse_worker.hired", "warehouse_worker.changed"]


def test_a_dismissed_worker_signs_in_no_more_until_taken_on_again(brand):
    worker = hired(brand, account=ACCOUNT)
    for work, is_active in ((dismiss_worker, False), (dismiss_worker, False), (rehire_worker, True)):
        worker = work(brand=brand, worker_id=worker.pk, **SAID)
        worker.user.refresh_from_db()
        assert (worker.is_active, worker.user.is_active) == (is_active, is_active)
    assert actions() == ["warehouse_worker.hired", "warehouse_worker.dismissed", "warehouse_worker.rehired"]


def test_another_brand_s_worker_is_not_there(brand):
    worker = hired(BrandFactory())
    with pytest.raises(NotFound):
        dismiss_worker(brand=brand, worker_id=worker.pk, **SAID)


def test_staff_hire_change_and_dismiss_in_the_admin(client, brand):
    client.force_login(UserFactory(brand=brand, is_superuser=True))
    facts = {"name": "老陈", "phone": "", "dealer": "", "username": "lao-chen", "password": "correct-horse-7"}
    client.post(reverse("admin:stores_warehouseworker_add"), facts)
    worker = WarehouseWorker.objects.get()
    assert (worker.brand, worker.user.username) == (brand, "lao-chen")
    address = reverse("admin:stores_warehouseworker_change", args=[worker.pk])
    client.post(address, {"name": "陈师傅", "phone": "", "dealer": ""})
    body = {"_selected_action": [worker.pk], "confirmed": "yes"}
    for action, is_active in (("dismiss", False), ("rehire", True)):
        client.post(reverse("admin:stores_warehouseworker_changelist"), body | {"action": action})
        worker.refresh_from_db()
        assert (worker.name, worker.is_active) == ("陈师傅", is_active)
