"""Vouchers and second envelopes as people win them: through a campaign, an opening and a claim."""

from codes.models import CodeOrder
from consumers.models import Consumer
from rewards.models import Claim, Voucher
from rewards.services.campaigns import PrizeRow
from rewards.services.claims import open_claim
from stores.models import Store
from tests.factories.campaigns import ConsumerFactory, active_order, opened, running_campaign
from tests.factories.stores import NOON, StoreFactory

BOTTLE = PrizeRow("再来一瓶", 600, 10, "One more bottle", kind="bottle", valid_days=30)
EXCHANGE = PrizeRow("五元换购", 500, 10, "A bottle for 5 yuan", kind="exchange", pays_fen=500, valid_days=30)
OFF = PrizeRow("代金券", 300, 10, "3 yuan off", kind="store_voucher", worth_fen=300, valid_days=30, any_store=True)
LOCKED = PrizeRow("第二个红包", 200, 10, "Second envelope", kind="locked", valid_days=14)
FAR = NOON.replace(year=2999)


def winning_order(prize: PrizeRow = BOTTLE, **plan: object) -> tuple[CodeOrder, Store]:
    """Ten items that win such a prize each, and a store with an owner."""
    order = active_order()
    store = StoreFactory(brand=order.brand)
    running_campaign(order, prize, **{"ends_at": FAR} | plan)
    return order, store


def won(
    order: CodeOrder, store: Store | None, *, number: int = 0, consumer: Consumer | None = None, confidence: float = 0.9
) -> Claim:
    """The claim on the order's item `number`, bought at `store`, at noon."""
    consumer = consumer or ConsumerFactory(brand=order.brand)
    scan = opened(order, order.first_serial + number, consumer, store=store, confidence=confidence)
    return open_claim(scan_id=scan.pk, consumer=consumer, visitor="v", now=NOON)


def won_voucher(prize: PrizeRow = BOTTLE, **plan: object) -> Voucher:
    """A voucher for the store of the purchase."""
    claim = won(*winning_order(prize, **plan))
    assert claim.voucher is not None
    return Voucher.objects.select_related("store", "grant", "consumer").get(pk=claim.voucher.pk)
