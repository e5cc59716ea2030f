import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from stores.ladder import Step
from stores.models import StepChange, Store, StoreDay, StoreStanding
from stores.selectors.overview import Wanted, store_page, totals
from stores.selectors.ranking import ranking
from stores.services.evaluating import evaluate_brand
from tests.factories.histories import consumer_of, open_item
from tests.factories.stores import (
    NOON,
    SalespersonFactory,
    StoreFactory,
    StoreOwnerFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

TODAY = NOON.date()
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def _noon(time_machine):
    time_machine.move_to(NOON, tick=False)


@pytest.fixture
def seller():
    return SalespersonFactory()


@pytest.fixture
def store(seller):
    return StoreFactory(brand=seller.brand, salesperson=seller, name="望江烟酒")


def signed_in(user, language="en"):
    client = Client(headers={"accept-language": language})
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def opened(store, count, days_ago=0, **more):
    StoreDay.objects.create(store=store, day=TODAY - days_ago * DAY, opened=count, **more)


def text_of(response):
    return " ".join(response.content.decode().split())


# Who sees what


def test_a_stranger_is_sent_to_the_sign_in():
    response = Client().get("/dashboard/?q=x")
    assert (response.status_code, response["Location"]) == (302, "/dashboard/sign-in/?next=/dashboard/%3Fq%3Dx")


def test_a_live_part_whose_session_ended_sends_the_page_to_the_sign_in(store):
    response = Client().get(f"/dashboard/stores/{store.pk}/", headers={"HX-Request": "true"})
    assert response["HX-Redirect"] == f"/dashboard/sign-in/?next=/dashboard/stores/{store.pk}/"


def test_a_salesperson_sees_own_stores_alone(seller, store):
    StoreFactory(brand=seller.brand, name="别人的店")
    StoreFactory(name="别家品牌的店")
    page = signed_in(seller.user).get("/dashboard/")
    assert [line.store for line, _ in page.context["lines"]] == [store]
    assert "别" not in page.content.decode()


def test_a_store_of_somebody_else_is_not_there(seller, store):
    client = signed_in(seller.user)
    colleague, foreign = StoreFactory(brand=seller.brand), StoreFactory()
    statuses = [client.get(f"/dashboard/stores/{each.pk}/").status_code for each in (store, colleague, foreign)]
    assert statuses == [200, 404, 404]
    assert client.get("/dashboard/stores/999999999/").status_code == 404


def test_a_squad_leader_sees_the_squads_stores(seller, store):
    leader = SalespersonFactory(brand=seller.brand, is_squad_leader=True)
    seller.leader = leader
    seller.save()
    assert signed_in(leader.user).get(f"/dashboard/stores/{store.pk}/").status_code == 200


def test_an_owner_sees_own_stores_and_no_rank_of_salespeople(seller):
    owner = StoreOwnerFactory(brand=seller.brand)
    mine = StoreFactory(brand=seller.brand, owner=owner, salesperson=seller)
    page = signed_in(owner.user).get("/dashboard/")
    assert [line.store for line, _ in page.context["lines"]] == [mine]
    assert page.context["rank"] is None


def test_an_account_without_stores_is_told_so():
    page = signed_in(UserFactory(is_staff=False)).get("/dashboard/")
    assert "No stores yet" in text_of(page)


def test_the_platform_sees_all_brands_and_no_rank(store):
    page = signed_in(UserFactory(platform=True)).get("/dashboard/")
    assert page.context["page"].found == 1
    assert page.context["rank"] is None


def test_nobody_writes_by_reading(seller, store):
    assert signed_in(seller.user).post("/dashboard/").status_code == 405


# The list


def test_the_list_shows_step_openings_users_and_trend(seller, store):
    opened(store, 3)
    opened(store, 4, days_ago=6)
    opened(store, 5, days_ago=27)
    opened(store, 90, days_ago=28)
    StoreStanding.objects.create(store=store, step=Step.RISING, since=TODAY)
    consumer = consumer_of(store.brand)
    for n in (0, 1):
        open_item(store, consumer, NOON - n * DAY)
    page = signed_in(seller.user).get("/dashboard/")
    ((line, points),) = page.context["lines"]
    assert (line.step, line.opened_today, line.opened_7, line.opened_28, line.users) == (Step.RISING, 3, 7, 12, 1)
    assert (line.trend[0], line.trend[21], line.trend[27]) == (5, 4, 3)
    assert points.startswith("0.0,2.0 ")
    assert "rising" in text_of(page)


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["甲", "乙", "丙"]),
        ("sort=week", ["乙", "甲", "丙"]),
        ("sort=month", ["丙", "乙", "甲"]),
        ("sort=step", ["丙", "乙", "甲"]),
        ("sort=name", ["丙", "乙", "甲"]),
        ("sort=nonsense", ["甲", "乙", "丙"]),
        ("q=乙", ["乙"]),
        ("q=N3", ["丙"]),
        ("q=%00", ["甲", "乙", "丙"]),
        ("step=2", ["丙"]),
        ("step=0", ["甲", "乙"]),
        ("step=9", ["甲", "乙", "丙"]),
        ("page=-1", ["甲", "乙", "丙"]),
        ("page=99", ["甲", "乙", "丙"]),
        ("page=²", ["甲", "乙", "丙"]),
    ],
)
def test_stores_are_searched_filtered_and_sorted(seller, query, names):
    made = {
        name: StoreFactory(brand=seller.brand, salesperson=seller, name=name, number=f"N{number}")
        for number, name in enumerate("甲乙丙", start=1)
    }
    opened(made["甲"], 3)
    opened(made["乙"], 2)
    opened(made["乙"], 2, days_ago=3)
    opened(made["丙"], 9, days_ago=20)
    StoreStanding.objects.create(store=made["丙"], step=Step.ACTIVE, since=TODAY)
    page = signed_in(seller.user).get(f"/dashboard/?{query}")
    found = [line.store.name for line, _ in page.context["lines"]]
    assert found == (sorted(names) if query == "sort=name" else names)


def test_a_search_without_a_find_offers_the_way_back(seller, store):
    assert "No store fits" in text_of(signed_in(seller.user).get("/dashboard/?q=nothing"))


def test_closed_stores_are_not_listed_but_can_be_read(seller, store):
    Store.objects.update(is_active=False)
    client = signed_in(seller.user)
    assert client.get("/dashboard/").context["page"].found == 0
    assert "closed" in text_of(client.get(f"/dashboard/stores/{store.pk}/"))


def test_fifty_stores_are_a_page_and_the_links_keep_the_choice(seller):
    StoreFactory.create_batch(51, brand=seller.brand, salesperson=seller, owner=None, dealer=None)
    page = signed_in(seller.user).get("/dashboard/?q=门店&sort=name")
    assert (len(page.context["lines"]), page.context["before"]) == (50, "")
    after = page.context["after"]
    assert after == "?q=%E9%97%A8%E5%BA%97&sort=name&page=2"
    second = signed_in(seller.user).get(f"/dashboard/{after}")
    assert (len(second.context["lines"]), second.context["after"]) == (1, "")


def test_the_live_part_comes_without_the_frame(seller, store):
    live = signed_in(seller.user).get("/dashboard/", headers={"HX-Request": "true"})
    assert "<html" not in live.content.decode()
    assert store.name in live.content.decode()
    assert "no-store" in live["Cache-Control"]


def test_totals_sum_all_stores_in_sight(seller, store):
    other = StoreFactory(brand=seller.brand)
    opened(store, 3, new_users=2)
    opened(other, 1, days_ago=6)
    opened(other, 2, days_ago=7)
    opened(other, 50, days_ago=14)
    summed = totals(Store.objects.all(), today=TODAY)
    assert (summed.stores, summed.opened_today, summed.opened_7, summed.opened_7_before) == (2, 3, 4, 2)
    assert (summed.moving_today, summed.new_users_7, summed.change_percent) == (1, 2, 100)
    assert summed.per_step[Step.SILENT] == 2


def test_a_week_after_nothing_has_no_percentage(store):
    opened(store, 3)
    assert totals(Store.objects.all(), today=TODAY).change_percent is None


def test_a_weaker_week_is_said_so(seller, store):
    opened(store, 1)
    opened(store, 4, days_ago=8)
    assert "-75% against the 7 days before" in text_of(signed_in(seller.user).get("/dashboard/"))


def test_the_queries_do_not_grow_with_the_stores(seller, store, django_assert_max_num_queries):
    client = signed_in(seller.user)
    client.get("/dashboard/")
    with django_assert_max_num_queries(22) as one:
        client.get("/dashboard/")
    for each in StoreFactory.create_batch(12, brand=seller.brand, salesperson=seller):
        opened(each, 1)
    with django_assert_max_num_queries(22) as many:
        client.get("/dashboard/")
    assert len(many) == len(one)


# The rank


def test_equal_scores_share_a_rank_and_the_next_is_skipped(seller, store):
    second, third, asleep = SalespersonFactory.create_batch(3, brand=seller.brand)
    SalespersonFactory(brand=seller.brand, is_active=False)
    SalespersonFactory()
    opened(store, 4, new_users=1)
    opened(StoreFactory(brand=seller.brand, salesperson=second), 2)
    opened(StoreFactory(brand=seller.brand, salesperson=second), 2)
    opened(StoreFactory(brand=seller.brand, salesperson=third), 1)
    opened(StoreFactory(brand=seller.brand, salesperson=third), 9, days_ago=1)
    ranked = ranking(seller.brand_id, today=TODAY)
    places = {each.salesperson.pk: (each.rank, each.score, each.moving_stores, each.new_users) for each in ranked}
    assert places == {
        seller.pk: (1, 4, 1, 1),
        second.pk: (1, 4, 2, 0),
        third.pk: (3, 1, 1, 0),
        asleep.pk: (4, 0, 0, 0),
    }


def test_the_page_shows_the_best_and_the_viewers_own_place(seller, store):
    for number in range(6):
        opened(StoreFactory(brand=seller.brand), 10 + number)
    page = signed_in(seller.user).get("/dashboard/")
    rank = page.context["rank"]
    assert ([each.rank for each in rank["best"]], rank["own"].rank, rank["own_below"]) == ([1, 2, 3, 4, 5], 7, True)
    assert "Score = items opened today that are bound to your stores." in text_of(page)


def test_staff_see_the_rank_without_a_place_of_their_own(seller, store):
    staff = UserFactory(brand=seller.brand)
    rank = signed_in(staff).get("/dashboard/").context["rank"]
    assert (rank["own"], rank["own_below"], rank["people"]) == (None, False, 1)


# One store


def test_one_store_shows_its_figures_chart_ladder_and_latest_openings(seller, store):
    opened(store, 3, users=2)
    opened(store, 1, days_ago=20, received=12)
    evaluate_brand(brand=store.brand, now=NOON)
    open_item(store, consumer_of(store.brand, "王小明"))
    page = signed_in(seller.user).get(f"/dashboard/stores/{store.pk}/")
    view, words = page.context["view"], text_of(page)
    assert (view.today.opened, view.opened_7, view.opened_28, view.users.users) == (3, 3, 4, 1)
    assert [bar.value for bar in page.context["chart"].bars if bar.value] == [1, 3]
    assert (view.step, view.next_step) == (Step.LIT, Step.ACTIVE)
    assert "What it takes for “active”" in words
    assert [each.words for each in view.missing] == ["days with an opening in the weaker of the last weeks"]
    assert "openings in the window 4, asked for 1" in words
    assert "王**" in words
    assert "小明" not in words


def test_reasons_are_told_in_the_readers_language(seller, store):
    opened(store, 1)
    evaluate_brand(brand=store.brand, now=NOON)
    client = signed_in(seller.user, "zh-hans")
    assert "openings in the window" not in text_of(client.get(f"/dashboard/stores/{store.pk}/"))


def test_a_store_that_fell_and_one_that_is_about_to_are_told_why(seller, store):
    StoreStanding.objects.create(store=store, step=Step.LIT, since=TODAY, failed_evaluations=1)
    StepChange.objects.create(
        store=store, from_step=2, to_step=1, day=TODAY, happened_at=NOON, reason="", figures={"facts": []}
    )
    words = text_of(signed_in(seller.user).get(f"/dashboard/stores/{store.pk}/"))
    assert "if that happens again tomorrow, the store steps down" in words
    assert "the rule of the step before no longer held" in words


def test_the_highest_step_asks_nothing_more(seller, store):
    StoreStanding.objects.create(store=store, step=Step.BREAKTHROUGH, since=TODAY)
    assert "This is the highest step." in text_of(signed_in(seller.user).get(f"/dashboard/stores/{store.pk}/"))


def test_a_store_that_was_never_judged_says_so(seller, store):
    words = text_of(signed_in(seller.user).get(f"/dashboard/stores/{store.pk}/"))
    assert "has not been evaluated yet" in words
    assert "No openings yet" in words


def test_the_live_part_of_a_store_comes_alone(seller, store):
    live = signed_in(seller.user).get(f"/dashboard/stores/{store.pk}/", headers={"HX-Request": "true"})
    assert "<html" not in live.content.decode()


def test_the_queries_of_a_store_do_not_grow_with_its_history(seller, store, django_assert_max_num_queries):
    client = signed_in(seller.user)
    client.get(f"/dashboard/stores/{store.pk}/")
    with django_assert_max_num_queries(16) as few:
        client.get(f"/dashboard/stores/{store.pk}/")
    for n in range(15):
        opened(store, 1, days_ago=n)
        open_item(store, consumer_of(store.brand), NOON - n * DAY)
    with django_assert_max_num_queries(16) as many:
        client.get(f"/dashboard/stores/{store.pk}/")
    assert len(many) == len(few)


# Signing in


def test_the_sign_in_leads_to_the_own_stores(seller):
    client = Client(headers={"accept-language": "en"})
    assert "For salespeople, store owners and staff." in text_of(client.get(reverse("sign-in")))
    response = client.post(reverse("sign-in"), {"username": seller.user.username, "password": "secret"})
    assert (response.status_code, response["Location"]) == (302, "/dashboard/")
    assert client.post(reverse("sign-out")).status_code == 302
    assert client.get("/dashboard/").status_code == 302


def test_a_wrong_password_is_told_and_too_many_lock_the_account(seller):
    client = Client(headers={"accept-language": "en"})
    wrong = {"username": seller.user.username, "password": "wrong"}
    first = client.post(reverse("sign-in"), wrong)
    assert "Please enter a correct username and password" in text_of(first)
    for _ in range(10):
        last = client.post(reverse("sign-in"), wrong)
    assert last.status_code == 429
    assert "Too many wrong passwords" in text_of(last)
    right = client.post(reverse("sign-in"), wrong | {"password": "secret"})
    assert right.status_code == 429


def test_pages_need_no_inline_script(seller, store):
    page = signed_in(seller.user).get(f"/dashboard/stores/{store.pk}/").content.decode()
    assert page.count("<script") == page.count("<script src=") == 1
    assert " onclick" not in page


def test_a_page_beyond_the_last_is_the_last(store):
    assert store_page(Store.objects.all(), Wanted(page=9), today=TODAY).number == 1
