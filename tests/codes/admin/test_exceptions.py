import datetime as dt

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from codes.models import MovementException, MovementSolution
from core import clock
from tests.factories.stores import StoreFactory, UserFactory
from tests.factories.supply import make_packed_goods, moved

pytestmark = pytest.mark.django_db

LIST = "admin:codes_movementexception_changelist"


@pytest.fixture
def goods():
    return make_packed_goods()


@pytest.fixture
def exceptions(goods):
    """Three cases that a store has received though they were never sent; the first is the oldest."""
    store = StoreFactory(brand=goods.brand)
    ago = [clock.now() - dt.timedelta(days=days) for days in (9, 2, 0)]
    return [moved("receive", store, goods.case(n), at=at).exceptions.get() for n, at in enumerate(ago)]


def signed_in(client, brand, *rights):
    user = UserFactory(brand=brand, is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=rights))
    client.force_login(user)
    return user


def chosen(client, rows, **answers):
    body = {"action": "solve", "_selected_action": [row.pk for row in rows], **answers}
    return client.post(reverse(LIST), body, follow=True, headers={"accept-language": "en"})


def listed(client, **query):
    return list(client.get(reverse(LIST), query).context["cl"].result_list)


def test_open_ones_come_first_and_the_list_is_filtered(client, goods, exceptions):
    signed_in(client, goods.brand, "view_movementexception", "solve_movementexception")
    first, second, third = exceptions
    chosen(client, [third], outcome="accepted", confirmed="yes")
    assert listed(client) == [second, first, third]
    assert listed(client, state="open") == [second, first]
    assert listed(client, state="solved") == [third]
    assert listed(client, age="7") == [first]
    assert listed(client, age="x") == listed(client, state="y") == [second, first, third]
    assert listed(client, kind__exact="short") == []
    assert listed(client, movement__store__id__exact=first.movement.store_id) == [second, first, third]


def test_many_are_solved_at_once_after_a_question(client, goods, exceptions):
    user = signed_in(client, goods.brand, "view_movementexception", "solve_movementexception")
    assert chosen(client, exceptions).status_code == 200
    assert not MovementSolution.objects.exists()
    chosen(client, exceptions, outcome="written_off", remark="Stock-taking", confirmed="yes")
    found = MovementSolution.objects.values_list("outcome", "remark", "solved_by")
    assert list(found) == [("written_off", "Stock-taking", f"user:{user.username}")] * 3


def test_what_was_solved_meanwhile_is_told_and_the_rest_goes_on(client, goods, exceptions):
    signed_in(client, goods.brand, "view_movementexception", "solve_movementexception")
    chosen(client, exceptions[:1], outcome="mistake", confirmed="yes")
    page = chosen(client, exceptions, outcome="accepted", confirmed="yes")
    said = [str(message) for message in page.context["messages"]]
    assert [("already" in text, "2 done" in text) for text in said] == [(True, False), (False, True)]


def test_a_correction_that_there_is_not_is_told(client, goods, exceptions):
    signed_in(client, goods.brand, "view_movementexception", "solve_movementexception")
    chosen(client, exceptions[:1], outcome="corrected", corrected_by="999999", confirmed="yes")
    assert not MovementSolution.objects.exists()


def test_who_may_only_look_is_offered_no_solving(client, goods, exceptions):
    signed_in(client, goods.brand, "view_movementexception")
    page = client.get(reverse(LIST))
    assert 'value="solve"' not in page.content.decode()
    chosen(client, exceptions, outcome="accepted", confirmed="yes")
    assert not MovementSolution.objects.exists()


def test_another_brand_s_exceptions_are_not_there(client, exceptions):
    signed_in(client, make_packed_goods().brand, "view_movementexception", "solve_movementexception")
    assert listed(client) == []
    address = reverse("admin:codes_movementexception_change", args=[exceptions[0].pk])
    assert client.get(address).status_code == 404
    chosen(client, exceptions, outcome="accepted", confirmed="yes")
    assert not MovementSolution.objects.exists()


def test_the_page_of_one_tells_units_and_solution(client, goods, exceptions):
    signed_in(client, goods.brand, "view_movementexception", "solve_movementexception", "view_exceptionline")
    address = reverse("admin:codes_movementexception_change", args=[exceptions[0].pk])
    assert client.get(address).status_code == 200
    assert MovementException.objects.count() == 3
