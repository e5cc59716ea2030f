"""Settings of the processes that pay the hostile server: the tests', with a provider in a hurry."""

from tests.settings import *  # noqa: F403
from tests.settings import PAYMENT_PROVIDERS

PAYMENT_PROVIDERS["wechatpay"] = "tests.wechatpay.quick.wechatpay"
PAYMENT_RATES = {"wechatpay": 1000}
