import pytest
from django.urls import reverse

from codes.models import Evidence
from tests.factories.histories import consumer_of, open_item
from tests.factories.stores import StoreFactory, UserFactory

PAGES = ["scan", "opening", "binding"]


@pytest.fixture
def opening(db):
    store = StoreFactory()
    opening = open_item(store, consumer_of(store.brand, "王小明"))
    Evidence.objects.create(binding=opening.binding, store=store, road="b_code", weight=0.7, facts={"minutes": 4})
    return opening


def key_of(page, opening):
    return opening.scan_id if page == "scan" else opening.pk


@pytest.mark.parametrize("page", PAGES)
def test_staff_look_a_history_up_and_the_consumer_stays_masked(client, opening, page):
    client.force_login(UserFactory(brand=opening.brand, is_superuser=True))
    shown = [
        client.get(reverse(f"admin:codes_{page}_changelist"), {"q": str(opening.serial)}),
        client.get(reverse(f"admin:codes_{page}_change", args=[key_of(page, opening)])),
    ]
    assert [answer.status_code for answer in shown] == [200, 200]
    for answer in shown:
        text = answer.content.decode()
        assert opening.consumer.c_code[:4] + "…" in text
        assert "王小明" not in text
        assert opening.consumer.c_code not in text


@pytest.mark.parametrize("page", PAGES)
def test_another_brands_history_is_not_there(client, opening, page):
    client.force_login(UserFactory(brand=StoreFactory().brand, is_superuser=True))
    assert client.get(reverse(f"admin:codes_{page}_change", args=[key_of(page, opening)])).status_code != 200
    assert list(client.get(reverse(f"admin:codes_{page}_changelist")).context["cl"].result_list) == []


def test_a_binding_shows_its_evidence(client, opening):
    client.force_login(UserFactory(brand=opening.brand, is_superuser=True))
    text = client.get(reverse("admin:codes_binding_change", args=[opening.pk])).content.decode()
    assert "minutes" in text


@pytest.mark.parametrize("page", PAGES)
def test_a_list_asks_no_more_for_more_rows(client, opening, page, django_assert_max_num_queries):
    store = opening.binding.store
    for _ in range(5):
        open_item(store, consumer_of(store.brand))
    client.force_login(UserFactory(brand=opening.brand, is_superuser=True))
    with django_assert_max_num_queries(14):
        client.get(reverse(f"admin:codes_{page}_changelist"))
