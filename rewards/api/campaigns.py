"""Partner endpoints of campaigns: draft, read, submit, and as a second client review."""

from collections.abc import Callable
from typing import Any, ClassVar

from rest_framework.request import Request
from rest_framework.response import Response

from codes.api.described import described
from codes.api.order_shapes import Nothing
from codes.api.partner import PartnerView
from core import clock
from core.errors import Forbidden
from core.idempotency import Answer
from rewards.api.campaign_posts import CampaignPost, ReturnPost
from rewards.api.campaign_scopes import PARTS, orders_named, scope_named, shares_named
from rewards.api.campaign_shapes import CampaignPageShape, CampaignShape, campaign_shape
from rewards.models import Campaign
from rewards.selectors.campaigns import campaign_of, campaigns_of
from rewards.services.campaigns import Plan, PrizeRow, draft_campaign
from rewards.services.reviewing import publish_campaign, send_back_campaign, submit_campaign


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
        plain = {name: value for name, value in wanted.items() if name not in PARTS}
        campaign = draft_campaign(
            brand=self.brand,
            plan=Plan(
                scope=scope_named(self.brand, wanted), region_budgets=shares_named(wanted["region_budgets"]), **plain
            ),
            orders=orders_named(self.brand, wanted["orders"]),
            prizes=[PrizeRow(**prize) for prize in wanted["prizes"]],
            actor=self.actor,
            now=clock.now(),
        )
        return 201, campaign_shape(campaign)


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
