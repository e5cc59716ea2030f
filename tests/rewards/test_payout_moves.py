"""docs/states.md, the enumeration, the database and the code name the same moves of a payout."""

import itertools
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.db import IntegrityError, ProgrammingError, transaction

from rewards.models import Payout, Posting
from rewards.moves import NEW, Move
from rewards.payout_moves import CHANGES, FINAL, MOVES, Cause, deserves_new_bill, move_on
from rewards.providers.interface import Outcome
from rewards.services.payouts import payout_of
from tests.factories.promises import market, promise
from tests.factories.stores import NOON

STATES = set(Payout.State.values)


def documented() -> list[Move]:
    """The rows of the payout's table."""
    text = (Path(settings.BASE_DIR) / "docs" / "states.md").read_text()
    section = text.split("## Payout\n")[1].split("\n## ")[0]
    rows = re.findall(r"^\| (\S+) \| (\S+) \| (\S+) \| (\S*) ?\|$", section, re.MULTILINE)[1:]
    return [Move(before, after, Cause(cause), posting) for before, after, cause, posting in rows if before != "---"]


def test_the_document_holds_the_moves_of_the_code_in_their_order() -> None:
    assert documented() == list(MOVES)


def test_every_state_of_the_enumeration_is_reached_and_left_as_the_moves_say() -> None:
    assert {move.after for move in MOVES} == STATES
    assert {move.before for move in MOVES} - {NEW} == STATES - FINAL


def test_every_posting_and_outcome_named_by_a_move_exists() -> None:
    assert {move.posting for move in MOVES if move.posting} <= set(Posting.Reason.values)
    assert {str(outcome) for outcome in Outcome} - {"not_found", "not_now"} <= STATES


@pytest.mark.django_db
@pytest.mark.parametrize("before", sorted(STATES))
def test_the_database_lets_pass_the_moves_of_the_code_and_no_other(before: str) -> None:
    one = row_in(before)
    passed = {after for after in STATES - {before} if moves_to(one, after)}
    assert passed == {after for state, after in CHANGES if state == before}


def row_in(state: str) -> Payout:
    """A payout written in `state` from the first."""
    (grant,) = promise(market())
    one = payout_of(grant, "wallet", created_at=NOON, next_at=NOON)
    one.state = state
    one.finished_at = NOON if state in FINAL else None
    one.save(force_insert=True)
    return one


def moves_to(one: Payout, after: str) -> bool:
    """Whether the row can be put to `after`; it is put back."""
    try:
        with transaction.atomic():
            Payout.objects.filter(pk=one.pk).update(state=after, finished_at=NOON if after in FINAL else None)
            transaction.set_rollback(True)
    except ProgrammingError:
        return False
    return True


@pytest.mark.django_db
def test_the_database_knows_no_other_state() -> None:
    with pytest.raises(IntegrityError, match="payout_state_known"):
        row_in("lost")


@pytest.mark.parametrize(("state", "outcome"), list(itertools.product(sorted(STATES - FINAL), Outcome)))
def test_an_answer_only_ever_causes_a_documented_move(state: str, outcome: Outcome) -> None:
    for may_resend in (False, True):
        move = move_on(state, outcome, may_resend=may_resend)
        assert move is None or (move in MOVES and move.before == state)


def test_only_an_unknown_bill_is_sent_again_and_only_when_it_may() -> None:
    again = [
        (state, may)
        for state in STATES - FINAL
        for may in (True, False)
        if (move := move_on(state, Outcome.NOT_FOUND, may_resend=may)) and move.after == "created"
    ]
    assert again == [("unknown", True)]


@pytest.mark.parametrize(
    ("payee_at_fault", "bills", "expected"), [(False, 1, True), (False, 2, True), (False, 3, False), (True, 1, False)]
)
def test_a_new_bill_is_made_up_to_three_times_unless_the_payee_is_at_fault(
    payee_at_fault: bool, bills: int, expected: bool
) -> None:
    assert deserves_new_bill(payee_at_fault=payee_at_fault, bills=bills) is expected
