"""Partner endpoints of redemptions: a store's own till redeems, and whoever keeps the books reads."""

from typing import Any, ClassVar

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from codes.api.described import described
from codes.api.order_shapes import Moment
from codes.api.partner import PartnerView
from core import clock
from core.errors import Forbidden, Invalid
from core.idempotency import Answer
from rewards.api.voucher_shapes import RedemptionPageShape, RedemptionShape, redemption_shape
from rewards.selectors.redemptions import Redeemed, lines_of
from rewards.services.redeeming import Counter, redeem_voucher
from stores.models import Store

LONGEST_TEXT = 2048


class RedemptionPost(serializers.Serializer[None]):
    store = serializers.CharField(max_length=30, help_text="Number of the store that hands the goods over.")
    code = serializers.CharField(max_length=LONGEST_TEXT, help_text="The voucher's code, or its QR code's text.")
    happened_at = Moment(default=None, help_text="When that was, at most a day ago; without it now.")


class Redemptions(PartnerView):
    """To be read with the scope `rewards`, to redeem with `redeem`."""

    required_scopes: ClassVar[list[str]] = []

    @described("List redemptions, newest first", {200: RedemptionPageShape})
    def get(self, request: Request) -> Response:
        """A page: what was redeemed where, what the owner gets for it, and how the payment stands."""
        self.require(request, "rewards")
        return self.page(lines_of(Redeemed(brand=self.brand)), redemption_shape, newest_by="redeemed_at")

    @described("Redeem a voucher", {201: RedemptionShape}, takes=RedemptionPost, refusals=(400, 404, 409))
    def post(self, request: Request) -> Response:
        """Once, and the store's owner is promised the compensation; send an Idempotency-Key."""
        self.require(request, "redeem")
        wanted = self.valid(RedemptionPost)
        return self.once(lambda: self.redeem(wanted))

    def redeem(self, wanted: dict[str, Any]) -> Answer:
        """At the brand's open store of this number.

        Raises:
            Invalid: there is none.
        """
        stores = Store.objects.select_related("brand", "owner")
        store = stores.filter(brand=self.brand, number=wanted["store"], is_active=True).first()
        if store is None:
            raise Invalid(fields={"store": [_("There is no open store of this number.")]})
        counter, now = Counter(store, self.actor), clock.now()
        done = redeem_voucher(counter=counter, code=wanted["code"], handed_at=wanted["happened_at"], now=now)
        return 201, redemption_shape(lines_of(Redeemed(brand=self.brand)).get(pk=done.pk))

    def require(self, request: Request, scope: str) -> None:
        """Refuse a token without the scope."""
        token: Any = request.auth
        if not token.allow_scopes([scope]):
            raise Forbidden
