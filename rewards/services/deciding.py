"""What people make of held claims: let pass, or refused; and what happens when nobody decides in time."""

import datetime as dt
from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _

from core import audit
from core.errors import Invalid, NotFound
from core.sweeping import go_through
from rewards.models import Claim, Grant, RiskReview, RiskRule, Voucher
from rewards.refusals import DecidedOtherwise
from rewards.selectors.claim_facts import BY_REVIEW
from rewards.services.grants import release_grant
from rewards.services.payouts import create_payouts
from rewards.services.tallying import give_back, uncount
from rewards.services.unlocking import unlock
from rewards.services.vouchers import end_of, redeeming_store_of, voucher_of
from stores.figures import DayKey
from stores.models import Brand
from stores.services.counting import mark_days

BY_TIME = "system:risk"
LONGEST_REMARK = 1_000
AT_ONCE = 100
State = RiskReview.State


@transaction.atomic
def release_held(*, brand: Brand, claim_id: int, remark: str, actor: str, now: dt.datetime) -> RiskReview:
    """Let a held claim pass: its promise holds from now on, and its bills are made. Said again, nothing happens.

    Raises:
        NotFound: the brand has no such held claim.
        DecidedOtherwise: it was refused.
        Invalid: no remark, or more than 1,000 characters.
    """
    review = locked(brand, claim_id, State.RELEASED, remark)
    if review.state == State.OPEN:
        Claim.objects.filter(pk=claim_id).update(state=Claim.State.PROMISED)
        promise_held(Claim.objects.select_related("prize").get(pk=claim_id), now=now)
        decide(review, State.RELEASED, remark, actor=actor, now=now)
    return review


@transaction.atomic
def refuse_held(*, brand: Brand, claim_id: int, remark: str, actor: str, now: dt.datetime) -> RiskReview:
    """Refuse a held claim for good: its money goes back to the budget. Said again, nothing happens.

    Raises:
        NotFound, DecidedOtherwise, Invalid: as `release_held`; it was let pass.
    """
    review = locked(brand, claim_id, State.REFUSED, remark)
    if review.state == State.OPEN:
        grants = held_grants(claim_id)
        for grant in grants:
            release_grant(grant=grant, reason=BY_REVIEW, posted_by=actor, now=now)
        mark_days(DayKey(grant.store_id, grant.day) for grant in grants if grant.store_id is not None)
        give_back(grants)
        uncount(claim_id)
        Claim.objects.filter(pk=claim_id).update(state=Claim.State.REFUSED, prize=None, reason=BY_REVIEW)
        decide(review, State.REFUSED, remark, actor=actor, now=now)
    return review


def decide_overdue(*, now: dt.datetime, at_once: int = AT_ONCE) -> int:
    """Decide all held claims whose time is over, as their brands chose, `at_once` read together. How many were decided.

    Each is tried once, in a transaction of its own; one that somebody decides at this moment stays as that person
    decided, and one that can't be decided is gone past.
    """
    due = RiskReview.objects.filter(state=State.OPEN, decides_by__lte=now)
    due = due.select_related("brand__risk_rule").order_by("pk")
    decided, reached = 0, 0
    while reviews := list(due.filter(pk__gt=reached)[:at_once]):
        decided += go_through(reviews, partial(decide_by_time, now=now), sweep="risk.decide")
        reached = reviews[-1].pk
    return decided


def decide_by_time(review: RiskReview, *, now: dt.datetime) -> None:
    """As its brand chose for what nobody decides. Raises what `release_held` and `refuse_held` do."""
    rule = getattr(review.brand, "risk_rule", None)
    refuses = rule is not None and rule.after_time == RiskRule.AfterTime.REFUSE
    work = refuse_held if refuses else release_held
    work(brand=review.brand, claim_id=review.claim_id, remark="Nobody decided in time.", actor=BY_TIME, now=now)


def locked(brand: Brand, claim_id: int, wanted: RiskReview.State, remark: str) -> RiskReview:
    """The brand's held claim: open, or decided as `wanted`. Nobody else decides it until the transaction ends.

    Raises:
        NotFound, DecidedOtherwise, Invalid: see `release_held`.
    """
    if not 1 <= len(remark.strip()) <= LONGEST_REMARK:
        raise Invalid(fields={"remark": [_("Between 1 and %(most)d characters.") % {"most": LONGEST_REMARK}]})
    review = RiskReview.objects.select_for_update().filter(brand=brand, claim_id=claim_id).first()
    if review is None:
        raise NotFound
    if review.state not in (State.OPEN, wanted):
        raise DecidedOtherwise
    return review


def held_grants(claim_id: int) -> list[Grant]:
    """What was set aside for a claim. All of it came from one slot of the budget."""
    return list(Grant.objects.filter(claim=claim_id, state=Grant.State.HELD).select_related("store_owner"))


def promise_held(claim: Claim, *, now: dt.datetime) -> None:
    """What was set aside for a claim that was let pass is promised, or waits as its prize does, from now on."""
    assert claim.prize is not None
    waits = Grant.Payee.REDEEMER if claim.prize.is_voucher else Grant.Payee.CONSUMER if claim.prize.is_locked else None
    grants = held_grants(claim.pk)
    for grant in grants:
        is_locked = grant.payee == waits
        grant.state = Grant.State.LOCKED if is_locked else Grant.State.PROMISED
        grant.locked_until = end_of(claim.prize, now) if is_locked else None
        grant.promised_at = now
    Grant.objects.bulk_update(grants, ["state", "locked_until", "promised_at"])
    if claim.prize.is_voucher:
        store_id = redeeming_store_of(claim)
        locked = [grant for grant in grants if grant.payee == waits]
        Voucher.objects.bulk_create(voucher_of(claim, grant, store_id, now) for grant in locked)
    create_payouts(grants=[grant for grant in grants if grant.payee != waits], now=now)
    unlock(claim=claim, now=now)


def decide(review: RiskReview, state: RiskReview.State, remark: str, *, actor: str, now: dt.datetime) -> None:
    """Write the decision down, and tell the audit trail."""
    review.state, review.remark, review.decided_by, review.decided_at = state, remark.strip(), actor, now
    review.save(update_fields=["state", "remark", "decided_by", "decided_at"])
    audit.record(
        actor=actor,
        action=f"risk_review.{state}",
        subject=review,
        at=now,
        brand_slug=review.brand.slug,
        before={"state": State.OPEN.value, "score": review.score, "rules": review.rules},
        after={"state": str(state), "remark": review.remark},
    )
