"""WeChat Pay at the pace of a test: what takes minutes there takes a second here. Nothing else differs."""

import datetime as dt
from dataclasses import replace

from django.conf import settings

from rewards.providers import gate
from rewards.providers.interface import Pace, seconds
from rewards.providers.wechatpay.provider import NAME_FROM_FEN, WechatPayProvider

PACE = Pace(
    lease=dt.timedelta(seconds=6),
    resend_after=dt.timedelta(seconds=1.5),
    back_off=seconds(0.3, 0.6, 1, 2, 2, 3),
    name_from_fen=NAME_FROM_FEN,
)


def wechatpay() -> WechatPayProvider:
    gate.PAUSE_MS, gate.LONGEST_PAUSE_MS, gate.TRIAL_MS = 50, 2_000, 2_000
    return WechatPayProvider(replace(settings.WECHATPAY, patience=(0.5, 0.5)), PACE)
