"""Signing in with Alipay: whoever proves an account is known by it, and is paid to it."""

import datetime as dt

import requests
import structlog
from django.conf import settings
from django.utils.translation import gettext_lazy

from consumers.models import Consumer
from core.errors import Forbidden, NotSignedIn, Unavailable
from rewards.providers.alipay.answers import AnswerRefused
from rewards.providers.alipay.people import CodeRefused, account_of, way_to_alipay
from rewards.providers.signing import SignatureRefused
from rewards.services.alipay import channel, merchant
from rewards.services.app_sign_in import sign_in_by
from rewards.services.payees import Proof
from stores.models import Brand

ALIPAY = "alipay"
"""The kind of identity, and the provider that pays to it."""
log = structlog.get_logger(__name__)


class AlipayOff(Forbidden):
    code = "alipay_sign_in_off"
    title = gettext_lazy("Signing in with Alipay is switched off here.")


class NotKnownToAlipay(NotSignedIn):
    code = "alipay_sign_in_refused"
    title = gettext_lazy("Alipay did not tell who you are. Please sign in again.")


class AlipayAway(Unavailable):
    code = "alipay_away"
    title = gettext_lazy("Alipay does not answer just now. Please sign in again in a moment.")


def way_out(*, back: str, state: str) -> str:
    """The address that asks Alipay who is looking.

    Raises:
        AlipayOff: nobody is paid there.
    """
    if not settings.ALIPAY_SIGN_IN:
        raise AlipayOff
    return way_to_alipay(merchant(), back=back, state=state)


def sign_in_alipay(*, brand: Brand, code: str, present: Consumer | None, now: dt.datetime) -> Consumer:
    """The consumer whom Alipay names by this one-time code, as `sign_in_by`. Never inside a transaction: it calls.

    Raises:
        AlipayOff, NotKnownToAlipay, AlipayAway: as they say.
    """
    if not settings.ALIPAY_SIGN_IN:
        raise AlipayOff
    try:
        account = account_of(channel(), code)
    except CodeRefused as refusal:
        log.info("Alipay refused a sign-in", reason=str(refusal))
        raise NotKnownToAlipay from refusal
    except (AnswerRefused, SignatureRefused) as refusal:
        log.warning("Alipay did not answer a sign-in", reason=refusal.code)
        raise AlipayAway from refusal
    except requests.RequestException as error:
        log.warning("Alipay did not answer a sign-in", reason=type(error).__name__)
        raise AlipayAway from error
    proof = Proof(provider=ALIPAY, app=merchant().app_id, account=account)
    return sign_in_by(kind=ALIPAY, proof=proof, brand=brand, present=present, now=now)
