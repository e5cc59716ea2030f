"""Accounts and rights, asked of the services themselves: the admin's own pages hide most of what is refused here."""

from dataclasses import replace

import pytest
from django.contrib.auth.models import Group, Permission

from core.errors import Invalid, NotFound
from core.models import AuditEntry
from stores.models import User
from stores.selectors.rights import governs
from stores.services.groups import install_groups
from stores.services.staff import RightsNotYours, StaffDetails, add_staff, change_staff, details_of, set_password
from tests.factories.stores import NOON, BrandFactory, UserFactory

pytestmark = pytest.mark.django_db
PASSWORD = "Quiet-river-71"


@pytest.fixture
def platform():
    return UserFactory(platform=True)


@pytest.fixture
def boss():
    """All rights within a brand, but no superuser."""
    user = UserFactory()
    user.user_permissions.set(Permission.objects.values_list("pk", flat=True))
    return user


def test_an_account_is_added_to_the_own_brand_alone(boss):
    details = StaffDetails("li.lei", is_staff=True)
    user = add_staff(by=boss, brand=boss.brand, details=details, password=PASSWORD, now=NOON)
    assert (user.brand, user.check_password(PASSWORD)) == (boss.brand, True)
    for brand in (BrandFactory(), None):
        with pytest.raises(RightsNotYours):
            add_staff(by=boss, brand=brand, details=StaffDetails("han.mei"), password=None, now=NOON)
    assert User.objects.filter(username="han.mei").count() == 0


def test_the_platform_adds_accounts_to_any_brand_and_to_itself(platform):
    brand = BrandFactory()
    added = [
        add_staff(by=platform, brand=of, details=StaffDetails(name), password=None, now=NOON)
        for name, of in (("li.lei", brand), ("root", None))
    ]
    assert [user.brand for user in added] == [brand, None]
    assert list(AuditEntry.objects.order_by("pk").values_list("brand_slug", flat=True)) == [brand.slug, ""]


@pytest.mark.parametrize("raised", [{"is_superuser": True}, {"permission_ids": frozenset({1})}])
def test_only_the_platform_makes_superusers_and_gives_single_rights(boss, platform, raised):
    details = replace(StaffDetails("li.lei"), **raised)
    with pytest.raises(RightsNotYours):
        add_staff(by=boss, brand=boss.brand, details=details, password=None, now=NOON)
    if "is_superuser" in raised:
        assert add_staff(by=platform, brand=boss.brand, details=details, password=None, now=NOON).is_superuser


def test_nobody_gives_a_group_with_a_right_that_he_has_not():
    by = UserFactory()
    right = Permission.objects.get(codename="view_store")
    by.user_permissions.set([right])
    seeing, changing = Group.objects.create(name="seeing"), Group.objects.create(name="changing")
    seeing.permissions.set([right])
    changing.permissions.set(Permission.objects.filter(codename__in=["view_store", "change_store"]))
    details = StaffDetails("li.lei", group_ids=frozenset({seeing.pk}))
    user = add_staff(by=by, brand=by.brand, details=details, password=None, now=NOON)
    assert list(user.groups.all()) == [seeing]
    with pytest.raises(RightsNotYours):
        change_staff(by=by, user_id=user.pk, details=replace(details, group_ids=frozenset({changing.pk})), now=NOON)


def test_nobody_changes_his_own_rights_but_his_own_name(boss):
    before = details_of(boss)
    change_staff(by=boss, user_id=boss.pk, details=replace(before, first_name="雷"), now=NOON)
    with pytest.raises(RightsNotYours):
        change_staff(by=boss, user_id=boss.pk, details=replace(before, is_active=False), now=NOON)
    boss.refresh_from_db()
    assert (boss.first_name, boss.is_active) == ("雷", True)


@pytest.mark.parametrize("change", [change_staff, set_password])
def test_an_account_of_another_brand_or_of_nobody_is_not_found(boss, change):
    rest = {"details": StaffDetails("x")} if change is change_staff else {"password": PASSWORD}
    for by, user_id in ((boss, UserFactory().pk), (boss, 2**31), (UserFactory(brand=None), boss.pk)):
        with pytest.raises(NotFound):
            change(by=by, user_id=user_id, now=NOON, **rest)
    assert not AuditEntry.objects.exists()


def test_an_account_with_more_rights_is_not_yours_to_change(boss):
    superuser = UserFactory(brand=boss.brand, is_superuser=True)
    plain = UserFactory(brand=boss.brand)
    with pytest.raises(RightsNotYours):
        set_password(by=boss, user_id=superuser.pk, password=PASSWORD, now=NOON)
    with pytest.raises(RightsNotYours):
        set_password(by=plain, user_id=boss.pk, password=PASSWORD, now=NOON)


def test_the_platform_sets_any_password_and_takes_it_away(boss, platform):
    assert set_password(by=platform, user_id=boss.pk, password=PASSWORD, now=NOON).check_password(PASSWORD)
    assert not set_password(by=platform, user_id=boss.pk, password=None, now=NOON).has_usable_password()


def test_whoever_belongs_to_no_brand_and_is_not_the_platform_governs_nobody():
    nobody = UserFactory(brand=None)
    assert not governs(nobody, UserFactory(brand=None))
    assert not governs(UserFactory(), UserFactory())


def test_a_group_with_a_right_that_there_is_not_is_refused_whole():
    with pytest.raises(Invalid) as refusal:
        install_groups(groups={"good": ["stores.view_store"], "bad": ["stores.fly", "stores.view_store"]})
    assert refusal.value.fields == {"rights": ["stores.fly"]}
    assert not Group.objects.filter(name__in=["good", "bad"]).exists()
