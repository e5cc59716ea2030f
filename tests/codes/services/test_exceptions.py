"""Closing what does not fit."""

import threading

import pytest
from django.db import IntegrityError, connection, transaction

from codes.models import MovementSolution
from codes.selectors.exceptions import exceptions_of
from codes.services.exceptions import AlreadySolved, Finding, solve
from core.errors import Invalid, NotFound
from core.models import AuditEntry
from tests.factories.stores import NOON, BrandFactory, StoreFactory
from tests.factories.supply import make_packed_goods, moved

pytestmark = pytest.mark.django_db

SAID = {"actor": "user:ann", "now": NOON}


@pytest.fixture
def goods():
    return make_packed_goods()


@pytest.fixture
def movement(goods):
    """Received though never sent."""
    return moved("receive", StoreFactory(brand=goods.brand), goods.case(0))


@pytest.fixture
def exception(movement):
    return movement.exceptions.get()


def test_a_solution_closes_an_exception_and_is_audited(goods, movement, exception):
    other = moved("return", movement.store, goods.case(0))
    finding = Finding("corrected", "Sent on Monday, told today.", other.pk)
    solution = solve(brand=goods.brand, exception_id=exception.pk, finding=finding, **SAID)
    assert (solution.corrected_by, solution.solved_by, solution.solved_at) == (other, "user:ann", NOON)
    assert [list(exceptions_of(goods.brand.pk, state)) for state in ("solved", "all")] == [[exception]] * 2
    assert exception not in exceptions_of(goods.brand.pk)
    entry = AuditEntry.objects.get(action="movement_exception.solve")
    assert (entry.object_id, entry.after["outcome"], entry.after["corrected_by"]) == (
        str(exception.pk),
        "corrected",
        other.pk,
    )


def test_an_exception_is_solved_once(goods, exception):
    solve(brand=goods.brand, exception_id=exception.pk, finding=Finding("accepted"), **SAID)
    with pytest.raises(AlreadySolved):
        solve(brand=goods.brand, exception_id=exception.pk, finding=Finding("mistake"), **SAID)
    assert MovementSolution.objects.get().outcome == "accepted"


@pytest.mark.parametrize(
    ("outcome", "corrected_by", "remark", "field"),
    [
        ("forgotten", None, "", "outcome"),
        ("corrected", None, "", "corrected_by"),
        ("corrected", "itself", "", "corrected_by"),
        ("corrected", "another brand's", "", "corrected_by"),
        ("accepted", "other", "", "corrected_by"),
        ("accepted", None, "x" * 201, "remark"),
    ],
)
def test_a_finding_must_make_sense(goods, movement, exception, outcome, corrected_by, remark, field):
    strange = make_packed_goods()
    movements = {
        "itself": movement,
        "other": moved("ship", movement.store, goods.case(1)),
        "another brand's": moved("destroy", strange.brand, strange.case(0)),
    }
    finding = Finding(outcome, remark, movements[corrected_by].pk if corrected_by else None)
    with pytest.raises(Invalid) as refusal:
        solve(brand=goods.brand, exception_id=exception.pk, finding=finding, **SAID)
    assert list(refusal.value.fields) == [field]


def test_another_brand_s_exception_is_not_there(exception):
    with pytest.raises(NotFound):
        solve(brand=BrandFactory(), exception_id=exception.pk, finding=Finding("accepted"), **SAID)


def test_the_database_holds_that_a_correction_names_its_movement(exception):
    with pytest.raises(IntegrityError, match="movement_solution_names_correction"), transaction.atomic():
        MovementSolution.objects.create(exception=exception, outcome="corrected", solved_by="x", solved_at=NOON)


@pytest.mark.django_db(transaction=True)
def test_of_two_at_one_time_one_solves():
    goods = make_packed_goods()
    exception = moved("receive", StoreFactory(brand=goods.brand), goods.case(0)).exceptions.get()
    outcomes = []

    def close(outcome):
        try:
            solve(brand=goods.brand, exception_id=exception.pk, finding=Finding(outcome), **SAID)
            outcomes.append("solved")
        except AlreadySolved:
            outcomes.append("already")
        finally:
            connection.close()

    threads = [threading.Thread(target=close, args=[outcome]) for outcome in ("accepted", "mistake")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["already", "solved"]
