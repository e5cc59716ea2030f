"""Outside the demo a missing or careless setting stops the start; it never falls back to something unsafe."""

import importlib
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import django
import pytest

from tests.alipay.keys import environment_of as alipay_environment
from tests.alipay.keys import merchant_at as alipay_merchant_at
from tests.config.fresh_process import Ended, in_a_fresh_process
from tests.wechatpay.keys import environment_of, merchant_at

PRODUCTION = {
    "SECRET_KEY": "s" * 50,
    "ONECODE_CODE_KEYS": "1:" + "0f" * 32,
    "DATABASE_URL": "postgres://u:p@127.0.0.1:1/d",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "ONECODE_PUBLIC_URL": "https://q.example.com",
    "ALLOWED_HOSTS": "q.example.com",
    "ONECODE_PAYMENT_PROVIDER": "wechatpay",
    "ONECODE_PAYEE_KEYS": "1:" + "0f" * 32,
}
MERCHANT = {
    f"ONECODE_WECHATPAY_{name}"
    for name in (
        "MCHID",
        "APPID",
        "CERTIFICATE_SERIAL",
        "PRIVATE_KEY_FILE",
        "APIV3_KEY",
        "PUBLIC_KEYS",
        "ACTIVITY",
        "REWARD",
    )
}
FOLDER = tempfile.TemporaryDirectory(prefix="onecode-keys-")


def show() -> None:
    s = importlib.import_module("config.settings")
    sys.stdout.write(
        f"{s.LOCAL_IDENTITY} {s.SESSION_COOKIE_SECURE} {s.SECURE_HSTS_SECONDS > 0} {s.DEBUG} {s.ALLOWED_HOSTS}\n"
    )


def show_providers() -> None:
    s = importlib.import_module("config.settings")
    sys.stdout.write(f"{s.PAYMENT_PROVIDER} {sorted(s.PAYMENT_PROVIDERS)} {s.WECHATPAY}\n")


def start(changes: dict[str, str | None], work: Callable[[], object] = show) -> Ended:
    environment = {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "config.settings",
        **PRODUCTION,
        **environment_of(merchant_at("https://pay.example.com"), Path(FOLDER.name)),
        **{k: v for k, v in changes.items() if v is not None},
    }
    for name in [k for k, v in changes.items() if v is None]:
        environment.pop(name, None)
    return in_a_fresh_process(work, environment)


def test_production_is_closed_by_default():
    run = start({})
    assert run.stdout.strip() == "False True True False ['q.example.com']", run.stderr


@pytest.mark.parametrize("name", sorted({*PRODUCTION, *MERCHANT}))
def test_a_missing_setting_stops_the_start_and_is_named(name):
    run = start({name: None})
    assert run.returncode != 0
    assert name in run.stderr.splitlines()[-1]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"SECRET_KEY": "short"}, "SECRET_KEY must have at least 50 characters"),
        ({"ONECODE_LOCAL_IDENTITY": "1"}, "ONECODE_LOCAL_IDENTITY works in the demo only"),
        ({"ONECODE_PAYMENT_PROVIDER": "sandbox"}, "The sandbox wallet pays no real money"),
        ({"ONECODE_PAYMENT_PROVIDER": "cash"}, "there is no cash; choose wechatpay"),
        ({"ONECODE_WECHATPAY_APIV3_KEY": "short"}, "ONECODE_WECHATPAY_APIV3_KEY must have 32 characters"),
        ({"ONECODE_WECHATPAY_PRIVATE_KEY_FILE": "/nowhere"}, "the file /nowhere can't be read"),
        ({"ONECODE_WECHATPAY_PRIVATE_KEY_FILE": __file__}, "holds no private key in PEM"),
        ({"ONECODE_WECHATPAY_PUBLIC_KEYS": "PUB_KEY_ID_1"}, "write each as id:file"),
        ({"ONECODE_WECHATPAY_PUBLIC_KEYS": f"PUB_KEY_ID_1:{__file__}"}, "holds no RSA public key in PEM"),
        ({"ONECODE_WECHAT_SECRET": None}, "ONECODE_WECHAT_SECRET"),
        ({"ONECODE_WECHAT_API": "http://wechat.example.com"}, "ONECODE_WECHAT_API must begin with https"),
        ({"ONECODE_WECHATPAY_GATEWAY": "http://pay.example.com"}, "ONECODE_WECHATPAY_GATEWAY must begin with https"),
        ({"ONECODE_WECHATPAY_NOTIFY_URL": "http://q.example.com/"}, "ONECODE_WECHATPAY_NOTIFY_URL must begin"),
    ],
)
def test_what_fits_the_demo_alone_is_refused_elsewhere(changes, words):
    run = start(changes)
    assert run.returncode != 0
    assert words in run.stderr


def test_alipay_may_be_chosen_without_wechat_pay():
    told = alipay_environment(alipay_merchant_at("https://openapi.example.com/gateway.do"), Path(FOLDER.name))
    run = start(dict.fromkeys({*MERCHANT, "ONECODE_WECHAT_SECRET"}) | told, show_providers)
    assert run.stdout.strip() == "alipay ['alipay', 'sandbox'] None", run.stderr


def test_a_malformed_code_key_stops_the_start_without_showing_the_key():
    run = start({"ONECODE_CODE_KEYS": "1:beef"}, django.setup)
    assert run.returncode != 0
    assert "ONECODE_CODE_KEYS" in run.stderr
    assert "beef" not in run.stderr


def test_the_demo_is_open_and_says_so():
    run = start(
        {"ONECODE_DEMO": "1", "ONECODE_PAYMENT_PROVIDER": None, "ALLOWED_HOSTS": None, "ONECODE_PUBLIC_URL": None}
    )
    assert run.stdout.strip() == "True False False False ['*']", run.stderr
