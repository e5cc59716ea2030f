"""The promise: claim, grants, reservation, ledger and bills, in one transaction or not at all."""

import datetime as dt
from dataclasses import dataclass

from django.db import connection, transaction

from codes.models import Opening
from rewards.models import Campaign, Claim, Grant, Prize, Reason
from rewards.refusals import BudgetExhausted, ClaimRefused
from rewards.services import budget, ledger
from rewards.services.ledger import move_of
from rewards.services.payouts import create_payouts
from stores.models import StoreOwner
from stores.services.counting import mark_day

POSTED_BY = "system:claims"
SURE_ENOUGH = 0.5
"""Confidence of the binding from which on the store's owner is paid."""

# A claim is written with its outcome; only a refused one may be written again. No row back: it was promised before.
WRITE_CLAIM = """
INSERT INTO rewards_claim (opening_id, brand_id, consumer_id, campaign_id, prize_id, state, reason, claimed_at)
VALUES (%(opening)s, %(brand)s, %(consumer)s, %(campaign)s, %(prize)s, %(state)s, %(reason)s, %(now)s)
ON CONFLICT (opening_id) DO UPDATE SET
    campaign_id = excluded.campaign_id, prize_id = excluded.prize_id,
    state = excluded.state, reason = excluded.reason, claimed_at = excluded.claimed_at
WHERE rewards_claim.state = 'refused'
RETURNING opening_id
"""


class NothingTaken(Exception):  # noqa: N818 - no fault: the next way of taking is tried
    """The budget gave nothing this way; the transaction is undone."""


@dataclass(frozen=True, slots=True)
class Win:
    """What an opening has won: the prize for the consumer, the campaign's share for the bound store's owner."""

    opening: Opening
    campaign: Campaign
    prize: Prize

    @property
    def owner(self) -> StoreOwner | None:
        """Who is paid beside the consumer; None where no store is bound surely enough, or it has no owner."""
        binding = self.opening.binding
        if not self.campaign.owner_share_fen or binding.store is None or binding.confidence < SURE_ENOUGH:
            return None
        return binding.store.owner

    @property
    def total_fen(self) -> int:
        """What must be reserved."""
        return self.prize.amount_fen + (self.campaign.owner_share_fen if self.owner else 0)


def promise(win: Win, *, now: dt.datetime) -> Claim | None:
    """Promise what was won; None where a promise was made on this opening before.

    Raises:
        BudgetExhausted: the campaign's free budget does not cover it.
    """
    for take in budget.WAYS:
        try:
            return promise_by(take, win, now)
        except NothingTaken:
            if budget.free_fen(win.campaign.pk) < win.total_fen:
                break
    raise BudgetExhausted


@transaction.atomic
def promise_by(take: budget.Take, win: Win, now: dt.datetime) -> Claim | None:
    """One attempt, with one way of taking from the budget. The claim's row decides races, so it comes first."""
    claim = claim_of(win.opening, now=now, state=Claim.State.PROMISED, campaign=win.campaign, prize=win.prize)
    if not write_claim(claim):
        return None
    slot = 0
    if win.total_fen:
        taken = take(win.campaign.pk, budget.home_slot(win.opening.pk), win.total_fen)
        if taken is None:
            raise NothingTaken
        slot = taken
    grants = Grant.objects.bulk_create(grants_of(win, claim, slot, now))
    claim.envelope = next((grant for grant in grants if grant.payee == Grant.Payee.CONSUMER), None)
    if grants:
        ledger.post(moves=[move_of(grant, Reason.PROMISE) for grant in grants], posted_by=POSTED_BY, now=now)
        create_payouts(grants=grants, now=now)
        if grants[0].store_id is not None:
            mark_day(store_id=grants[0].store_id, day=grants[0].day)
    return claim


def grants_of(win: Win, claim: Claim, slot: int, now: dt.datetime) -> list[Grant]:
    """The consumer's and the owner's, each only where there is something to pay."""
    owner = win.owner
    share = win.campaign.owner_share_fen
    grants = [
        Grant(payee=Grant.Payee.CONSUMER, consumer_id=claim.consumer_id, amount_fen=win.prize.amount_fen),
        Grant(payee=Grant.Payee.STORE_OWNER, store_owner=owner, amount_fen=share if owner else 0),
    ]
    for grant in grants:
        grant.brand_id, grant.campaign, grant.claim = claim.brand_id, win.campaign, claim
        grant.store_id, grant.day = win.opening.binding.store_id, win.opening.day
        grant.budget_slot, grant.promised_at = slot, now
    return [grant for grant in grants if grant.amount_fen]


def note_refusal(opening: Opening, refusal: ClaimRefused, *, now: dt.datetime) -> None:
    """Keep why this opening's envelope stayed closed. A promise made meanwhile stands."""
    write_claim(claim_of(opening, now=now, state=Claim.State.REFUSED, reason=refusal.code))


def claim_of(
    opening: Opening,
    *,
    now: dt.datetime,
    state: Claim.State,
    campaign: Campaign | None = None,
    prize: Prize | None = None,
    reason: str = "",
) -> Claim:
    """A claim of the opening's consumer, not yet written."""
    return Claim(
        opening=opening,
        brand_id=opening.brand_id,
        consumer_id=opening.consumer_id,
        campaign=campaign,
        prize=prize,
        state=state,
        reason=reason,
        claimed_at=now,
    )


def write_claim(claim: Claim) -> bool:
    """Whether the claim was written; not where the opening has a promise."""
    with connection.cursor() as cursor:
        cursor.execute(
            WRITE_CLAIM,
            {
                "opening": claim.opening_id,
                "brand": claim.brand_id,
                "consumer": claim.consumer_id,
                "campaign": claim.campaign_id,
                "prize": claim.prize_id,
                "state": claim.state,
                "reason": claim.reason,
                "now": claim.claimed_at,
            },
        )
        return cursor.fetchone() is not None
