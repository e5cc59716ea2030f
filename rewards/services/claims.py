"""Opening an envelope: whose scan, whose opening, which campaign, which prize; then the promise."""

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from codes.formats.code_text import Role
from codes.models import Scan
from codes.models.scan import Verdict
from codes.services import binding
from consumers.models import Consumer
from consumers.services.limits import allowance_of
from core import clock
from core.errors import NotFound
from core.limits import OnLoss, spend
from rewards.models import Claim
from rewards.refusals import (
    CampaignEnded,
    CampaignNotStarted,
    ClaimRefused,
    DayCeiling,
    Frozen,
    Held,
    NoCampaign,
    NotActivated,
    NotGenuine,
    NotInScope,
    NotRewardMark,
    OpenedByAnother,
    Recalled,
    RiskRefused,
    Sampled,
    ScanAgain,
    Voided,
)
from rewards.risk.judging import Outcome
from rewards.selectors.claim_facts import BY_REVIEW, ClaimFacts, OpeningFacts, claim_facts
from rewards.selectors.draws import draw_of
from rewards.selectors.precedence import Candidate, Standing, candidates
from rewards.services.judged import Judged, judged
from rewards.services.promising import Win, note_refusal, promise
from rewards.services.providers import present_pace
from rewards.services.unlocking import promise_unlocking

GENUINE = (Verdict.GENUINE_FIRST, Verdict.GENUINE_REPEAT)
NOT_NOW: dict[str, type[ClaimRefused]] = {
    "issued": NotActivated,
    "voided": Voided,
    "frozen": Frozen,
    "recalled": Recalled,
}


def open_claim(*, scan_id: UUID, consumer: Consumer, visitor: str, now: dt.datetime) -> Claim:
    """Open the envelope of a scanned item. Done again by the same consumer, it answers the same claim.

    `claim.claimed_at == now` tells that it was this call that opened it.

    Raises:
        NotFound: no such scan of this consumer or browser.
        TooManyRequests, Unavailable: the consumer's allowance is spent, or can't be counted.
        ClaimRefused: see rewards.refusals. From when on an opening exists, the refusal is kept with it.
    """
    spend([allowance_of("claim.person", str(consumer.pk))], on_loss=OnLoss.REFUSE)
    facts = own_facts(scan_id, consumer, visitor, now)
    require_reward_mark(facts)
    if facts.opening is None:
        require_active(facts)
        require_genuine(facts)
        make_opening(scan_id, consumer, now)
        facts = own_facts(scan_id, consumer, visitor, now)
    opening = facts.opening
    if opening is None or opening.consumer_id != consumer.pk:
        raise OpenedByAnother
    require_undecided(facts)
    return promised_before(facts) or promised_now(facts, opening, now)


def require_undecided(facts: ClaimFacts) -> None:
    """Refuse what waits for a person's decision, and what a person has refused."""
    if facts.held_until is not None:
        raise Held.until(facts.held_until)
    if facts.refused_for == BY_REVIEW:
        raise RiskRefused


def promised_now(facts: ClaimFacts, opening: OpeningFacts, now: dt.datetime) -> Claim:
    """The promise of this call, or of the one that overtook it; a refusal is kept with the opening.

    The risk rules come last, so that nobody learns of them what another refusal would have told anyway.
    """
    found: Judged | None = None
    try:
        require_active(facts)
        win = win_of(facts, opening, now)
        require_payable(win)
        found = judged(facts, now)
        if found.outcome is Outcome.REFUSE:
            raise RiskRefused
        claim = (promise_unlocking if facts.unlocks else promise)(win, now=now, found=found)
    except ClaimRefused as refusal:
        note_refusal(opening, refusal, now=now, found=found)
        raise
    return settled(claim or answered(opening.serial))


def settled(claim: Claim) -> Claim:
    """A promised claim; one that is held is told as such.

    Raises:
        Held: somebody has to look at it first.
    """
    if claim.state == Claim.State.HELD:
        raise Held.until(claim.review.decides_by)
    return claim


def own_facts(scan_id: UUID, consumer: Consumer, visitor: str, now: dt.datetime) -> ClaimFacts:
    """The scan's facts, if this consumer made it, or this browser did before anybody signed in."""
    facts = claim_facts(scan_id, now, payee_day=payee_day(now))
    if facts is None or facts.brand_id not in {None, consumer.brand_id}:
        raise NotFound
    if consumer.pk != facts.scanned_by and visitor != facts.visitor:
        raise NotFound
    return facts


def payee_day(now: dt.datetime) -> dt.datetime | None:
    """When the provider's present day began; None where it has no ceiling for one person's day."""
    pace = present_pace()
    return clock.day_bounds(clock.business_day(now, pace.zone), pace.zone)[0] if pace.payee_day else None


def require_payable(win: Win) -> None:
    """Refuse to promise the opener more than can be paid to one person today. Their item keeps its right."""
    ceiling, today = present_pace().payee_day, win.opening.promised_today
    if ceiling is None or today is None or not win.amount_fen or win.prize.is_voucher:
        return
    if not today.leaves_room_for(win.amount_fen, ceiling):
        raise DayCeiling


def require_reward_mark(facts: ClaimFacts) -> None:
    """Refuse scans of anything but an item's reward mark."""
    if facts.serial is None:
        raise NotGenuine
    if facts.role != Role.ITEM_INNER:
        raise NotRewardMark


def require_active(facts: ClaimFacts) -> None:
    """Refuse what is not on sale now, whatever the scan said then."""
    if facts.state is None:
        raise NotGenuine
    if facts.state in NOT_NOW:
        raise NOT_NOW[facts.state]


def require_genuine(facts: ClaimFacts) -> None:
    """Refuse to open an item by a scan that found it not on sale. Once it is open, any scan of it will do."""
    if facts.verdict not in GENUINE:
        raise ScanAgain


def make_opening(scan_id: UUID, consumer: Consumer, now: dt.datetime) -> None:
    """Let this scan open its item: its visitor was not known yet when it was made.

    What `claim_facts` does not read is looked at here, where the right to an envelope is made: whether the item was
    destroyed or taken as a sample. Once it is open, its right stays whatever becomes of the goods.
    """
    try:
        binding.open_item(scan=Scan.objects.get(pk=scan_id), consumer=consumer, now=now)
    except binding.OpenedByAnother as faster:
        raise OpenedByAnother from faster
    except binding.Sampled as sampled:
        raise Sampled from sampled
    except binding.NotValid as invalid:
        raise NOT_NOW.get(invalid.state or "", NotGenuine) from invalid


def promised_before(facts: ClaimFacts) -> Claim | None:
    """The claim that was promised on this opening already."""
    return answered(facts.opening.serial) if facts.opening and facts.is_promised else None


def answered(serial: int) -> Claim:
    """The claim of an item with all that an answer tells."""
    return Claim.objects.select_related("prize", "campaign", "opening", "review").get(pk=serial)


def win_of(facts: ClaimFacts, opening: OpeningFacts, now: dt.datetime) -> Win:
    """What the draw of the running campaign has for this item."""
    if facts.running is None:
        raise why_none_runs(candidates(opening.serial, at=now))
    campaign = facts.running.campaign
    prize, amount_fen = draw_of(campaign).won(position=facts.running.position, serial=opening.serial)
    return Win(opening, campaign, prize, amount_fen)


def why_none_runs(known: Sequence[Candidate]) -> ClaimRefused:
    """The reason that tells the consumer most, of the campaigns that have the item."""
    if any(one.standing is Standing.ELSEWHERE for one in known):
        return NotInScope()
    coming = [one.starts_at for one in known if one.standing is Standing.COMING]
    if coming:
        return CampaignNotStarted(starts_at=min(coming))
    return CampaignEnded() if known else NoCampaign()
