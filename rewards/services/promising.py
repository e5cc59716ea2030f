"""The promise: claim, grants, reservation, ledger and bills, in one transaction or not at all."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from core.bell import ring_on_commit
from rewards.models import Campaign, Claim, Grant, Prize, Reason
from rewards.refusals import BudgetExhausted, ClaimRefused
from rewards.risk.judging import Outcome
from rewards.selectors.claim_facts import OpeningFacts
from rewards.selectors.running import SURE_ENOUGH
from rewards.services import budget, ledger
from rewards.services.judged import Judged
from rewards.services.ledger import move_of
from rewards.services.payees import accounts_among
from rewards.services.payouts import POSTED_BY as BILLED_BY
from rewards.services.payouts import SETTLE_DUE, payouts_of, sends_of
from rewards.services.promise_rows import Promise, PromisedBefore, Tallied, write_promise, write_refusal
from rewards.services.shares import COUNTED, Share, shares_of
from rewards.services.vouchers import prize_grant, redeeming_store, voucher_of
from stores.services.counting import COUNT_PENDING

POSTED_BY = "system:claims"


class NothingTaken(Exception):  # noqa: N818 - no fault: the next way of taking is tried
    """The budget gave nothing this way; the transaction is undone."""


@dataclass(frozen=True, slots=True)
class Win:
    """What an opening has won: the prize for the consumer, and the campaign's shares for others."""

    opening: OpeningFacts
    campaign: Campaign
    prize: Prize
    amount_fen: int
    """Of the prize."""

    @property
    def shares(self) -> list[Share]:
        """What others get beside the consumer."""
        return shares_of(self.opening, self.campaign)

    @property
    def tallied(self) -> Tallied | None:
        """What limits and narrower budgets look at; None where the campaign has none."""
        if not self.campaign.is_tallied:
            return None
        return Tallied(self.opening.store_id if self.opening.confidence >= SURE_ENOUGH else None)

    @property
    def total_fen(self) -> int:
        """What must be reserved."""
        return self.amount_fen + sum(share.amount_fen for share in self.shares)


def promise(win: Win, *, now: dt.datetime, found: Judged) -> Claim | None:
    """Promise what was won; None where a promise was made on this opening before.

    `found` is what the risk rules said. Where they hold the claim, the money is reserved as for any promise, but no
    bill is made: it waits for `rewards.services.deciding`.

    Raises:
        BudgetExhausted: the campaign's free budget does not cover it.
        ClaimRefused: one of its limits or narrower budgets is reached.
    """
    for take in budget.WAYS:
        try:
            return promise_by(take, win, now, found)
        except PromisedBefore:
            return None
        except NothingTaken:
            if budget.free_fen(win.campaign.pk) < win.total_fen:
                break
    raise BudgetExhausted


def promise_by(take: budget.Take | None, win: Win, now: dt.datetime, found: Judged) -> Claim:
    """One attempt, with one way of taking from the budget. The claim's row decides races; whoever loses gives back.

    Raises:
        NothingTaken, PromisedBefore: nothing was written.
    """
    if take is None:
        return write(win, None if win.total_fen else 0, now, found)
    with transaction.atomic():
        slot = take(win.campaign.pk, budget.home_slot(win.opening.serial), win.total_fen)
        if slot is None:
            raise NothingTaken
        return write(win, slot, now, found)


def write(win: Win, slot: int | None, now: dt.datetime, found: Judged) -> Claim:
    """Claim, grants, their bills and the ledger's postings, by one statement; workers are rung for on commit."""
    held = found.outcome is Outcome.HOLD
    state = Claim.State.HELD if held else Claim.State.PROMISED
    claim = claim_of(win.opening, now=now, state=state, campaign=win.campaign, prize=win.prize)
    promised = promise_rows(win, claim, slot, now, found)
    paid_from = write_promise(promised, home=budget.home_slot(win.opening.serial))
    if paid_from is None:
        raise NothingTaken
    grants = promised.grants
    for grant in grants:
        grant.budget_slot = paid_from
    if promised.payouts:
        ring_on_commit(SETTLE_DUE)
    if grants and grants[0].store_id is not None:
        ring_on_commit(COUNT_PENDING)
    claim.envelope = next((grant for grant in grants if grant.payee == Grant.Payee.CONSUMER), None)
    claim.voucher = next(iter(promised.vouchers), None)
    return claim


def promise_rows(win: Win, claim: Claim, slot: int | None, now: dt.datetime, found: Judged) -> Promise:
    """All rows of the promise: grants, the bills of those that are due, a voucher, their postings, the judgement."""
    grants = grants_of(win, claim, now)
    due = [grant for grant in grants if grant.state == Grant.State.PROMISED]
    payouts = payouts_of(due, accounts_among(due, win.opening.accounts), now=now)
    vouchers = [
        voucher_of(claim, grant, redeeming_store(win.opening), now)
        for grant in grants
        if grant.payee == Grant.Payee.REDEEMER and grant.state == Grant.State.LOCKED
    ]
    postings = [
        *ledger.rows_of([move_of(grant, Reason.PROMISE) for grant in grants], posted_by=POSTED_BY, now=now),
        *ledger.rows_of(sends_of(payouts), posted_by=BILLED_BY, now=now),
    ]
    return Promise(
        claim,
        grants,
        payouts,
        postings,
        amount_fen=win.total_fen,
        slot=slot,
        vouchers=vouchers,
        tallied=win.tallied,
        **risk_rows(found, claim),
    )


def grants_of(win: Win, claim: Claim, now: dt.datetime) -> list[Grant]:
    """The prize's and those of the shares, each only where there is something to pay."""
    grants = [
        prize_grant(win.prize, win.amount_fen, claim.consumer_id, now),
        *(Grant(payee=share.payee, amount_fen=share.amount_fen, **share.whose) for share in win.shares),
    ]
    for grant in grants:
        grant.brand_id, grant.campaign, grant.claim = claim.brand_id, win.campaign, claim
        grant.store_id = win.opening.store_id if grant.payee in COUNTED else None
        grant.day = win.opening.day
        grant.promised_at = now
        if claim.state == Claim.State.HELD:
            grant.state, grant.locked_until = Grant.State.HELD, None
    return [grant for grant in grants if grant.amount_fen]


def risk_rows(found: Judged, claim: Claim) -> dict[str, Any]:
    """The judgement's rows, where there are any."""
    return {"judgements": found.judgement_rows(claim), "reviews": found.review_rows(claim)}


def note_refusal(
    opening: OpeningFacts, refusal: ClaimRefused, *, now: dt.datetime, found: Judged | None = None
) -> None:
    """Keep why this opening's envelope stayed closed, and what the risk rules said. A promise made meanwhile stands."""
    claim = claim_of(opening, now=now, state=Claim.State.REFUSED, reason=refusal.code)
    write_refusal(claim, judgements=found.judgement_rows(claim) if found else ())


def claim_of(
    opening: OpeningFacts,
    *,
    now: dt.datetime,
    state: Claim.State,
    campaign: Campaign | None = None,
    prize: Prize | None = None,
    reason: str = "",
) -> Claim:
    """A claim of the opening's consumer, not yet written."""
    return Claim(
        opening_id=opening.serial,
        brand_id=opening.brand_id,
        consumer_id=opening.consumer_id,
        campaign=campaign,
        prize=prize,
        state=state,
        reason=reason,
        claimed_at=now,
    )
