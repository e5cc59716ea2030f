"""Partner endpoints of campaigns: draft, read, submit, and as a second client review."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response

from codes.api.described import described
from codes.api.order_shapes import Nothing
from codes.api.partner import PartnerView
from codes.models import CodeOrder
from core import clock
from core.errors import Forbidden, Invalid
from core.idempotency import Answer
from rewards.api.campaign_posts import CampaignPost, ReturnPost
from rewards.api.shapes import CampaignPageShape, CampaignShape, campaign_shape
from rewards.models import Campaign
from rewards.selectors.campaigns import campaign_of, campaigns_of
from rewards.services.campaigns import Plan, PrizeRow, draft_campaign
from rewards.services.reviewing import publish_campaign, send_back_campaign, submit_campaign

PARTS = ("orders", "prizes")


class Campaigns(PartnerView):
    """The brand's campaigns: to be read with the scope `rewards`; to draft one takes `campaigns` too."""

    required_scopes: ClassVar[list[str]] = ["rewards"]

    @described("List campaigns with their prizes, newest first", {200: CampaignPageShape})
    def get(self, request: Request) -> Response:  # noqa: ARG002 - a view's signature
        """A page."""
        return self.page(campaigns_of(self.brand), campaign_shape)

    @described("Draft a campaign", {201: CampaignShape}, takes=CampaignPost, refusals=(400, 409))
    def post(self, request: Request) -> Response:
        """A draft; it has to be submitted, and published by another client or person."""
        token: Any = request.auth
        if not token.allow_scopes(["campaigns"]):
            raise Forbidden
        wanted = self.valid(CampaignPost)
        return self.once(lambda: self.draft(wanted))

    def draft(self, wanted: dict[str, Any]) -> Answer:
        """Find the orders, and write the draft."""
        campaign = draft_campaign(
            brand=self.brand,
            plan=Plan(**{name: value for name, value in wanted.items() if name not in PARTS}),
            orders=self.orders(wanted["orders"]),
            prizes=[PrizeRow(**prize) for prize in wanted["prizes"]],
            actor=self.actor,
            now=clock.now(),
        )
        return 201, campaign_shape(campaign)

    def orders(self, wanted: list[int]) -> list[CodeOrder]:
        """The brand's orders of these numbers.

        Raises:
            Invalid: with those that are not the brand's.
        """
        found = {order.pk: order for order in CodeOrder.objects.filter(brand=self.brand, pk__in=wanted)}
        missing = sorted(set(wanted) - set(found))
        if missing:
            raise Invalid(fields={"orders": [_("There is no order %(order)s.") % {"order": missing[0]}]})
        return list(found.values())


class OneCampaign(PartnerView):
    required_scopes: ClassVar[list[str]] = ["rewards"]

    @described("Read a campaign", {200: CampaignShape}, refusals=(404,))
    def get(self, request: Request, campaign_id: int) -> Response:  # noqa: ARG002 - a view's signature
        """One of the brand's."""
        return Response(campaign_shape(campaign_of(self.brand, campaign_id)))


class CampaignStep(PartnerView):
    """A step of a campaign's way to publication."""

    step: Callable[..., Campaign]

    @described("Take a step of a campaign", {200: CampaignShape}, takes=Nothing, refusals=(400, 404, 409))
    def post(self, request: Request, campaign_id: int) -> Response:  # noqa: ARG002 - a view's signature
        """Submit or publish; all faults are told at once, each with its remedy."""
        return self.once(lambda: self.take(campaign_id))

    def take(self, campaign_id: int, **said: str) -> Answer:
        """Take the step."""
        step = type(self).step
        campaign = step(campaign_id=campaign_id, brand=self.brand, actor=self.actor, now=clock.now(), **said)
        return 200, campaign_shape(campaign)


class Submission(CampaignStep):
    required_scopes: ClassVar[list[str]] = ["campaigns"]
    step = staticmethod(submit_campaign)


class Publication(CampaignStep):
    """By a client that did not submit it, and has the scope to publish."""

    required_scopes: ClassVar[list[str]] = ["publish"]
    step = staticmethod(publish_campaign)


class Return(CampaignStep):
    """Back to its author, with a remark."""

    required_scopes: ClassVar[list[str]] = ["publish"]
    step = staticmethod(send_back_campaign)

    @described("Send a campaign back", {200: CampaignShape}, takes=ReturnPost, refusals=(400, 404, 409))
    def post(self, request: Request, campaign_id: int) -> Response:  # noqa: ARG002 - a view's signature
        """It becomes a draft again."""
        said = self.valid(ReturnPost)
        return self.once(lambda: self.take(campaign_id, **said))
