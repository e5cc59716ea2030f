"""What a consumer's wallet shows: their envelopes, newest first, and what has arrived so far."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Case, OuterRef, QuerySet, Subquery, Sum, When

from consumers.models import Consumer
from rewards.models import Grant, Payout, RiskReview, Voucher
from rewards.selectors.envelopes import own_grants
from rewards.selectors.vouchers import own_vouchers

PAGE_LENGTH = 20
VOUCHERS_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Wallet:
    """One page of it; `older` is the cursor of the next, `held` are the reviews that the consumer waits for.

    `vouchers` are a few, those that can be redeemed before the others; all have a page of their own.

    Grants carry their product, and `payout_state`, `payout_provider` and `payout_package_info` of their newest bill.
    """

    received_fen: int
    envelopes: tuple[Grant, ...]
    older: UUID | None
    held: tuple[RiskReview, ...] = ()
    vouchers: tuple[Voucher, ...] = ()

    @property
    def is_moving(self) -> bool:
        """Whether a payment shown here may change by itself."""
        return any(grant.state == Grant.State.PROMISED for grant in self.envelopes)


def wallet_of(consumer: Consumer, *, before: UUID | None = None, length: int = PAGE_LENGTH) -> Wallet:
    """The page of envelopes older than `before` (all without it). Five queries, however many envelopes."""
    own = own_grants(consumer)
    received = own.filter(state=Grant.State.PAID).aggregate(fen=Sum("amount_fen"))["fen"] or 0
    page = list(_shown(own if before is None else own.filter(pk__lt=before))[: length + 1])
    older = page[length - 1].pk if len(page) > length else None
    first = before is None
    held = tuple(_held(consumer)[:length]) if first else ()
    vouchers = tuple(_vouchers(consumer)[:VOUCHERS_SHOWN]) if first else ()
    return Wallet(received_fen=received, envelopes=tuple(page[:length]), older=older, held=held, vouchers=vouchers)


def _vouchers(consumer: Consumer) -> QuerySet[Voucher]:
    ended = Case(When(state=Voucher.State.ISSUED, then=0), default=1)
    return own_vouchers(consumer).order_by(ended, "-pk")


def _held(consumer: Consumer) -> QuerySet[RiskReview]:
    waiting = RiskReview.objects.filter(claim__consumer=consumer, state=RiskReview.State.OPEN)
    return waiting.select_related("claim__opening__order__batch__product", "claim__campaign").order_by("decides_by")


def _shown(grants: QuerySet[Grant]) -> QuerySet[Grant]:
    newest = Payout.objects.filter(grant=OuterRef("pk")).order_by("-created_at")
    told = {f"payout_{name}": Subquery(newest.values(name)[:1]) for name in ("state", "provider", "package_info")}
    item = "claim__opening__order__batch__product"
    return grants.select_related(item, "campaign").annotate(**told).order_by("-pk")
