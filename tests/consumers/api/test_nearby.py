import pytest

from bench.statements import statements_of
from consumers.session import token_for
from tests.factories.consumers import ConsumerFactory
from tests.factories.stores import StoreFactory

pytestmark = pytest.mark.django_db
HERE = {"latitude": "30.657", "longitude": "104.080"}


@pytest.fixture
def consumer():
    return ConsumerFactory()


def ask(client, consumer, **query):
    headers = {"authorization": f"Bearer {token_for(consumer)}", "accept-language": "en"}
    return client.get("/api/v1/stores/nearby", HERE | query, headers=headers)


def names(answer):
    return [store["name"] for store in answer.json()["results"]]


def test_the_nearest_store_comes_first_and_tells_what_stands_on_its_door(client, consumer):
    StoreFactory(brand=consumer.brand, name="远", latitude=30.75)
    StoreFactory(brand=consumer.brand, name="近", kind="tobacco", address="春熙路 1 号", latitude=30.658)
    answer = ask(client, consumer)
    assert answer.status_code == 200
    assert answer.json()["results"][0] == {
        "name": "近",
        "kind": "tobacco",
        "address": "春熙路 1 号",
        "latitude": 30.658,
        "longitude": 104.08,
        "distance_m": 111,
    }
    assert names(answer) == ["近", "远"]


def test_closed_stores_and_those_of_other_brands_are_not_told(client, consumer):
    StoreFactory(brand=consumer.brand, is_active=False)
    StoreFactory()
    assert names(ask(client, consumer)) == []


def test_no_store_is_told_that_is_farther_than_fifty_kilometres(client, consumer):
    StoreFactory(brand=consumer.brand, name="in", latitude=31.1)
    StoreFactory(brand=consumer.brand, name="out", latitude=31.12)
    assert names(ask(client, consumer)) == ["in"]


def test_ten_are_told_unless_another_number_is_asked_for(client, consumer):
    StoreFactory.create_batch(12, brand=consumer.brand)
    assert [len(names(ask(client, consumer, **more))) for more in ({}, {"limit": 1}, {"limit": 50})] == [10, 1, 12]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"latitude": ""}, "latitude"),
        ({"latitude": "north"}, "latitude"),
        ({"latitude": "90.1"}, "latitude"),
        ({"latitude": "nan"}, "latitude"),
        ({"longitude": "-180.5"}, "longitude"),
        ({"longitude": "inf"}, "longitude"),
        ({"longitude": "1" * 2_000}, "longitude"),
        ({"limit": "0"}, "limit"),
        ({"limit": "51"}, "limit"),
        ({"limit": "all"}, "limit"),
    ],
)
def test_a_place_that_is_none_is_told_by_field(client, consumer, query, field):
    answer = ask(client, consumer, **query)
    assert (answer.status_code, answer.json()["code"], list(answer.json()["fields"])) == (400, "invalid", [field])


@pytest.mark.parametrize("place", [{"latitude": "90"}, {"latitude": "-90"}, {"longitude": "180"}])
def test_the_ends_of_the_earth_are_places(client, consumer, place):
    assert ask(client, consumer, **place).json() == {"results": []}


def test_a_place_must_be_told(client, consumer):
    answer = client.get("/api/v1/stores/nearby", headers={"authorization": f"Bearer {token_for(consumer)}"})
    assert set(answer.json()["fields"]) == {"latitude", "longitude"}


def test_nobody_asks_without_signing_in(client):
    answer = client.get("/api/v1/stores/nearby", HERE)
    assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")


def test_nobody_reads_all_stores_by_asking_again_and_again(client, consumer, settings):
    settings.LIMITS = settings.LIMITS | {"nearby.person": (1, 60)}
    settings.LIMIT_SCALE = 1
    ask(client, consumer)
    answer = ask(client, consumer)
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many_requests")


def test_more_stores_cost_no_more_statements(client, consumer):
    counts = []
    for _ in range(2):
        StoreFactory.create_batch(10, brand=consumer.brand)
        counts.append(len(statements_of(lambda: ask(client, consumer))))
    assert counts[0] == counts[1]
