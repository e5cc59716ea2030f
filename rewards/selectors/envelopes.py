"""A consumer's envelopes: grants with what was won and how the payment stands."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery

from codes.offers import OpenedEnvelope
from consumers.models import Consumer
from core.errors import NotFound
from rewards.draw.prizes import VOUCHERS
from rewards.models import Claim, Grant, Payout, RiskReview, Voucher
from rewards.selectors.claim_facts import BY_REVIEW
from rewards.selectors.prize_words import prize_words
from rewards.selectors.published_terms import terms_path
from rewards.selectors.vouchers import voucher_path

THANK_YOU = "thank_you"
VOUCHER = "voucher"


@dataclass(frozen=True, slots=True)
class Envelope:
    """What a consumer is told. `state` is the grant's, or what there is instead of money: "thank_you" or "voucher".

    `payout_state` is that of the newest bill; empty while there is none.
    """

    id: UUID
    claim: Claim
    grant: Grant | None
    payout_state: str = ""

    @property
    def amount_fen(self) -> int:
        return self.grant.amount_fen if self.grant else 0

    @property
    def is_friends(self) -> bool:
        """Whether it is a share of a friend's opening: what the friend won or bought is not told."""
        return self.grant is not None and self.grant.payee == Grant.Payee.REFERRER

    @property
    def state(self) -> str:
        if self.grant:
            return self.grant.state
        return THANK_YOU if self.voucher is None else VOUCHER

    @property
    def voucher(self) -> Voucher | None:
        """What the consumer shows at a store; None for all other prizes."""
        prize = self.claim.prize
        return self.claim.voucher if prize is not None and prize.is_voucher else None


def envelope_of_claim(claim: Claim) -> Envelope:
    """The envelope of a promised claim: named after its grant, or where it holds no money after the opening scan."""
    grant = claim.envelope
    return Envelope(grant.pk if grant else claim.opening.scan_id, claim, grant)


def envelope_of_grant(grant: Grant) -> Envelope:
    """The envelope of a row of `grants_of`."""
    return Envelope(grant.pk, grant.claim, grant, vars(grant)["payout_state"] or "")


def opened_envelope(*, serial: int, consumer_id: UUID) -> OpenedEnvelope | None:
    """What became of an item's offer: settings.ENVELOPE_SOURCE of the codes room. At most two queries.

    Of one that is held, or was refused after it was, neither amount nor prize is told.
    """
    promised = Claim.objects.filter(opening_id=serial, consumer_id=consumer_id, state=Claim.State.PROMISED)
    claim = promised.select_related("campaign", "opening").first()
    if claim is None:
        return reviewed_envelope(serial, consumer_id)
    newest = Payout.objects.filter(grant=OuterRef("pk")).order_by("-created_at").values("state")[:1]
    prizes = [Grant.Payee.CONSUMER, Grant.Payee.REDEEMER]
    own = Grant.objects.filter(claim=claim, payee__in=prizes).annotate(payout_state=Subquery(newest))
    grant = own.select_related("voucher__prize").first()
    assert claim.campaign is not None
    names = claim.campaign.name, claim.campaign.name_en
    page = terms_path(claim.campaign.pk)
    if grant is None:
        return OpenedEnvelope(claim.opening.scan_id, *names, amount_fen=0, payment="", terms_path=page)
    voucher = getattr(grant, "voucher", None)
    if voucher is not None:
        return OpenedEnvelope(
            claim.opening.scan_id,
            *names,
            amount_fen=0,
            payment=VOUCHER if voucher.state == Voucher.State.ISSUED else f"{VOUCHER}_{voucher.state}",
            terms_path=page,
            words=prize_words(voucher.prize),
            voucher_path=voucher_path(voucher.pk),
            until=voucher.valid_until,
        )
    waits = grant.state == Grant.State.PROMISED and grant.payout_state == Payout.State.AWAITING_CONFIRMATION
    payment = grant.payout_state if waits else grant.state
    until = grant.locked_until if grant.state == Grant.State.LOCKED else None
    return OpenedEnvelope(grant.pk, *names, amount_fen=grant.amount_fen, payment=payment, terms_path=page, until=until)


def reviewed_envelope(serial: int, consumer_id: UUID) -> OpenedEnvelope | None:
    """An envelope that was held: until when, or that it stays closed. One query."""
    reviews = RiskReview.objects.filter(claim_id=serial, claim__consumer_id=consumer_id).exclude(
        state=RiskReview.State.RELEASED
    )
    review = reviews.select_related("claim__campaign", "claim__opening").first()
    if review is None:
        return None
    campaign = review.claim.campaign
    assert campaign is not None
    is_open = review.state == RiskReview.State.OPEN
    return OpenedEnvelope(
        review.claim.opening.scan_id,
        campaign.name,
        campaign.name_en,
        amount_fen=0,
        payment="held" if is_open else "refused",
        decides_by=review.decides_by if is_open else None,
        terms_path=terms_path(campaign.pk),
    )


def own_grants(consumer: Consumer) -> QuerySet[Grant]:
    """The consumer's grants that were ever promised, for own openings and for friends'.

    None that is held, or was refused when it was.
    """
    own = Grant.objects.filter(consumer=consumer)
    return own.exclude(state=Grant.State.HELD).exclude(state=Grant.State.RELEASED, reason=BY_REVIEW)


def grants_of(consumer: Consumer) -> QuerySet[Grant]:
    """The consumer's grants with all that an envelope shows. Thank-yous and vouchers are not among them."""
    newest = Payout.objects.filter(grant=OuterRef("pk")).order_by("-created_at").values("state")[:1]
    own = own_grants(consumer)
    return own.select_related("claim__prize", "claim__campaign").annotate(payout_state=Subquery(newest))


def own_envelope(consumer: Consumer, envelope_id: UUID) -> Envelope:
    """One of the consumer's envelopes.

    Raises:
        NotFound: no such envelope of this consumer.
    """
    grant = grants_of(consumer).filter(pk=envelope_id).first()
    if grant is not None:
        return envelope_of_grant(grant)
    thanked = Claim.objects.select_related("prize", "campaign", "opening")
    without_money = Q(prize__amount_fen=0) | Q(prize__kind__in=sorted(VOUCHERS))
    claim = thanked.filter(
        without_money, opening__scan_id=envelope_id, consumer=consumer, state=Claim.State.PROMISED
    ).first()
    if claim is None:
        raise NotFound
    return Envelope(envelope_id, claim, None)
