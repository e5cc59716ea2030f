"""The wallet: envelopes and what has arrived, the own member code, signing in and out."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from codes.formats.digital_link import short_url
from codes.printing.qr import render_svg
from consumers.models import Consumer
from consumers.selectors.brands import brand_for
from consumers.services.identity import sign_in_local
from consumers.services.limits import allowance_of
from consumers.session import address_of, consumer_of, end_session, require_consumer, set_session, token_for
from consumers.sharing import share_text
from core import clock
from core.errors import Invalid
from core.limits import OnLoss, spend
from rewards.models import Payout
from rewards.pages.forms import NameForm
from rewards.providers.interface import AppConfirmation
from rewards.refusals import NothingToConfirm
from rewards.selectors.wallet import wallet_of
from rewards.services.confirming import app_confirmation, confirm_receipt, confirming_providers


@never_cache
@require_safe
def wallet(request: HttpRequest) -> HttpResponse:
    """The whole page; the way in for who is not signed in."""
    consumer = consumer_of(request)
    if consumer is None:
        return way_in(request, NameForm())
    return render(request, "rewards/pages/wallet.html", shown(request, consumer))


@never_cache
@require_safe
def envelopes(request: HttpRequest) -> HttpResponse:
    """The part of the page that is alive, asked for again while a payment is on its way."""
    return render(request, "rewards/pages/envelopes.html", shown(request, require_consumer(request)))


@never_cache
@require_safe
def member_code(request: HttpRequest) -> HttpResponse:
    """The own C-code as QR, for the shop to scan."""
    text = short_url(settings.PUBLIC_URL, require_consumer(request).c_code)
    return HttpResponse(render_svg(text), content_type="image/svg+xml")


@require_POST
def confirm(request: HttpRequest, envelope_id: UUID) -> HttpResponse:
    """The payee's yes to a payment that waits for it; then back to the wallet, which shows what came of it."""
    try:
        confirm_receipt(consumer=require_consumer(request), envelope_id=envelope_id, now=clock.now())
    except NothingToConfirm as refusal:
        messages.warning(request, refusal.detail)
    else:
        messages.success(request, _("Confirmed. The money arrives in a moment."))
    return redirect("wallet")


@require_POST
def sign_in(request: HttpRequest) -> HttpResponse:
    """By name, where the local identity is switched on."""
    spend([allowance_of("sign_in.address", address_of(request) or "")], on_loss=OnLoss.REFUSE)
    form = NameForm(request.POST)
    if not form.is_valid():
        return way_in(request, form)
    try:
        consumer = sign_in_local(brand=brand_for(), name=form.cleaned_data["name"], now=clock.now())
    except Invalid as refusal:
        for message in refusal.fields.get("name", [refusal.detail]):
            form.add_error("name", message)
        return way_in(request, form)
    response = redirect("wallet")
    set_session(response, token_for(consumer))
    return response


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - a view's signature
    """This browser alone."""
    response = redirect("wallet")
    end_session(response)
    return response


def way_in(request: HttpRequest, form: NameForm) -> HttpResponse:
    """The sign-in page, or an honest word where no sign-in is offered."""
    context = {
        "form": form,
        "local_identity": settings.LOCAL_IDENTITY,
        "wechat": settings.WECHAT_APP is not None,
        "alipay": settings.ALIPAY_SIGN_IN,
    }
    return render(request, "rewards/pages/sign_in.html", context, status=422 if form.errors else 200)


def shown(request: HttpRequest, consumer: Consumer) -> dict[str, Any]:
    """What the wallet's templates need."""
    before = cursor_of(request.GET.get("before", ""))
    wallet = wallet_of(consumer, before=before)
    for envelope in wallet.envelopes:
        vars(envelope)["in_app"] = in_app(vars(envelope))
    for voucher in wallet.vouchers:
        vars(voucher)["shown_state"] = voucher.state_at(clock.now())
    return {
        "consumer": consumer,
        "share_link": f"{settings.PUBLIC_URL}/via/{share_text(consumer)}/",
        "wallet": wallet,
        "before": before,
        "confirmable": confirming_providers(),
    }


def in_app(told: Mapping[str, Any]) -> AppConfirmation | None:
    """What the payee's app needs to confirm an envelope, of which `wallet_of` told so; None where it needs nothing."""
    if told["payout_state"] != Payout.State.AWAITING_CONFIRMATION or not told["payout_package_info"]:
        return None
    return app_confirmation(told["payout_provider"], told["payout_package_info"])


def cursor_of(text: str) -> UUID | None:
    """An envelope's id from the address; anything else begins at the newest."""
    try:
        return UUID(text)
    except ValueError:
        return None
