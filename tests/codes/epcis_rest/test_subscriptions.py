import datetime as dt

import pytest

from codes.epcis_query.schedule import BadSchedule, next_time, read_schedule
from codes.models import NamedQuery, Subscription
from codes.services.destinations import DestinationRefused, NotReached, check_form, resolve
from core.models import AuditEntry
from tests.codes.epcis_rest.conftest import SHIPPING, Repository, document, event, subscribe
from tests.factories.stores import BrandFactory

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_query_is_named_listed_run_and_deleted_and_each_change_is_audited(repository):
    made = repository.post_json("queries", SHIPPING)
    assert (made.status_code, made["Location"]) == (201, "/epcis/queries/shipped")
    assert repository.get(made["Location"]).json()["query"] == SHIPPING["query"]
    assert [row["name"] for row in repository.ask("queries").json()] == ["shipped"]
    repository.capture(document(event(1, bizStep="shipping"), event(2, bizStep="receiving")))
    assert repository.ids(path="queries/shipped/events") == [event(1)["eventID"]]
    assert repository.ask("queries/shipped/events").json()["epcisBody"]["queryResults"]["queryName"] == "shipped"
    assert Repository(BrandFactory()).ask("queries/shipped").status_code == 404
    again = repository.post_json("queries", SHIPPING)
    assert (again.status_code, again.json()["code"]) == (409, "query_exists")
    assert repository.delete("/epcis/queries/shipped").status_code == 204
    assert repository.delete("/epcis/queries/shipped").status_code == 404
    actions = AuditEntry.objects.filter(action__startswith="epcis_query").order_by("id")
    assert list(actions.values_list("action", "actor")) == [
        ("epcis_query.name", repository.actor),
        ("epcis_query.forget", repository.actor),
    ]


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        {"name": "x"},
        {"name": "a/b", "query": {}},
        {"name": "..", "query": {}},
        {"name": "x" * 201, "query": {}},
        {"name": "x", "query": []},
        {"name": "x", "query": {"unheard": 1}},
        {"name": "x", "query": {"EQ_action": "LOOK"}},
        {"name": "x", "query": {"EQ_readPoint": []}},
        {"name": "x", "query": {"EQ_readPoint": {"a": 1}}},
        {"name": "x", "query": {"GE_quantity": True}},
        {"name": "x", "query": {"EQ_stringValue": [None]}},
        {"name": "x", "query": {"EQ_stringValue": ["a\x00b"]}},
    ],
)
def test_a_query_that_is_not_right_gets_no_name(repository, body):
    answer = repository.post_json("queries", body)
    assert (answer.status_code, answer.json()["type"]) == (400, "epcisException:QueryValidationException")


def test_a_named_query_declares_the_prefixes_of_its_extensions(repository):
    context = ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld", {"ex": "https://ex.example/"}]
    repository.capture(document(event(1) | {"ex:n": 7}, event(2) | {"ex:n": 3}, context=context))
    definition = {"@context": {"my": "https://ex.example/"}, "GT_my:n": 5, "EXISTS_my:n": None}
    assert repository.post_json("queries", {"name": "big", "query": definition}).status_code == 201
    assert repository.ids(path="queries/big/events") == [event(1)["eventID"]]
    assert repository.ask("queries/big/events", {"stream": "true"}).status_code == 400
    assert repository.ask("queries/big/events", {"EQ_action": "ADD"}).status_code == 400


def test_subscriptions_are_listed_and_end_with_their_query_or_by_themselves(named, listener):
    first, second = (subscribe(named, listener).json()["subscriptionID"] for _ in range(2))
    path = "queries/shipped/subscriptions"
    page = named.ask(path, {"perPage": "1"})
    rest = named.get(page["Link"].partition(">")[0][1:])
    assert [row["subscriptionID"] for row in page.json() + rest.json()] == [first, second]
    assert named.delete(f"/epcis/{path}/{first}").status_code == 204
    assert named.ask(f"{path}/{first}").status_code == 404
    assert named.ask(f"{path}/x").status_code == 404
    assert named.options(f"/epcis/{path}/{second}").status_code == 204
    assert AuditEntry.objects.filter(action__startswith="epcis_subscription").count() == 3
    named.delete("/epcis/queries/shipped")
    assert not Subscription.objects.exists()
    assert not NamedQuery.objects.exists()


@pytest.mark.parametrize(
    "facts",
    [
        {"dest": 5},
        {"dest": "nonsense"},
        {"dest": "ftp://example.org/"},
        {"dest": "https://user@example.org/"},
        {"dest": "https://example.org:port/"},
        {"stream": False},
        {"stream": "yes"},
        {"schedule": {}},
        {"schedule": []},
        {"schedule": {"minute": "60"}},
        {"schedule": {"dayOfMonth": "31", "month": "2"}},
        {"schedule": {"fortnight": "1"}},
        {"signatureToken": 5},
        {"reportIfEmpty": "yes"},
        {"initialRecordTime": "yesterday"},
    ],
)
def test_a_subscription_that_is_not_right_is_refused(named, listener, facts):
    answer = subscribe(named, listener, **facts)
    assert (answer.status_code, answer.json()["type"]) == (400, "epcisException:SubscriptionControlsException")


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/",
        "https://127.0.0.1/",
        "https://10.1.2.3/x",
        "https://169.254.169.254/latest",
        "https://[::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://[fd00::1]/",
        "https://224.0.0.1/",
        "https://0.0.0.0/",
        "https://localhost/",
    ],
)
def test_outside_the_demo_our_own_network_is_never_called(settings, url):
    settings.PRIVATE_DESTINATIONS = False
    with pytest.raises(DestinationRefused):
        resolve(url)


def test_outside_the_demo_a_public_address_may_be_called(settings):
    settings.PRIVATE_DESTINATIONS = False
    assert check_form("https://example.org/hook?x=1").hostname == "example.org"
    assert resolve("https://1.1.1.1:8443/").port == 8443
    with pytest.raises(NotReached):
        resolve("https://nowhere.invalid/")


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [
        ({"hour": "1", "minute": "5"}, "2026-03-02T01:05:00"),
        ({"second": "0/30"}, "2026-03-01T12:30:30"),
        ({"hour": "[2-4],23"}, "2026-03-01T23:00:00"),
        ({"dayOfWeek": "1", "hour": 8}, "2026-03-02T08:00:00"),
        ({"dayOfMonth": "29", "month": "2"}, "2028-02-29T00:00:00"),
    ],
)
def test_a_schedule_comes_by_the_clocks_of_the_brand(schedule, expected):
    noon = dt.datetime.fromisoformat("2026-03-01T12:30:00+08:00")
    if "month" in schedule:
        schedule |= {"hour": "0"}
    found = next_time(read_schedule(schedule), noon, "Asia/Shanghai")
    assert found == dt.datetime.fromisoformat(f"{expected}+08:00")


@pytest.mark.parametrize("text", ["", "x", "5-", True, None, "7-3", "70/5"])
def test_a_schedule_of_other_texts_is_none(text):
    with pytest.raises(BadSchedule):
        read_schedule({"second": text})
