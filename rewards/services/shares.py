"""What others than the opener get for an opening: the store's owner, its salesperson, who brought the opener."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rewards.models import Campaign, Grant
from rewards.selectors.claim_facts import OpeningFacts
from rewards.selectors.running import SURE_ENOUGH

Payee = Grant.Payee
COUNTED = frozenset({Payee.CONSUMER, Payee.STORE_OWNER, Payee.REDEEMER})
"""Whose money the store's figures count: what the store itself moved, and what it got for it."""


@dataclass(frozen=True, slots=True)
class Share:
    """An amount for one payee; `whose` names the person by the grant's column."""

    payee: Payee
    amount_fen: int
    whose: Mapping[str, Any]


def shares_of(opening: OpeningFacts, campaign: Campaign) -> list[Share]:
    """The campaign's shares for an opening, of those only who are there and get something.

    Owner and salesperson are those of the store, where it is bound surely enough.
    """
    sure = opening.store_id is not None and opening.confidence >= SURE_ENOUGH
    owner = opening.owner if sure else None
    salesperson = opening.salesperson_id if sure else None
    shares = [
        (owner, Share(Payee.STORE_OWNER, campaign.owner_share_fen, {"store_owner": owner})),
        (salesperson, Share(Payee.SALESPERSON, campaign.salesperson_share_fen, {"salesperson_id": salesperson})),
        (
            opening.referrer_id,
            Share(Payee.REFERRER, campaign.referrer_share_fen, {"consumer_id": opening.referrer_id}),
        ),
    ]
    return [share for person, share in shares if person is not None and share.amount_fen]
