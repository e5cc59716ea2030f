"""Alipay with this installation's merchant."""

from functools import cache

from django.conf import settings

from rewards.providers.alipay.channel import Channel
from rewards.providers.alipay.merchant import Merchant
from rewards.providers.alipay.notices import NoticeReader
from rewards.providers.alipay.provider import LEAST_FEN, AlipayProvider
from rewards.providers.interface import Ceiling, Pace


def alipay() -> AlipayProvider:
    """The provider of settings.ALIPAY; it is listed only where that is set."""
    return AlipayProvider(merchant(), Pace(payee_day=Ceiling(*settings.ALIPAY_PAYEE_DAY), least_fen=LEAST_FEN))


@cache
def notice_reader() -> NoticeReader:
    """The reader of the merchant's notices, made once a process."""
    return NoticeReader(merchant())


@cache
def channel() -> Channel:
    """The way to the gateway, made once a process."""
    return Channel(merchant())


def merchant() -> Merchant:
    """The merchant of this installation."""
    assert settings.ALIPAY is not None
    return settings.ALIPAY
