"""Signing in with WeChat: whoever proves an openid is known by it, and is paid to it."""

import datetime as dt

import structlog
from django.conf import settings
from django.utils.translation import gettext_lazy

from consumers.models import Consumer
from consumers.wechat import CodeRefused, NoAnswer, WechatApp, openid_of, way_to_wechat
from core.errors import Forbidden, NotSignedIn, Unavailable
from rewards.services.app_sign_in import sign_in_by
from rewards.services.payees import Proof
from stores.models import Brand

WECHAT = "wechat"
PAID_BY = "wechatpay"
log = structlog.get_logger(__name__)


class WechatOff(Forbidden):
    code = "wechat_sign_in_off"
    title = gettext_lazy("Signing in with WeChat is switched off here.")


class NotKnownToWechat(NotSignedIn):
    code = "wechat_sign_in_refused"
    title = gettext_lazy("WeChat did not tell who you are. Please sign in again.")


class WechatAway(Unavailable):
    code = "wechat_away"
    title = gettext_lazy("WeChat does not answer just now. Please sign in again in a moment.")


def wechat_app() -> WechatApp:
    """The official account that signs people in here.

    Raises:
        WechatOff: there is none.
    """
    app: WechatApp | None = settings.WECHAT_APP
    if app is None:
        raise WechatOff
    return app


def way_out(*, back: str, state: str) -> str:
    """The address that asks WeChat who is looking.

    Raises:
        WechatOff: there is no official account.
    """
    return way_to_wechat(wechat_app(), back=back, state=state)


def sign_in_wechat(*, brand: Brand, code: str, present: Consumer | None, now: dt.datetime) -> Consumer:
    """The consumer whom WeChat names by this one-time code, as `sign_in_by`. Never inside a transaction: it calls.

    Raises:
        WechatOff, NotKnownToWechat, WechatAway: as they say.
    """
    app = wechat_app()
    try:
        openid = openid_of(app, code)
    except CodeRefused as refusal:
        log.info("WeChat refused a sign-in", errcode=refusal.errcode)
        raise NotKnownToWechat from refusal
    except NoAnswer as error:
        log.warning("WeChat did not answer a sign-in", reason=str(error))
        raise WechatAway from error
    proof = Proof(provider=PAID_BY, app=app.appid, account=openid)
    return sign_in_by(kind=WECHAT, proof=proof, brand=brand, present=present, now=now)
