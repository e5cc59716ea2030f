"""What one store brought and was promised."""

from dataclasses import dataclass

from django.db.models import OuterRef, Q, QuerySet, Subquery, Sum

from rewards.models import Grant, Payout

NEWEST = 10


@dataclass(frozen=True, slots=True)
class StoreRewards:
    """In fen, released promises left out; `newest` are the owner's grants, each with `payout_state`."""

    consumers_fen: int
    owner_fen: int
    owner_paid_fen: int
    newest: tuple[Grant, ...]


def store_rewards_of(store_id: int) -> StoreRewards:
    """Two queries."""
    kept = Grant.objects.filter(store_id=store_id).exclude(state=Grant.State.RELEASED)
    owner = Q(payee=Grant.Payee.STORE_OWNER)
    sums = kept.aggregate(
        consumers=Sum("amount_fen", filter=Q(payee=Grant.Payee.CONSUMER), default=0),
        owner=Sum("amount_fen", filter=owner, default=0),
        paid=Sum("amount_fen", filter=owner & Q(state=Grant.State.PAID), default=0),
    )
    newest = tuple(with_payout(Grant.objects.filter(owner, store_id=store_id)).order_by("-pk")[:NEWEST])
    return StoreRewards(sums["consumers"], sums["owner"], sums["paid"], newest)


def with_payout(grants: QuerySet[Grant]) -> QuerySet[Grant]:
    """Each grant with the state of its newest bill as `payout_state`; None while there is no bill."""
    newest = Payout.objects.filter(grant=OuterRef("pk")).order_by("-created_at").values("state")[:1]
    return grants.annotate(payout_state=Subquery(newest))
