"""Signing in with WeChat: to WeChat and back. What is remembered meanwhile is in a signed cookie of ten minutes."""

import secrets

from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from consumers.selectors.brands import brand_for
from consumers.services.limits import allowance_of
from consumers.session import address_of, consumer_of, set_session, token_for
from consumers.wechat import way_to_wechat
from core import clock
from core.errors import Problem
from core.limits import OnLoss, spend
from rewards.services.wechat_sign_in import NotKnownToWechat, sign_in_wechat, wechat_app

COOKIE = "onecode_wechat"
AGE = 600
SALT = "rewards.wechat"


@never_cache
@require_safe
def leave(request: HttpRequest) -> HttpResponse:
    """Off to WeChat; `next` is the page to come back to in the end, `brand` the one that wants to know who it is."""
    state = secrets.token_hex(16)
    back = settings.PUBLIC_URL.rstrip("/") + reverse("wallet-wechat-back")
    response = redirect(way_to_wechat(wechat_app(), back=back, state=state))
    told = {"state": state, "next": own_page(request.GET.get("next", "")), "brand": request.GET.get("brand", "")}
    # Lax: WeChat's redirect is a visit from elsewhere, which a strict cookie would not come along with
    response.set_cookie(
        COOKIE, signing.dumps(told, salt=SALT), max_age=AGE, httponly=True, samesite="Lax", secure=settings.SECURE
    )
    return response


@never_cache
@require_safe
def back(request: HttpRequest) -> HttpResponse:
    """Back from WeChat: signed in, or told why not."""
    spend([allowance_of("sign_in.address", address_of(request) or "")], on_loss=OnLoss.REFUSE)
    try:
        asked = remembered(request)
        brand, code = brand_for(asked["brand"]), request.GET.get("code", "")
        consumer = sign_in_wechat(brand=brand, code=code, present=consumer_of(request), now=clock.now())
    except Problem as refusal:
        messages.warning(request, refusal.detail)
        response = redirect("wallet")
    else:
        response = redirect(asked["next"])
        set_session(response, token_for(consumer))
    response.delete_cookie(COOKIE, samesite="Lax")
    return response


def remembered(request: HttpRequest) -> dict[str, str]:
    """What this browser left with.

    Raises:
        NotKnownToWechat: it did not leave from here in the last ten minutes, or comes back with another's state.
    """
    try:
        asked: dict[str, str] = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=AGE)
    except signing.BadSignature as error:
        raise NotKnownToWechat from error
    if not secrets.compare_digest(asked["state"].encode(), request.GET.get("state", "").encode()):
        raise NotKnownToWechat
    return asked


def own_page(path: str) -> str:
    """A path of ours; the wallet for anything else."""
    return path if path.startswith("/") and url_has_allowed_host_and_scheme(path, None) else reverse("wallet")
