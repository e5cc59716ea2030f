"""What the page of the counter posts and asks: JSON, for the signed-in owner's session."""

from typing import Any

from rest_framework import serializers
from rest_framework.response import Response

from codes.dashboard.offline import AccountView
from codes.reading import Found, read
from consumers.models import Consumer
from consumers.services.limits import allowance_of
from core import clock
from core.errors import NotFound
from core.idempotency import Answer
from core.limits import OnLoss, spend
from rewards.models import Voucher
from rewards.refusals import VoucherUnknown
from rewards.selectors.prize_words import prize_words
from rewards.selectors.redemptions import counters_of
from rewards.selectors.vouchers import redeemable_at
from rewards.services.redeeming import Counter, look_at, redeem_voucher
from rewards.voucher_codes import voucher_code_in
from stores.models import Store

LONGEST_TEXT = 2048
LARGEST = 2**63 - 1


class RedemptionRequest(serializers.Serializer[None]):
    """`happened_at` is when the goods were handed over, which for a phone without a line is before it is told."""

    store = serializers.IntegerField(min_value=1, max_value=LARGEST)
    code = serializers.CharField(max_length=LONGEST_TEXT)
    happened_at = serializers.DateTimeField()


class CounterView(AccountView):
    """Of the page on which owners redeem."""

    def store(self, user: Any, store_id: int) -> Store:
        """The owner's own open store of this id.

        Raises:
            NotFound: it is not there, or not this account's.
            TooManyRequests, Unavailable: the account's allowance is spent, or can't be counted.
        """
        found = next((store for store in counters_of(user) if store.pk == store_id), None)
        if found is None:
            raise NotFound
        spend([allowance_of("voucher.person", user.username)], on_loss=OnLoss.REFUSE)
        return found


class VouchersView(CounterView):
    """What was scanned: one voucher, or those of a member that this store can redeem. Nothing is written."""

    def get(self, request: Any) -> Response:
        """The vouchers, each with what the consumer pays and what the owner gets."""
        number = request.query_params.get("store", "")
        store = self.store(request.user, int(number) if number.isascii() and number.isdecimal() else 0)
        found = vouchers_for(store, request.query_params.get("code", "")[:LONGEST_TEXT])
        return Response({"vouchers": [voucher_at_counter(voucher) for voucher in found]})


class RedemptionsView(CounterView):
    """Redemptions, each once under its Idempotency-Key however often a bad line makes the page send it."""

    def post(self, request: Any) -> Response:
        """Redeem one; the refusals of `redeem_voucher` say what is the matter."""
        asked = RedemptionRequest(data=request.data)
        asked.is_valid(raise_exception=True)
        wanted, now = asked.validated_data, clock.now()
        counter = Counter(self.store(request.user, wanted["store"]), f"user:{request.user.username}")

        def work() -> Answer:
            done = redeem_voucher(counter=counter, code=wanted["code"], handed_at=wanted["happened_at"], now=now)
            return 201, voucher_at_counter(done)

        return self.once(request, work, now=now)


def vouchers_for(store: Store, text: str) -> list[Voucher]:
    """The voucher that this text names, if the store can redeem it; or all such of the member whom it names.

    Raises:
        VoucherUnknown: it names neither. As `redeem_voucher`, of a voucher that can't be redeemed here.
    """
    if voucher_code_in(text):
        return [look_at(store=store, code=text, now=clock.now())]
    reading = read(text)
    member = Consumer.objects.filter(brand=store.brand_id, c_code=reading.code).first()
    if reading.found != Found.CONSUMER or member is None:
        raise VoucherUnknown
    return redeemable_at(store, member, clock.now())


def voucher_at_counter(voucher: Voucher) -> dict[str, Any]:
    """A voucher for the one who hands over what it is for."""
    return {
        "code": voucher.code,
        "words": prize_words(voucher.prize),
        "state": voucher.state,
        "pays_fen": voucher.prize.pays_fen,
        "worth_fen": voucher.prize.worth_fen,
        "compensation_fen": voucher.grant.amount_fen,
        "valid_until": voucher.valid_until,
        "redeemed_at": voucher.redeemed_at,
    }
