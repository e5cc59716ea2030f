"""Outside the demo a missing or careless setting stops the start; it never falls back to something unsafe."""

import os
import subprocess
import sys

import pytest

PRODUCTION = {
    "SECRET_KEY": "s" * 50,
    "ONECODE_CODE_KEYS": "1:" + "0f" * 32,
    "DATABASE_URL": "postgres://u:p@127.0.0.1:1/d",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "ONECODE_PUBLIC_URL": "https://q.example.com",
    "ALLOWED_HOSTS": "q.example.com",
    "ONECODE_PAYMENT_PROVIDER": "wechatpay",
}
SHOW = """
from config import settings as s
print(s.LOCAL_IDENTITY, s.SESSION_COOKIE_SECURE, s.SECURE_HSTS_SECONDS > 0, s.DEBUG, s.ALLOWED_HOSTS)
"""


def start(changes: dict[str, str | None], script: str = SHOW) -> subprocess.CompletedProcess[str]:
    environment = {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "config.settings",
        **PRODUCTION,
        **{k: v for k, v in changes.items() if v is not None},
    }
    for name in [k for k, v in changes.items() if v is None]:
        environment.pop(name, None)
    return subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=False)


def test_production_is_closed_by_default():
    run = start({})
    assert run.stdout.strip() == "False True True False ['q.example.com']", run.stderr


@pytest.mark.parametrize("name", sorted(PRODUCTION))
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
    ],
)
def test_what_fits_the_demo_alone_is_refused_elsewhere(changes, words):
    run = start(changes)
    assert run.returncode != 0
    assert words in run.stderr


def test_a_malformed_code_key_stops_the_start_without_showing_the_key():
    run = start({"ONECODE_CODE_KEYS": "1:beef"}, "import django; django.setup()")
    assert run.returncode != 0
    assert "ONECODE_CODE_KEYS" in run.stderr
    assert "beef" not in run.stderr


def test_the_demo_is_open_and_says_so():
    run = start(
        {"ONECODE_DEMO": "1", "ONECODE_PAYMENT_PROVIDER": None, "ALLOWED_HOSTS": None, "ONECODE_PUBLIC_URL": None}
    )
    assert run.stdout.strip() == "True False False False ['*']", run.stderr
