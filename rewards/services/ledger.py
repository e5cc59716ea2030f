"""Writing the double-entry ledger. Everything that moves money goes through `post` or `reverse`.

A claim alone writes its `rows_of` together with what they are for (`promise_rows`).
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from rewards.models import Account, Campaign, Grant, Posting
from rewards.models.ledger import ROUTES, AccountKind, Reason

REVERSED_BY = {Reason.PROMISE: Reason.RELEASE, Reason.SEND: Reason.FAIL}


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """Money to be moved inside one campaign; the reason says from which account to which (`ROUTES`).

    `amount_fen` is positive. A payout's moves (SEND, PAY) name the payout beside the grant.
    """

    reason: Reason
    brand_id: int
    campaign_id: int
    amount_fen: int
    grant_id: UUID | None = None
    payout_id: UUID | None = None


def move_of(grant: Grant, reason: Reason, *, payout_id: UUID | None = None) -> Move:
    """A move of a grant's whole amount."""
    return Move(
        reason=reason,
        brand_id=grant.brand_id,
        campaign_id=grant.campaign_id,
        amount_fen=grant.amount_fen,
        grant_id=grant.pk,
        payout_id=payout_id,
    )


def open_accounts(*, campaign: Campaign) -> None:
    """Create the campaign's six accounts, unless they exist."""
    Account.objects.bulk_create(
        [
            Account(id=Account.id_of(campaign.pk, kind), brand_id=campaign.brand_id, campaign=campaign, kind=kind)
            for kind in AccountKind
        ],
        ignore_conflicts=True,
    )


def post(*, moves: Sequence[Move], posted_by: str, now: dt.datetime) -> list[Posting]:
    """Append one posting per move, all by one statement, inside the caller's transaction.

    Raises:
        IntegrityError: a second promise, payment or release of one grant; a second move of one payout for one
            reason; an amount that isn't positive; a campaign without accounts (it was never funded).
    """
    return Posting.objects.bulk_create(Posting(**row) for row in rows_of(moves, posted_by=posted_by, now=now))


def rows_of(moves: Sequence[Move], *, posted_by: str, now: dt.datetime) -> list[dict[str, Any]]:
    """The postings of these moves by column name, not yet written; their ids come from the database."""
    return [
        {
            "brand_id": move.brand_id,
            "from_account_id": Account.id_of(move.campaign_id, ROUTES[move.reason][0]),
            "to_account_id": Account.id_of(move.campaign_id, ROUTES[move.reason][1]),
            "amount_fen": move.amount_fen,
            "reason": move.reason,
            "grant_id": move.grant_id,
            "payout_id": move.payout_id,
            "posted_by": posted_by,
            "posted_at": now,
        }
        for move in moves
    ]


def reverse(*, postings: Sequence[Posting], posted_by: str, now: dt.datetime) -> list[Posting]:
    """Append the exact opposite of each posting, naming it: a promise becomes RELEASE, a send FAIL, others CORRECT.

    Raises:
        IntegrityError: one of them has been reversed before.
    """
    return Posting.objects.bulk_create(
        [
            Posting(
                brand_id=posting.brand_id,
                from_account_id=posting.to_account_id,
                to_account_id=posting.from_account_id,
                amount_fen=posting.amount_fen,
                reason=REVERSED_BY.get(Reason(posting.reason), Reason.CORRECT),
                grant_id=posting.grant_id,
                payout_id=posting.payout_id,
                reverses=posting,
                posted_by=posted_by,
                posted_at=now,
            )
            for posting in postings
        ]
    )
