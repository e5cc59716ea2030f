import datetime as dt

import pytest
import time_machine
from django.test import RequestFactory

from bench.statements import statements_of
from consumers.models import Consumer
from consumers.session import (
    IN_SESSION,
    SESSION_COOKIE,
    VISITOR_COOKIE,
    address_of,
    consumer_of,
    require_consumer,
    token_for,
    visitor_of,
)
from core.errors import NotSignedIn
from tests.factories.consumers import ConsumerFactory
from tests.factories.stores import NOON


def request(cookies=None, **meta):
    made = RequestFactory().get("/", **meta)
    made.COOKIES.update(cookies or {})
    return made


def bearer(token, **rest):
    return request(HTTP_AUTHORIZATION=f"Bearer {token}", **rest)


def visitor_cookie(client):
    return {VISITOR_COOKIE: client.cookies[VISITOR_COOKIE].value}


@pytest.fixture
def consumer(db):
    return ConsumerFactory()


def test_a_bearer_token_or_the_cookie_signs_in(consumer):
    token = token_for(consumer)
    assert consumer_of(bearer(token)) == consumer
    assert consumer_of(request({SESSION_COOKIE: token})) == consumer


def test_without_either_nobody_is_signed_in(db):
    assert consumer_of(request()) is None
    with pytest.raises(NotSignedIn):
        require_consumer(request())


@pytest.mark.parametrize("token", ["x", "a.b.c", "0" * 32 + ".0"])
def test_a_forged_bearer_token_is_refused_and_a_forged_cookie_ignored(consumer, token):
    with pytest.raises(NotSignedIn):
        consumer_of(bearer(token))
    assert consumer_of(request({SESSION_COOKIE: token})) is None


def test_another_scheme_is_no_session(consumer):
    assert consumer_of(request(HTTP_AUTHORIZATION=f"Basic {token_for(consumer)}")) is None


def test_a_session_ends_when_the_epoch_moves_on(consumer):
    token = token_for(consumer)
    Consumer.objects.update(session_epoch=1)
    assert consumer_of(request({SESSION_COOKIE: token})) is None


def test_a_session_ends_after_ninety_days(consumer):
    with time_machine.travel(NOON):
        token = token_for(consumer)
    with time_machine.travel(NOON + dt.timedelta(days=91)):
        assert consumer_of(request({SESSION_COOKIE: token})) is None


def test_the_consumer_is_read_once_per_request(consumer):
    signed_in = bearer(token_for(consumer))
    heard = statements_of(lambda: [consumer_of(signed_in), consumer_of(signed_in)])
    assert [query for query, _ in heard if query != "BEGIN"] == [IN_SESSION]


def test_a_new_browser_gets_a_name_and_keeps_it(client, db):
    client.post("/api/v1/scans", {"code": "x"}, content_type="application/json")
    cookie = client.cookies[VISITOR_COOKIE]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    name = visitor_of(request(visitor_cookie(client)))
    client.post("/api/v1/scans", {"code": "x"}, content_type="application/json")
    assert visitor_of(request(visitor_cookie(client))) == name


def test_a_forged_visitor_is_given_another_name(db):
    name = visitor_of(request({VISITOR_COOKIE: "somebody:else"}))
    assert name != "somebody"
    assert len(name) <= 40


def test_the_name_is_the_same_for_the_whole_request(db):
    asked = request()
    assert visitor_of(asked) == visitor_of(asked)


def test_a_program_with_a_token_and_no_cookie_is_named_after_its_consumer(consumer):
    assert visitor_of(bearer(token_for(consumer))) == f"c{consumer.pk.hex}"


def test_a_program_without_cookies_is_known_again_by_its_idempotency_key(db):
    one, same = request(HTTP_IDEMPOTENCY_KEY="k1"), request(HTTP_IDEMPOTENCY_KEY="k1")
    assert visitor_of(one) == visitor_of(same)
    assert visitor_of(one) != visitor_of(request(HTTP_IDEMPOTENCY_KEY="k2"))
    assert visitor_of(one) != visitor_of(request(HTTP_IDEMPOTENCY_KEY="k1", REMOTE_ADDR="10.0.0.9"))


def test_the_address_is_the_connections_own_without_proxies():
    assert address_of(request(REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR="1.2.3.4")) == "10.0.0.1"


def test_behind_proxies_the_address_is_the_one_that_the_outermost_saw(settings):
    settings.TRUSTED_PROXIES = 2
    asked = request(REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR="6.6.6.6, 1.2.3.4, 10.0.0.2")
    assert address_of(asked) == "1.2.3.4"


@pytest.mark.parametrize("forwarded", ["", "not an address, 10.0.0.2"])
def test_a_forwarded_header_that_is_short_or_garbled_is_not_believed(settings, forwarded):
    settings.TRUSTED_PROXIES = 2
    expected = None if forwarded else "10.0.0.1"
    assert address_of(request(REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR=forwarded)) == expected


def test_a_socket_without_an_address_has_none():
    assert address_of(request(REMOTE_ADDR="")) is None
