"""Opening an envelope: whose scan, whose opening, which campaign, which prize; then the promise."""

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from codes.formats.code_text import Role
from codes.models import Opening, Scan
from codes.models.scan import Verdict
from codes.selectors.states import state_of
from codes.services import binding
from consumers.models import Consumer
from consumers.services.limits import allowance_of
from core.errors import NotFound
from core.limits import OnLoss, spend
from rewards.models import CampaignSpan, Claim
from rewards.refusals import (
    CampaignEnded,
    CampaignNotStarted,
    ClaimRefused,
    Frozen,
    NoCampaign,
    NotActivated,
    NotGenuine,
    NotRewardMark,
    OpenedByAnother,
    Recalled,
    ScanAgain,
    Voided,
)
from rewards.selectors.campaigns import running_at, spans_of
from rewards.selectors.draws import draw_of, serial_position
from rewards.services.promising import Win, note_refusal, promise

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
    scan = own_scan(scan_id, consumer, visitor)
    serial = reward_serial(scan)
    opening = opening_of(serial)
    if opening is None:
        require_active(scan, serial)
        opening = made_opening(scan, consumer, now)
    if opening.consumer_id != consumer.pk:
        raise OpenedByAnother
    return promised_before(opening) or promised_now(scan, opening, now)


def promised_now(scan: Scan, opening: Opening, now: dt.datetime) -> Claim:
    """The promise of this call, or of the one that overtook it; a refusal is kept with the opening."""
    try:
        require_active(scan, opening.pk)
        claim = promise(win_of(opening, now), now=now)
    except ClaimRefused as refusal:
        note_refusal(opening, refusal, now=now)
        raise
    return claim or answered(opening)


def own_scan(scan_id: UUID, consumer: Consumer, visitor: str) -> Scan:
    """The scan, if this consumer made it, or this browser did before anybody signed in."""
    scan = Scan.objects.filter(pk=scan_id).first()
    if scan is None or scan.brand_id not in {None, consumer.brand_id}:
        raise NotFound
    if consumer.pk != scan.consumer_id and visitor != scan.visitor:
        raise NotFound
    return scan


def reward_serial(scan: Scan) -> int:
    """The item whose reward mark was scanned."""
    if scan.serial is None:
        raise NotGenuine
    if scan.role != Role.ITEM_INNER:
        raise NotRewardMark
    return scan.serial


def require_active(scan: Scan, serial: int) -> None:
    """Refuse what is not on sale now, whatever the scan said then."""
    unit = state_of(serial)
    if unit is None:
        raise NotGenuine
    if unit.state in NOT_NOW:
        raise NOT_NOW[unit.state]
    if scan.verdict not in GENUINE:
        raise ScanAgain


def opening_of(serial: int) -> Opening | None:
    """The item's opening with all that the promise needs. One query."""
    known = Opening.objects.select_related("binding__store__owner", "claim")
    return known.filter(pk=serial).first()


def made_opening(scan: Scan, consumer: Consumer, now: dt.datetime) -> Opening:
    """The opening made by this scan, with all that the promise needs."""
    try:
        made = binding.open_item(scan=scan, consumer=consumer, now=now)
    except binding.OpenedByAnother as faster:
        raise OpenedByAnother from faster
    opening = opening_of(made.pk)
    assert opening is not None
    return opening


def promised_before(opening: Opening) -> Claim | None:
    """The claim that was promised on this opening already."""
    claim: Claim | None = getattr(opening, "claim", None)
    return answered(opening) if claim is not None and claim.state == Claim.State.PROMISED else None


def answered(opening: Opening) -> Claim:
    """The claim of an opening with all that an answer tells."""
    return Claim.objects.select_related("prize", "campaign", "opening").get(pk=opening.pk)


def win_of(opening: Opening, now: dt.datetime) -> Win:
    """What the sealed draw of the running campaign has for this item."""
    span = running_span(spans_of(opening.brand_id, opening.pk), now)
    prize = draw_of(span.campaign).prize_at(serial_position(span, opening.pk))
    return Win(opening, span.campaign, prize)


def running_span(spans: Sequence[CampaignSpan], now: dt.datetime) -> CampaignSpan:
    """The item's place in its running campaign; refuses with the reason that tells the consumer most."""
    running = running_at(spans, now)
    if running is not None:
        return running
    if not spans:
        raise NoCampaign
    coming = [span.campaign.starts_at for span in spans if span.campaign.starts_at > now]
    if coming:
        raise CampaignNotStarted(starts_at=min(coming))
    raise CampaignEnded
