"""Signing in with WeChat: to WeChat and back."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from rewards.pages.app_sign_in import Way, back_by, leave_by
from rewards.services.wechat_sign_in import NotKnownToWechat, sign_in_wechat, way_out

WECHAT = Way("wechat", way_out, sign_in_wechat, NotKnownToWechat)


@never_cache
@require_safe
def leave(request: HttpRequest) -> HttpResponse:
    """Off to WeChat."""
    return leave_by(WECHAT, request)


@never_cache
@require_safe
def back(request: HttpRequest) -> HttpResponse:
    """Back from WeChat."""
    return back_by(WECHAT, request)
