"""docs/states.md, the enumeration, the database and the code name the same moves of a voucher."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.db import DatabaseError, transaction

from rewards.models import Voucher
from rewards.voucher_moves import CHANGES, MOVES, NEW, Cause, Move
from tests.factories.stores import NOON
from tests.factories.vouchers import won_voucher

STATES = set(Voucher.State.values)


def test_the_document_holds_the_moves_of_the_code_in_their_order() -> None:
    text = (Path(settings.BASE_DIR) / "docs" / "states.md").read_text()
    section = text.split("## Voucher\n")[1].split("\n## ")[0]
    rows = re.findall(r"^\| (\S+) \| (\S+) \| (\S+) \| (\S+) \|$", section, re.MULTILINE)[1:]
    told = [Move(before, after, Cause(cause), posting) for before, after, cause, posting in rows if before != "---"]
    assert told == list(MOVES)


def test_every_state_is_reached() -> None:
    assert {move.after for move in MOVES} == STATES
    assert {move.before for move in MOVES} == {NEW, "issued"}


def ended_as(state: str, store: object) -> dict[str, object]:
    is_redeemed, is_closed = state == "redeemed", state in {"lapsed", "cancelled"}
    return {
        "state": state,
        "redeemed_at": NOON if is_redeemed else None,
        "redeemed_store": store if is_redeemed else None,
        "redeemed_by": "user:a" if is_redeemed else "",
        "closed_at": NOON if is_closed else None,
        "remark": "stolen" if state == "cancelled" else "",
    }


@pytest.mark.django_db
def test_the_database_lets_pass_the_moves_of_the_code_and_no_other_and_deletes_nothing() -> None:
    voucher = won_voucher()
    for before in sorted(STATES):
        passed = set()
        for after in STATES - {before}:
            try:
                with transaction.atomic():
                    own = Voucher.objects.filter(pk=voucher.pk)
                    if before != "issued":
                        own.update(**ended_as(before, voucher.store))
                    own.update(**ended_as(after, voucher.store))
                    transaction.set_rollback(True)
            except DatabaseError:
                continue
            passed.add(after)
        assert passed == {after for state, after in CHANGES if state == before}, before
    with pytest.raises(DatabaseError, match="Cannot delete"), transaction.atomic():
        voucher.delete()
