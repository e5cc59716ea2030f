"""What a consumer may read of a campaign before, while and after it runs. Public, and nothing is written."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.json import dumps
from rewards.draw.proof import document_of
from rewards.selectors.published_terms import published_campaign, published_draw, terms_of


@require_safe
def terms(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """Organiser, period, prizes with their odds, conditions, and how the draw is held.

    Raises:
        NotFound: no such campaign was published.
    """
    return render(request, "rewards/pages/terms.html", {"terms": terms_of(published_campaign(campaign_id))})


@require_safe
def draw(request: HttpRequest, campaign_id: int) -> HttpResponse:  # noqa: ARG001 - a view's signature
    """The draw's published data as a file for `verify_draw`.

    Raises:
        NotFound: no such campaign was published.
    """
    campaign = published_campaign(campaign_id)
    answer = HttpResponse(dumps(document_of(published_draw(campaign))), content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="draw-{campaign.pk}.json"'
    return answer
