"""docs/states.md, the database and the code name the same moves of orders and grants, and the first two of claims."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.db import DatabaseError, transaction

from codes.models import CodeOrder
from codes.models.order import CHANGES
from codes.services import ordering
from rewards.claim_moves import CLAIM_CHANGES, GRANT_CHANGES
from rewards.models import Claim, Grant
from tests.factories import triggers
from tests.factories.codes import make_order
from tests.factories.promises import market, promise
from tests.factories.stores import NOON

KINDS = [("Code order", CodeOrder, CHANGES), ("Claim", Claim, CLAIM_CHANGES), ("Grant", Grant, GRANT_CHANGES)]


def documented(title):
    """Pairs of different states in a section's table."""
    text = (Path(settings.BASE_DIR) / "docs" / "states.md").read_text()
    section = text.split(f"## {title}\n")[1].split("\n## ")[0]
    rows = re.findall(r"^\| (\w+) \| (\w+) \|", section, re.MULTILINE)
    return {(before, after) for before, after in rows if before not in ("from", after)}


@pytest.mark.parametrize(("title", "model", "changes"), KINDS)
def test_the_document_holds_the_moves_of_the_code(title, model, changes):
    assert documented(title) == set(changes)
    assert {state for change in changes for state in change} == set(model.State.values)


def test_the_order_s_steps_are_its_moves():
    steps = (ordering.REVIEW, ordering.RELEASE, ordering.EXPORT, ordering.CANCEL)
    assert {(str(before), str(step.target)) for step in steps for before in step.sources} == set(CHANGES)


def passed(row, changes_to):
    """The states that the database lets a row come to; its other constraints are not asked."""
    found = set()
    for state in type(row).State.values:
        try:
            with transaction.atomic():
                type(row).objects.filter(pk=row.pk).update(state=state, **changes_to(state))
                transaction.set_rollback(True)
        except DatabaseError:
            continue
        found.add(state)
    return found - {row.state}


def settled(state):
    return {"settled_at": NOON if state in {"paid", "released"} else None, "locked_until": NOON}


@pytest.mark.django_db
def test_the_database_lets_pass_no_other_move_of_an_order():
    order = make_order(state="draft")
    reviewed = {"reviewed_by": "user:reviewer"}
    walk = ("draft", "reviewed", "released", "exported")
    for state in walk:
        CodeOrder.objects.filter(pk=order.pk).update(state=state, **reviewed)
        order.refresh_from_db()
        assert passed(order, lambda _state: reviewed) == {after for before, after in CHANGES if before == state}


@pytest.mark.django_db
@pytest.mark.parametrize("state", Grant.State.values)
def test_the_database_lets_pass_no_other_move_of_a_grant(state):
    (grant,) = promise(market(), 1)
    with triggers.passed_by():
        Grant.objects.filter(pk=grant.pk).update(state=state, **settled(state))
    grant.refresh_from_db()
    assert passed(grant, settled) == {after for before, after in GRANT_CHANGES if before == state}
