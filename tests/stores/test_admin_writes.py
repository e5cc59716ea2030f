import json

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from core.models import AuditEntry
from core.sealing import unseal
from stores.models import Brand, Dealer, RegionDay, Salesperson, Store, StoreDay, StoreOwner, User
from stores.services.groups import install_groups
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
PASSWORD = "Quiet-river-71"


class Staff(Client):
    """A signed-in member of staff who reads English."""

    def __init__(self, user):
        super().__init__(headers={"accept-language": "en"})
        self.user = user
        self.force_login(user, backend="django.contrib.auth.backends.ModelBackend")

    def save(self, model, form, pk=None):
        address = reverse(f"admin:stores_{model}_change", args=[pk]) if pk else reverse(f"admin:stores_{model}_add")
        return self.post(address, form)

    def act(self, model, action, rows, **answers):
        data = {"action": action, "_selected_action": [row.pk for row in rows], "confirmed": "yes"} | answers
        return self.post(reverse(f"admin:stores_{model}_changelist"), data, follow=True)


@pytest.fixture
def staff():
    """All rights within one brand, but not a superuser."""
    user = UserFactory()
    user.user_permissions.set(Permission.objects.values_list("pk", flat=True))
    return Staff(user)


@pytest.fixture
def platform():
    return Staff(UserFactory(platform=True))


def actions():
    return list(AuditEntry.objects.order_by("pk").values_list("action", "actor"))


STORE = {"number": "T1", "name": "老王烟酒", "kind": "tobacco", "latitude": "30.657", "longitude": "104.08"}


def test_a_store_is_opened_through_the_service(staff):
    region = RegionFactory()
    answer = staff.save("store", STORE | {"region": region.pk})
    assert answer.status_code == 302, answer.context["errors"]
    assert actions() == [("store.opened", f"user:{staff.user.username}")]
    assert Store.objects.get().brand == staff.user.brand


def test_figures_follow_a_store_into_another_region(staff):
    store = StoreFactory(brand=staff.user.brand)
    RegionFactory(code="510105")
    StoreDay.objects.create(store=store, day=NOON.date(), opened=3)
    RegionDay.objects.create(brand=store.brand, region_id="510104", day=NOON.date(), opened=3, moving_stores=1)
    form = STORE | {"number": store.number, "region": "510105"}
    assert staff.save("store", form, store.pk).status_code == 302
    assert actions() == [("store.changed", f"user:{staff.user.username}")]
    assert RegionDay.objects.filter(region_id="510105", opened=3).exists()


def test_what_a_service_refuses_is_told_at_the_field(staff):
    answer = staff.save("store", STORE | {"region": RegionFactory().pk, "longitude": ""})
    assert answer.status_code == 200
    assert "Give both latitude and longitude" in str(answer.context["adminform"].form.errors["longitude"])
    assert (Store.objects.count(), AuditEntry.objects.count()) == (0, 0)


def test_stores_are_closed_and_reopened(staff):
    store = StoreFactory(brand=staff.user.brand)
    staff.act("store", "close", [store])
    assert not Store.objects.get().is_active
    staff.act("store", "reopen", [store])
    assert [action for action, _ in actions()] == ["store.closed", "store.reopened"]


@pytest.mark.parametrize(
    ("model", "factory"),
    [("store", StoreFactory), ("dealer", DealerFactory), ("salesperson", SalespersonFactory), ("user", UserFactory)],
)
def test_things_with_a_history_are_never_deleted(platform, model, factory):
    thing = factory()
    assert platform.post(reverse(f"admin:stores_{model}_delete", args=[thing.pk]), {"post": "yes"}).status_code == 403


def test_a_dealer_is_registered_changed_and_ended(staff):
    region = RegionFactory()
    staff.save("dealer", {"number": "D1", "name": "商行", "regions": [region.pk]})
    dealer = Dealer.objects.get()
    staff.save("dealer", {"number": "D1", "name": "新商行", "regions": [region.pk]}, dealer.pk)
    staff.act("dealer", "end", [dealer])
    staff.act("dealer", "resume", [dealer])
    names = [action for action, _ in actions()]
    assert names == ["dealer.registered", "dealer.changed", "dealer.ended", "dealer.resumed"]
    assert list(dealer.regions.all()) == [region]


def test_a_salesperson_is_hired_with_an_account(staff):
    form = {"number": "S1", "name": "小李", "region": RegionFactory().pk, "username": "xiaoli", "password": PASSWORD}
    assert staff.save("salesperson", form).status_code == 302
    person = Salesperson.objects.get()
    assert (person.user.username, person.user.brand, person.user.is_staff) == ("xiaoli", staff.user.brand, False)
    assert person.user.check_password(PASSWORD)


def test_a_weak_password_is_told_at_the_field(staff):
    form = {"number": "S1", "name": "小李", "region": RegionFactory().pk, "username": "xiaoli", "password": "1234"}
    answer = staff.save("salesperson", form)
    assert "password" in answer.context["adminform"].form.errors
    assert not Salesperson.objects.exists()


def test_an_account_is_given_later(staff):
    person = SalespersonFactory(brand=staff.user.brand, user=None)
    form = {"number": person.number, "name": "换名", "region": person.region_id}
    staff.save("salesperson", form | {"username": "later", "password": PASSWORD}, person.pk)
    person.refresh_from_db()
    assert (person.name, person.user.username) == ("换名", "later")


def test_a_squad_leader_is_appointed(staff):
    leader, member = SalespersonFactory.create_batch(2, brand=staff.user.brand)
    staff.act("salesperson", "appoint", [leader], squad=[member.pk])
    member.refresh_from_db()
    assert member.leader == leader


def test_another_brands_salesperson_can_not_be_put_into_a_squad(staff):
    leader, stranger = SalespersonFactory(brand=staff.user.brand), SalespersonFactory()
    staff.act("salesperson", "appoint", [leader], squad=[stranger.pk])
    stranger.refresh_from_db()
    assert stranger.leader is None


def test_a_salesperson_is_dismissed_and_taken_on_again(staff):
    person = SalespersonFactory(brand=staff.user.brand)
    staff.act("salesperson", "dismiss", [person])
    person.user.refresh_from_db()
    assert person.user.is_active is False
    staff.act("salesperson", "rehire", [person])
    person.user.refresh_from_db()
    assert person.user.is_active is True


def test_the_trail_keeps_but_the_end_of_a_wallet(staff):
    owner = StoreOwnerFactory(brand=staff.user.brand, wallet="wallet-secret-1234")
    staff.save("storeowner", {"name": owner.name, "wallet": "wallet-secret-9876"}, owner.pk)
    entry = AuditEntry.objects.get(action="store_owner.changed")
    assert (entry.before["wallet_ends"], entry.after["wallet_ends"]) == ("1234", "9876")
    kept = StoreOwner.objects.get().wallet
    assert (kept.startswith("sealed:"), unseal(kept)) == (True, "wallet-secret-9876")
    page = staff.get(reverse("admin:stores_storeowner_change", args=[owner.pk])).content.decode()
    assert ("wa…76" in page, "wallet-secret" in page) == (True, False)
    staff.save("storeowner", {"name": "新名", "wallet": ""}, owner.pk)
    assert (StoreOwner.objects.get().name, StoreOwner.objects.get().wallet) == ("新名", kept)


def test_a_brand_is_opened_and_changed_by_the_platform_alone(staff, platform):
    form = {"slug": "new", "name": "新品牌", "timezone": "Asia/Shanghai", "is_active": "on"}
    assert staff.save("brand", form).status_code == 403
    platform.save("brand", form)
    brand = Brand.objects.get(slug="new")
    platform.save("brand", form | {"name": "更新"}, brand.pk)
    answer = platform.save("brand", form | {"timezone": "Mars/Crater"}, brand.pk)
    assert "timezone" in answer.context["adminform"].form.errors
    assert [action for action, _ in actions()] == ["brand.opened", "brand.changed"]


def user_form(user, **changes):
    form = {"username": user.username, "is_active": "on", "is_staff": "on", "groups": []}
    return form | changes


def test_an_account_of_the_brand_is_added(staff):
    answer = staff.save(
        "user", {"username": "new", "password1": PASSWORD, "password2": PASSWORD, "usable_password": "true"}
    )
    assert answer.status_code == 302, answer.context["errors"]
    user = User.objects.get(username="new")
    assert (user.brand, user.is_staff, user.is_superuser) == (staff.user.brand, True, False)
    assert actions() == [("user.added", f"user:{staff.user.username}")]


def test_nobody_raises_the_own_rights(staff):
    group = Group.objects.create(name="Finance")
    form = user_form(staff.user, groups=[group.pk], is_superuser="on", first_name="Ann")
    staff.save("user", form, staff.user.pk)
    user = User.objects.get(pk=staff.user.pk)
    assert (user.first_name, user.is_superuser, user.groups.count()) == ("Ann", False, 0)


def test_a_group_with_more_than_the_own_rights_can_not_be_given():
    user = UserFactory()
    user.user_permissions.set(Permission.objects.filter(codename__in=["view_user", "change_user", "add_user"]))
    staff, other = Staff(user), UserFactory(brand=user.brand)
    finance = Group.objects.create(name="Finance")
    finance.permissions.set(Permission.objects.filter(codename="view_payout"))
    readers = Group.objects.create(name="Readers")
    readers.permissions.set(Permission.objects.filter(codename="view_user"))
    assert staff.save("user", user_form(other, groups=[finance.pk]), other.pk).status_code == 200
    assert staff.save("user", user_form(other, groups=[readers.pk]), other.pk).status_code == 302
    assert list(other.groups.all()) == [readers]


def test_an_account_with_more_rights_is_only_looked_at(staff):
    chief = UserFactory(brand=staff.user.brand, is_superuser=True)
    new_password = {"password1": PASSWORD, "password2": PASSWORD, "usable_password": "true"}
    assert staff.save("user", user_form(chief), chief.pk).status_code == 403
    assert staff.post(f"/admin/stores/user/{chief.pk}/password/", new_password).status_code == 403


def test_another_brands_account_is_not_found(staff):
    other = UserFactory()
    assert staff.save("user", user_form(other), other.pk).status_code == 404
    assert staff.post(f"/admin/stores/user/{other.pk}/password/", {}).status_code in {403, 404}


def test_a_password_is_set_and_audited_without_it(staff):
    other = UserFactory(brand=staff.user.brand)
    form = {"password1": PASSWORD, "password2": PASSWORD, "usable_password": "true"}
    staff.post(f"/admin/stores/user/{other.pk}/password/", form)
    assert User.objects.get(pk=other.pk).check_password(PASSWORD)
    entry = AuditEntry.objects.get(action="user.password_set")
    assert PASSWORD not in json.dumps([entry.before, entry.after])


SHARED = [
    *("auth_group", "axes_accessattempt", "axes_accesslog", "axes_accessfailurelog", "oauth2_provider_application"),
    *("sandbox_bill", "sandbox_instruction"),
]


@pytest.mark.parametrize("page", SHARED)
@pytest.mark.parametrize("is_superuser", [True, False])
def test_what_serves_all_brands_is_for_the_platform_alone(platform, page, is_superuser):
    user = UserFactory(is_superuser=is_superuser)
    user.user_permissions.set(Permission.objects.values_list("pk", flat=True))
    address = reverse(f"admin:{page}_changelist")
    assert (Staff(user).get(address).status_code, platform.get(address).status_code) == (403, 200)


def test_the_products_groups_may_do_what_they_should(settings):
    groups = {group.name: group for group in install_groups(groups=settings.STAFF_GROUPS)}
    install_groups(groups=settings.STAFF_GROUPS)
    reviewer, manager, finance = UserFactory(), UserFactory(), UserFactory()
    reviewer.groups.add(groups["Code reviewer"])
    manager.groups.add(groups["Brand manager"])
    finance.groups.add(groups["Finance officer"])
    rights = ["codes.review_codeorder", "codes.release_codeorder", "rewards.view_posting", "stores.change_user"]
    may = [[user.has_perm(right) for right in rights] for user in (reviewer, manager, finance)]
    assert may == [[True, False, False, False], [False, True, True, False], [False, False, True, False]]
    assert Group.objects.count() == len(settings.STAFF_GROUPS)


def imported(staff, text):
    """The answers of both steps of the import."""
    address = reverse("admin:stores_store_import")
    file = SimpleUploadedFile("stores.csv", text.encode())
    first = staff.post(address, {"format": "0", "import_file": file})
    confirm = first.context.get("confirm_form")
    if confirm is None:
        return first, None
    return first, staff.post(reverse("admin:stores_store_process_import"), confirm.initial, follow=True)


HEADER = "number,name,kind,region_code,latitude,longitude,dealer,salesperson\n"


def test_a_table_is_imported_in_two_steps_and_each_row_is_audited(staff):
    RegionFactory()
    kept = StoreFactory(brand=staff.user.brand, number="T1", kind="other")
    _first, second = imported(
        staff, HEADER + "T1,新名,other,510104,30.6,104.1,,\nT2,二店,tobacco,510104,30.6,104.1,,\n"
    )
    assert second is not None
    assert sorted(actions()) == [
        ("store.changed", f"user:{staff.user.username}"),
        ("store.opened", f"user:{staff.user.username}"),
    ]
    kept.refresh_from_db()
    assert kept.name == "新名"


def test_a_refused_row_is_reported_and_nothing_is_written(staff):
    RegionFactory()
    first, second = imported(staff, HEADER + "T1,一店,other,510104,30.6,104.1,,\nT2,二店,other,510104,30.6,,,\n")
    assert second is None
    assert b"Give both latitude and longitude" in first.content
    assert (Store.objects.count(), AuditEntry.objects.count()) == (0, 0)


def test_only_people_of_a_brand_import(platform):
    assert platform.get(reverse("admin:stores_store_import")).status_code == 403


@pytest.mark.parametrize("is_platform", [True, False])
def test_the_first_page_counts_the_own_brands_and_asks_no_more_when_they_grow(
    django_assert_max_num_queries, staff, platform, is_platform
):
    StoreFactory.create_batch(3)
    store = StoreFactory(brand=staff.user.brand)
    StoreDay.objects.create(store=store, day="2026-03-02", opened=5)
    who = platform if is_platform else staff
    with django_assert_max_num_queries(14):
        cards = {card.title: card.value for card in who.get(reverse("admin:index")).context["cards"]}
    assert cards["Stores in service"] == ("4" if is_platform else "1")


def test_somebody_without_rights_sees_no_counts():
    BrandFactory()
    assert Staff(UserFactory()).get(reverse("admin:index")).context["cards"] == []
