import pytest

from core.errors import NotFound
from core.models import AuditEntry
from stores.services.accounts import Account
from stores.services.people import OwnerDetails, SalespersonDetails, dismiss_salesperson
from stores.services.person_changes import HasAccount, change_owner, change_salesperson, rehire_salesperson
from tests.factories.stores import NOON, BrandFactory, RegionFactory, SalespersonFactory, StoreOwnerFactory

pytestmark = pytest.mark.django_db
SAID = {"now": NOON, "actor": "user:test"}
ACCOUNT = Account("han.mei", "correct-horse-battery")


def details(person):
    return SalespersonDetails(number=person.number, name="韩梅", region_code=RegionFactory().code)


def change(person, brand=None, account=None):
    return change_salesperson(
        brand=brand or person.brand, salesperson_id=person.pk, details=details(person), account=account, **SAID
    )


def change_of_owner(owner, brand=None, account=None):
    return change_owner(
        brand=brand or owner.brand, owner_id=owner.pk, details=OwnerDetails("王五"), account=account, **SAID
    )


@pytest.mark.parametrize(("factory", "change_it"), [(SalespersonFactory, change), (StoreOwnerFactory, change_of_owner)])
def test_a_person_gets_one_account_and_keeps_it(factory, change_it):
    person = factory(user=None)
    assert change_it(person, account=ACCOUNT).user.username == "han.mei"
    assert change_it(person).user.username == "han.mei"
    with pytest.raises(HasAccount):
        change_it(person, account=Account("another", "correct-horse-battery"))


@pytest.mark.parametrize(("factory", "change_it"), [(SalespersonFactory, change), (StoreOwnerFactory, change_of_owner)])
def test_another_brands_person_is_not_found(factory, change_it):
    with pytest.raises(NotFound):
        change_it(factory(), brand=BrandFactory())
    assert not AuditEntry.objects.exists()


def test_a_dismissed_salesperson_is_taken_on_again_once():
    person = SalespersonFactory()
    told = {"brand": person.brand, "salesperson_id": person.pk, **SAID}
    dismiss_salesperson(**told)
    for _ in range(2):
        assert rehire_salesperson(**told).is_active
    person.user.refresh_from_db()
    assert person.user.is_active
    assert AuditEntry.objects.filter(action="salesperson.rehired").count() == 1


def test_another_brands_salesperson_is_not_taken_on_again():
    with pytest.raises(NotFound):
        rehire_salesperson(brand=BrandFactory(), salesperson_id=SalespersonFactory().pk, **SAID)
