import pytest
from django.db import IntegrityError

from core.errors import Invalid, NotFound
from core.models import AuditEntry
from core.sealing import unseal
from stores.models import Salesperson, StoreOwner, User
from stores.services.accounts import Account, UsernameTaken
from stores.services.constraints import explaining
from stores.services.dealers import (
    DealerDetails,
    DealerNumberTaken,
    change_dealer,
    details_of,
    end_dealer,
    register_dealer,
)
from stores.services.people import (
    OwnerDetails,
    SalespersonDetails,
    StaffNumberTaken,
    appoint_squad_leader,
    change_wallet,
    dismiss_salesperson,
    hire_salesperson,
    register_owner,
)
from tests.factories.stores import (
    NOON,
    BrandFactory,
    DealerFactory,
    RegionFactory,
    SalespersonFactory,
    StoreFactory,
    StoreOwnerFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

SAID = {"now": NOON, "actor": "user:test"}
ACCOUNT = Account("li.lei", "correct-horse-battery")


def hired(brand, number="S1", account=ACCOUNT):
    details = SalespersonDetails(number=number, name="李雷", region_code=RegionFactory().code)
    return hire_salesperson(brand=brand, details=details, account=account, **SAID)


def test_a_salesperson_is_hired_with_an_account_of_the_brand():
    brand = BrandFactory()
    person = hired(brand)
    assert (person.user.brand, person.user.is_staff, person.user.check_password(ACCOUNT.password)) == (
        brand,
        False,
        True,
    )


def test_the_password_is_kept_out_of_the_audit_trail():
    hired(BrandFactory())
    assert ACCOUNT.password not in str(AuditEntry.objects.get().after)


def test_a_taken_username_hires_nobody():
    UserFactory(username=ACCOUNT.username)
    with pytest.raises(UsernameTaken):
        hired(BrandFactory())
    assert not Salesperson.objects.exists()


def test_a_taken_staff_number_makes_no_account():
    brand = BrandFactory()
    hired(brand, account=None)
    with pytest.raises(StaffNumberTaken):
        hired(brand)
    assert not User.objects.exists()


def test_a_weak_password_is_refused_by_field():
    with pytest.raises(Invalid) as refusal:
        hired(BrandFactory(), account=Account("li.lei", "123"))
    assert set(refusal.value.fields) == {"password"}


def test_appointing_a_leader_sets_exactly_this_squad():
    leader = SalespersonFactory()
    former = SalespersonFactory(brand=leader.brand, leader=leader)
    new = SalespersonFactory(brand=leader.brand)
    appoint_squad_leader(brand=leader.brand, leader_id=leader.pk, squad_ids=[new.pk], **SAID)
    former.refresh_from_db()
    assert (list(leader.squad.all()), former.leader) == ([new], None)


def test_nobody_leads_his_own_leader():
    top = SalespersonFactory(is_squad_leader=True)
    below = SalespersonFactory(brand=top.brand, leader=top)
    with pytest.raises(Invalid):
        appoint_squad_leader(brand=top.brand, leader_id=below.pk, squad_ids=[top.pk], **SAID)


def test_somebody_of_another_brand_cannot_be_in_the_squad():
    leader, stranger = SalespersonFactory(), SalespersonFactory()
    with pytest.raises(NotFound):
        appoint_squad_leader(brand=leader.brand, leader_id=leader.pk, squad_ids=[stranger.pk], **SAID)


def test_a_dismissed_salesperson_has_no_stores_and_no_sign_in():
    store = StoreFactory()
    person = store.salesperson
    dismiss_salesperson(brand=store.brand, salesperson_id=person.pk, **SAID)
    store.refresh_from_db()
    assert (store.salesperson, User.objects.get(pk=person.user_id).is_active) == (None, False)


def test_an_owner_is_registered_with_account_and_wallet():
    brand = BrandFactory()
    owner = register_owner(brand=brand, details=OwnerDetails("王五", wallet="wx-1"), account=ACCOUNT, **SAID)
    assert (owner.user.username, unseal(owner.wallet)) == ("li.lei", "wx-1")


def test_an_owner_without_a_name_is_refused():
    with pytest.raises(Invalid):
        register_owner(brand=BrandFactory(), details=OwnerDetails(" "), account=None, **SAID)
    assert not StoreOwner.objects.exists()


def test_the_audit_trail_of_a_wallet_keeps_only_its_end():
    owner = StoreOwnerFactory(wallet="wallet-0001")
    change_wallet(brand=owner.brand, owner_id=owner.pk, wallet="wallet-0002", **SAID)
    entry = AuditEntry.objects.get()
    assert (entry.before, entry.after) == ({"wallet_ends": "0001"}, {"wallet_ends": "0002"})


def test_a_dealer_is_registered_for_its_regions():
    details = DealerDetails("D1", "名酒商行", region_codes=(RegionFactory().code,))
    dealer = register_dealer(brand=BrandFactory(), details=details, **SAID)
    assert details_of(dealer) == details


def test_a_dealer_for_an_unknown_region_is_refused():
    with pytest.raises(Invalid) as refusal:
        register_dealer(brand=BrandFactory(), details=DealerDetails("D1", "x", region_codes=("999999",)), **SAID)
    assert set(refusal.value.fields) == {"region_codes"}


def test_two_dealers_of_a_brand_cannot_share_a_number():
    one = DealerFactory()
    other = DealerFactory(brand=one.brand)
    with pytest.raises(DealerNumberTaken):
        change_dealer(brand=one.brand, dealer_id=other.pk, details=DealerDetails(one.number, "x"), **SAID)


def test_a_dealer_of_another_brand_is_not_found():
    with pytest.raises(NotFound):
        end_dealer(brand=BrandFactory(), dealer_id=DealerFactory().pk, **SAID)


def test_nobody_leads_the_leader_of_his_own_leader():
    top = SalespersonFactory(is_squad_leader=True)
    middle = SalespersonFactory(brand=top.brand, leader=top, is_squad_leader=True)
    below = SalespersonFactory(brand=top.brand, leader=middle)
    with pytest.raises(Invalid):
        appoint_squad_leader(brand=top.brand, leader_id=below.pk, squad_ids=[top.pk], **SAID)


def test_an_account_without_a_name_is_refused_by_field():
    with pytest.raises(Invalid) as refusal:
        hired(BrandFactory(), account=Account(" ", ACCOUNT.password))
    assert set(refusal.value.fields) == {"username"}


def test_the_wallet_of_another_brands_owner_is_not_found():
    owner = StoreOwnerFactory(wallet="wallet-0001")
    with pytest.raises(NotFound):
        change_wallet(brand=BrandFactory(), owner_id=owner.pk, wallet="wallet-0002", **SAID)
    owner.refresh_from_db()
    assert owner.wallet == "wallet-0001"


def test_a_dealer_changes_and_the_audit_trail_knows_both_states():
    dealer = DealerFactory(number="D1", name="旧名")
    details = DealerDetails("D2", "名酒商行", phone="028-1", region_codes=(RegionFactory().code,))
    changed = change_dealer(brand=dealer.brand, dealer_id=dealer.pk, details=details, **SAID)
    entry = AuditEntry.objects.get(action="dealer.changed")
    assert details_of(changed) == details
    assert (entry.before["name"], entry.after["name"]) == ("旧名", "名酒商行")


def test_a_dealer_is_ended_once():
    dealer = DealerFactory()
    for _ in range(2):
        end_dealer(brand=dealer.brand, dealer_id=dealer.pk, **SAID)
    dealer.refresh_from_db()
    assert (dealer.is_active, AuditEntry.objects.filter(action="dealer.ended").count()) == (False, 1)


def test_a_constraint_without_a_name_of_its_own_stays_what_it_is():
    brand = BrandFactory()
    with pytest.raises(IntegrityError), explaining({"another_constraint": DealerNumberTaken}):
        BrandFactory(slug=brand.slug)
