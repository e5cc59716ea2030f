"""A consumer's envelopes: grants with what was won and how the payment stands."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery

from codes.offers import OpenedEnvelope
from consumers.models import Consumer
from core.errors import NotFound
from rewards.models import Claim, Grant, Payout, RiskReview
from rewards.selectors.claim_facts import BY_REVIEW
from rewards.selectors.published_terms import terms_path

THANK_YOU = "thank_you"


@dataclass(frozen=True, slots=True)
class Envelope:
    """What a consumer is told. `state` is the grant's, or "thank_you" where there is nothing to pay.

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
        return self.grant.state if self.grant else THANK_YOU


def envelope_of_claim(claim: Claim) -> Envelope:
    """The envelope of a promised claim: named after its grant, and a thank-you after the scan that opened the item."""
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
    own = Grant.objects.filter(claim=claim, payee=Grant.Payee.CONSUMER).annotate(payout_state=Subquery(newest))
    grant = own.first()
    assert claim.campaign is not None
    names = claim.campaign.name, claim.campaign.name_en
    page = terms_path(claim.campaign.pk)
    if grant is None:
        return OpenedEnvelope(claim.opening.scan_id, *names, amount_fen=0, payment="", terms_path=page)
    waits = grant.state == Grant.State.PROMISED and grant.payout_state == Payout.State.AWAITING_CONFIRMATION
    payment = grant.payout_state if waits else grant.state
    return OpenedEnvelope(grant.pk, *names, amount_fen=grant.amount_fen, payment=payment, terms_path=page)


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
    """The consumer's grants with all that an envelope shows. Thank-yous are not among them."""
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
    claim = thanked.filter(
        opening__scan_id=envelope_id, consumer=consumer, state=Claim.State.PROMISED, prize__amount_fen=0
    ).first()
    if claim is None:
        raise NotFound
    return Envelope(envelope_id, claim, None)
