"""WeChat Pay with this installation's merchant."""

from functools import cache

from django.conf import settings

from rewards.providers.interface import Ceiling, Pace
from rewards.providers.wechatpay.merchant import Merchant
from rewards.providers.wechatpay.notices import NoticeReader
from rewards.providers.wechatpay.provider import LEAST_FEN, NAME_FROM_FEN, WechatPayProvider


def wechatpay() -> WechatPayProvider:
    """The provider of settings.WECHATPAY; it is listed only where that is set."""
    ceiling = Ceiling(*settings.WECHATPAY_PAYEE_DAY)
    return WechatPayProvider(merchant(), Pace(name_from_fen=NAME_FROM_FEN, payee_day=ceiling, least_fen=LEAST_FEN))


@cache
def notice_reader() -> NoticeReader:
    """The reader of the merchant's callbacks, made once a process."""
    return NoticeReader(merchant())


def merchant() -> Merchant:
    """The merchant of this installation."""
    assert settings.WECHATPAY is not None
    return settings.WECHATPAY
