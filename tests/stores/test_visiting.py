import datetime as dt

import pytest
from django.test import Client

from core.errors import Invalid
from core.models import AuditEntry
from stores.earth import Place
from stores.models import Visit
from stores.public_codes import b_code_in, new_code
from stores.services.visiting import CheckIn, NotASalesperson, check_in
from tests.factories.stores import NOON, SalespersonFactory, StoreFactory, StoreOwnerFactory, UserFactory

pytestmark = pytest.mark.django_db
ADDRESS = "/dashboard/visits/new/"
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def seller():
    return SalespersonFactory()


@pytest.fixture
def store(seller):
    return StoreFactory(brand=seller.brand, salesperson=seller, latitude=30.0, longitude=104.0)


def arrive(person, code, *, now=NOON, **more):
    return check_in(user=person.user, arrival=CheckIn(code, **more), now=now)


def signed_in(user):
    client = Client(headers={"accept-language": "en"})
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def text_of(response):
    return " ".join(response.content.decode().split())


@pytest.mark.parametrize("shape", ["{0}", " {0} ", "{1}", "https://one.cn/c/{0}", "HTTPS://ONE.CN/C/{0}?via=x"])
def test_a_store_s_code_is_read_however_it_comes(shape):
    code = new_code("B")
    dashed = f"{code[:5]}-{code[5:9].lower()} {code[9:]}"
    assert b_code_in(shape.format(code, dashed)) == code


@pytest.mark.parametrize("text", ["", "B", "C0123456789ABCDEF", "B0123456789ABCDEFG", "https://one.cn/", "店"])
def test_what_is_no_store_s_code_is_none(text):
    assert b_code_in(text) == ""


def test_a_visit_is_noted_with_time_distance_and_words(seller, store):
    arrive(seller, store.b_code, place=Place(30.001, 104.0), note=" 补货两箱 ")
    visit = Visit.objects.get()
    assert (visit.store, visit.salesperson, visit.visited_at) == (store, seller, NOON)
    assert (visit.distance_m, visit.note) == (111, "补货两箱")


def test_a_visit_is_audited(seller, store):
    visit = arrive(seller, store.b_code)
    entry = AuditEntry.objects.get(action="visit.checked_in")
    assert (entry.object_id, entry.actor) == (str(visit.pk), f"user:{seller.user.username}")
    assert (entry.brand_slug, entry.after["store"]) == (seller.brand.slug, store.number)


def test_without_a_place_no_distance_is_told(seller, store):
    assert arrive(seller, store.b_code).distance_m is None


def test_two_taps_are_one_visit(seller, store):
    first = arrive(seller, store.b_code)
    assert arrive(seller, store.b_code, now=NOON + 9 * MINUTE) == first
    assert AuditEntry.objects.filter(action="visit.checked_in").count() == 1


def test_whoever_comes_back_later_visits_again(seller, store):
    assert arrive(seller, store.b_code) != arrive(seller, store.b_code, now=NOON + 11 * MINUTE)


def test_a_squad_leader_visits_the_squad_s_stores(seller, store):
    seller.leader = SalespersonFactory(brand=seller.brand, is_squad_leader=True)
    seller.save()
    assert arrive(seller.leader, store.b_code).store == store


@pytest.mark.parametrize("whose", ["colleague", "foreign", "closed", "unknown"])
def test_only_own_open_stores_are_visited_and_others_are_never_told_apart(seller, store, whose):
    code = {
        "colleague": StoreFactory(brand=seller.brand).b_code,
        "foreign": StoreFactory().b_code,
        "closed": StoreFactory(brand=seller.brand, salesperson=seller, is_active=False).b_code,
        "unknown": new_code("B"),
    }[whose]
    with pytest.raises(Invalid) as refusal:
        arrive(seller, code)
    assert refusal.value.fields == {"code": ["This is not the code of one of your stores."]}


@pytest.mark.parametrize("more", [{"place": Place(91, 0)}, {"note": "x" * 401}])
def test_what_cannot_be_kept_is_refused(seller, store, more):
    with pytest.raises(Invalid):
        arrive(seller, store.b_code, **more)
    assert not Visit.objects.exists()


def test_who_is_no_active_salesperson_checks_in_nowhere(seller, store):
    seller.is_active = False
    seller.save()
    for user in (seller.user, UserFactory(brand=seller.brand, is_staff=True), StoreOwnerFactory().user):
        with pytest.raises(NotASalesperson):
            check_in(user=user, arrival=CheckIn(store.b_code), now=NOON)


def test_a_check_in_on_the_page_leads_to_the_store_which_shows_the_visit(seller, store):
    sent = {"code": f"https://one.cn/c/{store.b_code}", "note": "陈列已调整", "latitude": "30.001", "longitude": "104"}
    response = signed_in(seller.user).post(ADDRESS, sent, follow=True)
    assert response.redirect_chain == [(f"/dashboard/stores/{store.pk}/", 302)]
    for words in ("is noted", "陈列已调整", "111 m away"):
        assert words in text_of(response)


def test_a_refusal_is_told_at_the_field(seller, store):
    response = signed_in(seller.user).post(ADDRESS, {"code": "nonsense"})
    assert response.status_code == 422
    assert response.context["form"].errors["code"] == [
        "This is no store's code. It begins with B and has 17 letters and digits."
    ]


def test_a_code_in_the_address_fills_the_field(seller, store):
    assert f'value="{store.b_code}"' in text_of(signed_in(seller.user).get(ADDRESS, {"code": store.b_code}))


def test_the_page_is_for_salespeople_alone(seller, store):
    assert Client().get(ADDRESS).status_code == 302
    assert signed_in(UserFactory(brand=seller.brand, is_staff=True)).get(ADDRESS).status_code == 403


def test_the_way_to_the_check_in_is_shown_to_salespeople_alone(seller, store):
    staff = UserFactory(brand=seller.brand, is_staff=True)
    shown = [
        ADDRESS in text_of(signed_in(user).get(path))
        for user in (seller.user, staff)
        for path in ("/dashboard/", f"/dashboard/stores/{store.pk}/", f"/c/{store.b_code}")
    ]
    assert shown == [True, True, True, False, False, False]


def test_a_store_without_visits_says_how_to_check_in(seller, store):
    assert "No visits yet" in text_of(signed_in(seller.user).get(f"/dashboard/stores/{store.pk}/"))


def test_the_newest_five_visits_are_shown(seller, store):
    for number in range(7):
        arrive(seller, store.b_code, now=NOON + number * 20 * MINUTE, note=f"note-{number}")
    page = text_of(signed_in(seller.user).get(f"/dashboard/stores/{store.pk}/"))
    assert [f"note-{number}" in page for number in range(7)] == [False, False, True, True, True, True, True]
