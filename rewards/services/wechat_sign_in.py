"""Signing in with WeChat: whoever proves an openid is known by it, and is paid to it."""

import datetime as dt

import structlog
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy

from consumers.models import Consumer, Identity
from consumers.services.identity import consumer_by, find_or_join
from consumers.wechat import CodeRefused, NoAnswer, WechatApp, openid_of
from core.errors import Forbidden, NotSignedIn, Unavailable
from core.sealing import seal
from rewards.models import PayeeAccount
from rewards.services.payees import Proof, link_account
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


def sign_in_wechat(*, brand: Brand, code: str, present: Consumer | None, now: dt.datetime) -> Consumer:
    """The consumer whom WeChat names by this one-time code; their promises are paid to that openid from now on.

    A new openid becomes one of `present`, who is signed in already; where nobody is, of a new consumer. A known one
    is its consumer's, whoever is signed in. Calls WeChat: never inside a transaction.

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
    consumer = known_by(openid, brand=brand, present=present, now=now)
    if not is_paid_to(consumer, app.appid, openid):
        proof = Proof(provider=PAID_BY, app=app.appid, account=openid)
        link_account(payee=consumer, proof=proof, now=now, actor=f"consumer:{consumer.pk}")
    return consumer


def known_by(openid: str, *, brand: Brand, present: Consumer | None, now: dt.datetime) -> Consumer:
    """Whose openid it is; from now on, where it was nobody's yet."""
    known = consumer_by(brand=brand, provider=WECHAT, subject=openid)
    if known is None and present is not None and present.brand_id == brand.pk and takes(present, openid):
        return present
    return known or find_or_join(brand=brand, provider=WECHAT, subject=openid, name="", now=now)


def takes(consumer: Consumer, openid: str) -> bool:
    """Whether the consumer takes the openid on: who has another one already, or comes too late, does not."""
    if Identity.objects.filter(consumer=consumer, provider=WECHAT).exists():
        return False
    try:
        with transaction.atomic():
            Identity.objects.create(brand=consumer.brand, consumer=consumer, provider=WECHAT, subject=openid)
    except IntegrityError:
        return False
    return True


def is_paid_to(consumer: Consumer, appid: str, openid: str) -> bool:
    """Whether this very account is on file."""
    return PayeeAccount.objects.filter(consumer=consumer, provider=PAID_BY, app=appid, account=seal(openid)).exists()
