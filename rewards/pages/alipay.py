"""Signing in with Alipay: to Alipay and back."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from rewards.pages.app_sign_in import Way, back_by, leave_by
from rewards.services.alipay_sign_in import NotKnownToAlipay, sign_in_alipay, way_out

ALIPAY = Way("alipay", way_out, sign_in_alipay, NotKnownToAlipay, code="auth_code")


@never_cache
@require_safe
def leave(request: HttpRequest) -> HttpResponse:
    """Off to Alipay."""
    return leave_by(ALIPAY, request)


@never_cache
@require_safe
def back(request: HttpRequest) -> HttpResponse:
    """Back from Alipay."""
    return back_by(ALIPAY, request)
