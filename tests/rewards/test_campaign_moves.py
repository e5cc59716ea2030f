"""docs/states.md, the enumeration, the database and the code name the same moves of a campaign."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.db import DatabaseError, IntegrityError, transaction

from rewards.campaign_moves import CHANGES, LIVE, MOVES, OPEN, OVER, Cause
from rewards.models import Campaign, Prize
from rewards.moves import NEW, Move
from tests.factories.campaigns import active_order, draft, under_review
from tests.factories.stores import NOON

STATES = set(Campaign.State.values)
SEALED = {"units": 10, "commitment": "c" * 64}
FAR = NOON.replace(year=2999)
EYES = {"submitted_by": "user:a", "published_by": "user:b"}


def documented() -> list[Move]:
    """The rows of the campaign's table."""
    text = (Path(settings.BASE_DIR) / "docs" / "states.md").read_text()
    section = text.split("## Campaign\n")[1].split("\n## ")[0]
    rows = re.findall(r"^\| (\S+) \| (\S+) \| (\S+) \|$", section, re.MULTILINE)[1:]
    return [Move(before, after, Cause(cause)) for before, after, cause in rows if before != "---"]


def test_the_document_holds_the_moves_of_the_code_in_their_order() -> None:
    assert documented() == list(MOVES)


def test_every_state_of_the_enumeration_is_reached_and_left_as_the_moves_say() -> None:
    assert {move.after for move in MOVES} == STATES == OPEN | LIVE | OVER
    assert {move.before for move in MOVES} - {NEW} == STATES - {"settled"}


def row_in(state: str) -> Campaign:
    """A campaign written in `state` from the first."""
    return row_with(columns_in(state))


def row_with(columns: dict[str, object]) -> Campaign:
    """A published campaign, but for these columns."""
    campaign = draft(active_order())
    campaign.pk = None
    for name, value in (SEALED | EYES | {"state": "published"} | columns).items():
        setattr(campaign, name, value)
    campaign.save(force_insert=True)
    return campaign


def columns_in(state: str) -> dict[str, object]:
    over = state in OVER
    return {
        "state": state,
        "ended_at": FAR if over else None,
        "settled_at": FAR if state == "settled" else None,
    }


def moves_to(one: Campaign, after: str) -> bool:
    """Whether the row can be put to `after`; it is put back."""
    try:
        with transaction.atomic():
            Campaign.objects.filter(pk=one.pk).update(**columns_in(after))
            transaction.set_rollback(True)
    except DatabaseError:
        return False
    return True


@pytest.mark.django_db
@pytest.mark.parametrize("before", sorted(STATES))
def test_the_database_lets_pass_the_moves_of_the_code_and_no_other(before: str) -> None:
    one = row_in(before)
    passed = {after for after in STATES - {before} if moves_to(one, after)}
    assert passed == {after for state, after in CHANGES if state == before}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("constraint", "columns"),
    [
        ("campaign_state_known", {"state": "lost"}),
        ("campaign_four_eyes", {"published_by": "user:a"}),
        ("campaign_four_eyes", {"published_by": ""}),
        ("campaign_four_eyes", {"state": "review", "submitted_by": ""}),
        ("campaign_published_is_sealed", {"commitment": ""}),
        ("campaign_published_has_terms", {"terms": ""}),
        ("campaign_published_has_terms", {"organiser": ""}),
        ("campaign_ended_when_over", {"ended_at": NOON}),
        ("campaign_settled_when_settled", {"settled_at": NOON}),
    ],
)
def test_no_row_says_what_cannot_be(constraint: str, columns: dict[str, object]) -> None:
    with pytest.raises(IntegrityError, match=constraint):
        row_with(columns)


@pytest.mark.django_db
def test_nothing_of_a_published_campaign_gets_worse_but_more_is_welcome() -> None:
    one = row_in("running")
    worse = {
        "name": "x",
        "name_en": "x",
        "terms": "x",
        "organiser": "x",
        "starts_at": NOON,
        "ends_at": NOON,
        "units": 1,
        "sealed_key": b"x",
        "commitment": "x",
        "budget_fen": one.budget_fen - 1,
    }
    for name, value in worse.items():
        with pytest.raises(IntegrityError, match="nothing of it may get worse"), transaction.atomic():
            Campaign.objects.filter(pk=one.pk).update(**{name: value})
    more = {"budget_fen": one.budget_fen + 1, "owner_share_fen": 1, "ends_at": FAR}
    assert Campaign.objects.filter(pk=one.pk).update(**more) == 1


@pytest.mark.django_db
def test_a_published_campaign_is_neither_deleted_nor_ended_with_time_and_prizes_left() -> None:
    one = row_in("running")
    with pytest.raises(DatabaseError), transaction.atomic():
        Campaign.objects.filter(pk=one.pk).delete()
    with pytest.raises(IntegrityError, match="may not end before its time"), transaction.atomic():
        Campaign.objects.filter(pk=one.pk).update(state="ended", ended_at=NOON)


@pytest.mark.django_db
def test_prizes_are_sealed_with_the_publication_and_cannot_move_to_or_from_it() -> None:
    one, other = row_in("published"), under_review(active_order())
    Prize.objects.filter(campaign=other).update(amount_fen=50)
    for change in (
        lambda: Prize.objects.create(campaign=one, name="x", amount_fen=1, quantity=1, rank=9),
        lambda: Prize.objects.filter(campaign=other).update(campaign=one),
    ):
        with pytest.raises(IntegrityError, match="sealed"), transaction.atomic():
            change()
