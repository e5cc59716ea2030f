"""What is missing or unusable of a merchant's app at Alipay is named, and stops the start."""

from dataclasses import replace

import environ
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.core.exceptions import ImproperlyConfigured

from config.payments import alipay_merchant
from tests.alipay.keys import certificate_for, environment_of, keys, merchant_at, text_of

MERCHANT = merchant_at("https://openapi.example.com/gateway.do")


@pytest.fixture
def told(tmp_path):
    return environment_of(MERCHANT, tmp_path)


def made(told, *, demo=False):
    env = environ.Env()
    env.ENVIRON = told
    return alipay_merchant(env, demo=demo)


def test_what_is_told_is_the_merchant(told):
    made_one = made(told)
    assert made_one == replace(MERCHANT, patience=made_one.patience)


def test_nothing_is_made_of_nothing():
    assert made({"ONECODE_PAYMENT_PROVIDER": "wechatpay"}) is None


def test_an_app_that_is_named_is_known_though_another_provider_is_chosen(told):
    assert made(told | {"ONECODE_PAYMENT_PROVIDER": "wechatpay"}) is not None


def test_a_contract_without_scenes_needs_no_reports(told):
    del told["ONECODE_ALIPAY_REPORTS"]
    assert made(told | {"ONECODE_ALIPAY_SCENE": ""}).reports == {}


NAMES = sorted(
    f"ONECODE_ALIPAY_{name}"
    for name in (
        "APP_ID",
        "PRIVATE_KEY_FILE",
        "APP_CERTIFICATE_FILE",
        "ROOT_CERTIFICATES_FILE",
        "PUBLIC_CERTIFICATE_FILES",
        "TITLE",
        "REPORTS",
    )
)


@pytest.mark.parametrize("name", NAMES)
def test_what_is_missing_is_named(told, name):
    del told[name]
    with pytest.raises(ImproperlyConfigured, match=name):
        made(told)


def curve_key_in(folder) -> str:
    key = ec.generate_private_key(ec.SECP256R1())
    (folder / "curve.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    (folder / "curve.crt").write_text(text_of(certificate_for(key, key)))
    (folder / "other.crt").write_text(text_of(certificate_for(keys().stranger, keys().stranger)))
    return str(folder)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"PRIVATE_KEY_FILE": "/nowhere"}, "the file /nowhere can't be read"),
        ({"PRIVATE_KEY_FILE": "{folder}/app.crt"}, "holds no private key in PEM"),
        ({"PRIVATE_KEY_FILE": "{folder}/curve.pem"}, "the key is not an RSA key"),
        ({"APP_CERTIFICATE_FILE": "{folder}/app.pem"}, "holds no certificate in PEM with an RSA key"),
        ({"APP_CERTIFICATE_FILE": "{folder}/curve.crt"}, "holds no certificate in PEM with an RSA key"),
        ({"APP_CERTIFICATE_FILE": "{folder}/other.crt"}, "is not the certificate of the private key"),
        ({"ROOT_CERTIFICATES_FILE": "{folder}/curve.crt"}, "holds no certificate in PEM that RSA signs"),
        ({"PUBLIC_CERTIFICATE_FILES": ""}, "names no file"),
        ({"PUBLIC_CERTIFICATE_FILES": "{folder}/app.crt,{folder}/curve.crt"}, "holds no certificate"),
        ({"REPORTS": ""}, "write kind:content"),
        ({"REPORTS": "活动名称"}, "write kind:content"),
        ({"GATEWAY": "http://openapi.example.com/"}, "ONECODE_ALIPAY_GATEWAY must begin with https"),
    ],
)
def test_what_is_unusable_is_named(told, tmp_path, changes, words):
    folder = curve_key_in(tmp_path)
    changed = {f"ONECODE_ALIPAY_{name}": value.format(folder=folder) for name, value in changes.items()}
    with pytest.raises(ImproperlyConfigured, match=words):
        made(told | changed)


def test_the_demo_may_call_a_gateway_in_the_clear(told):
    assert made(told | {"ONECODE_ALIPAY_GATEWAY": "http://127.0.0.1:9/"}, demo=True).gateway == "http://127.0.0.1:9/"
