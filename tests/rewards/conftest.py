import socket

import pytest
from celery import current_app
from django.db import connection

from rewards import tasks
from tests.alipay.keys import merchant_at as alipay_merchant_at
from tests.alipay.server import Alipay
from tests.conftest import kept_for_the_module
from tests.wechatpay.keys import merchant_at
from tests.wechatpay.server import WechatPay


@pytest.fixture(scope="module")
def kept_world(request, django_db_setup, django_db_blocker):
    """What the module's `world` makes, once. Each test undoes its own writes, and reads its rows `anew`."""
    with kept_for_the_module(django_db_blocker):
        made = request.module.world()
        connection.check_constraints()
        yield made


@pytest.fixture
def rung(monkeypatch) -> list[str]:
    """Names of the tasks that were sent to the broker, which itself is left alone."""
    sent: list[str] = []
    assert tasks.settle_due.name == "rewards.tasks.settle_due"  # unknown tasks remember the first sender for ever
    monkeypatch.setattr(current_app, "send_task", lambda name, *_, **__: sent.append(name))
    return sent


@pytest.fixture
def chosen(settings) -> WechatPay:
    """An installation that pays through WeChat Pay; nobody answers at its gateway until a test says who."""
    bank = WechatPay(gateway="http://127.0.0.1:9")
    settings.PAYMENT_PROVIDER = "wechatpay"
    settings.PAYMENT_PROVIDERS = settings.PAYMENT_PROVIDERS | {"wechatpay": "rewards.services.wechatpay.wechatpay"}
    settings.WECHATPAY = merchant_at(bank.gateway)
    return bank


@pytest.fixture
def alipay_chosen(settings) -> Alipay:
    """An installation that pays through Alipay; nobody answers at its gateway until a test says who."""
    bank = Alipay(gateway="http://127.0.0.1:9/gateway.do")
    settings.PAYMENT_PROVIDER = "alipay"
    settings.PAYMENT_PROVIDERS = settings.PAYMENT_PROVIDERS | {"alipay": "rewards.services.alipay.alipay"}
    settings.ALIPAY = alipay_merchant_at(bank.gateway)
    return bank


@pytest.fixture
def no_calls(monkeypatch) -> None:
    """Whoever calls a provider at whose gateway nobody answers is found out."""
    real = socket.socket.connect

    def connect(self, address):
        assert not (isinstance(address, tuple) and address[1] == 9), "the provider was called"
        return real(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect)
