"""Merchants' accounts at the payment providers, from the environment. What is missing or unusable stops the start."""

from pathlib import Path

import environ
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django.core.exceptions import ImproperlyConfigured

from consumers.wechat import API, OPEN, WechatApp
from rewards.providers.alipay import merchant as alipay
from rewards.providers.alipay.certificates import certificate_of, key_of, number_of_roots
from rewards.providers.signing import rsa_key
from rewards.providers.wechatpay.merchant import GATEWAY, Merchant

APIV3_LENGTH = 32


def wechatpay_merchant(env: environ.Env, *, public_url: str, demo: bool) -> Merchant | None:
    """The merchant of the variables ONECODE_WECHATPAY_…; None where nothing chooses or names one.

    Raises:
        ImproperlyConfigured: one is missing, or can't be used; names it.
    """
    if env.str("ONECODE_PAYMENT_PROVIDER", default="") != "wechatpay" and not env.str(
        "ONECODE_WECHATPAY_MCHID", default=""
    ):
        return None
    merchant = Merchant(
        mchid=env.str("ONECODE_WECHATPAY_MCHID"),
        appid=env.str("ONECODE_WECHATPAY_APPID"),
        certificate_serial=env.str("ONECODE_WECHATPAY_CERTIFICATE_SERIAL"),
        private_key=private_key("ONECODE_WECHATPAY_PRIVATE_KEY_FILE", env),
        apiv3_key=env.str("ONECODE_WECHATPAY_APIV3_KEY"),
        public_keys=public_keys("ONECODE_WECHATPAY_PUBLIC_KEYS", env),
        notify_url=env.str("ONECODE_WECHATPAY_NOTIFY_URL", default=f"{public_url.rstrip('/')}/webhooks/wechatpay/"),
        scene_id=env.str("ONECODE_WECHATPAY_SCENE", default="1000"),
        activity=env.str("ONECODE_WECHATPAY_ACTIVITY"),
        reward=env.str("ONECODE_WECHATPAY_REWARD"),
        gateway=env.str("ONECODE_WECHATPAY_GATEWAY", default=GATEWAY).rstrip("/"),
    )
    require(len(merchant.apiv3_key.encode()) == APIV3_LENGTH, "ONECODE_WECHATPAY_APIV3_KEY must have 32 characters.")
    for name, url in (("GATEWAY", merchant.gateway), ("NOTIFY_URL", merchant.notify_url)):
        require(demo or url.startswith("https://"), f"ONECODE_WECHATPAY_{name} must begin with https://.")
    return merchant


def alipay_merchant(env: environ.Env, *, demo: bool) -> alipay.Merchant | None:
    """The merchant of the variables ONECODE_ALIPAY_…; None where nothing chooses or names one.

    Raises:
        ImproperlyConfigured: one is missing, or can't be used; names it.
    """
    chosen = env.str("ONECODE_PAYMENT_PROVIDER", default="") == "alipay"
    if not chosen and not env.str("ONECODE_ALIPAY_APP_ID", default=""):
        return None
    scene = env.str("ONECODE_ALIPAY_SCENE", default="现金营销")
    merchant = alipay.Merchant(
        app_id=env.str("ONECODE_ALIPAY_APP_ID"),
        private_key=private_key("ONECODE_ALIPAY_PRIVATE_KEY_FILE", env),
        certificate=certificate("ONECODE_ALIPAY_APP_CERTIFICATE_FILE", env.str("ONECODE_ALIPAY_APP_CERTIFICATE_FILE")),
        roots=roots("ONECODE_ALIPAY_ROOT_CERTIFICATES_FILE", env),
        alipay_certificates=certificates("ONECODE_ALIPAY_PUBLIC_CERTIFICATE_FILES", env),
        title=env.str("ONECODE_ALIPAY_TITLE"),
        scene=scene,
        reports=reports("ONECODE_ALIPAY_REPORTS", env) if scene else {},
        gateway=env.str("ONECODE_ALIPAY_GATEWAY", default=alipay.GATEWAY),
        open_url=env.str("ONECODE_ALIPAY_OPEN", default=alipay.OPEN).rstrip("/"),
    )
    require(demo or merchant.gateway.startswith("https://"), "ONECODE_ALIPAY_GATEWAY must begin with https://.")
    own = key_of(certificate_of(merchant.certificate)).public_numbers()
    signing = load_pem_private_key(merchant.private_key.encode(), password=None, unsafe_skip_rsa_key_validation=True)
    require(
        isinstance(signing, RSAPrivateKey) and signing.public_key().public_numbers() == own,
        "ONECODE_ALIPAY_APP_CERTIFICATE_FILE is not the certificate of the private key.",
    )
    return merchant


def wechat_app(env: environ.Env, merchant: Merchant | None, *, demo: bool) -> WechatApp | None:
    """The official account of the merchant's appid, which signs people in; None where no merchant is named.

    The demo may do without; elsewhere nobody could be paid.

    Raises:
        ImproperlyConfigured: its secret is missing, or it would be sent in the clear.
    """
    secret = env.str("ONECODE_WECHAT_SECRET", default="") if demo else merchant and env.str("ONECODE_WECHAT_SECRET")
    if merchant is None or not secret:
        return None
    app = WechatApp(
        appid=merchant.appid,
        secret=secret,
        open_url=env.str("ONECODE_WECHAT_OPEN", default=OPEN).rstrip("/"),
        api_url=env.str("ONECODE_WECHAT_API", default=API).rstrip("/"),
    )
    require(demo or app.api_url.startswith("https://"), "ONECODE_WECHAT_API must begin with https://.")
    return app


def payee_keys(env: environ.Env, *, needed: bool, secret: str) -> str:
    """ONECODE_PAYEE_KEYS; where no account of a person is kept, a key of the demo's own will do.

    Raises:
        ImproperlyConfigured: accounts of people are kept, and there is no key for them.
    """
    if needed:
        return str(env.str("ONECODE_PAYEE_KEYS"))
    return str(env.str("ONECODE_PAYEE_KEYS", default="1:" + secret.encode().hex().ljust(64, "0")[:64]))


def private_key(name: str, env: environ.Env) -> str:
    """The PEM text of the file that a variable names."""
    pem = text_of(name, env.str(name))
    try:
        key = load_pem_private_key(pem.encode(), password=None, unsafe_skip_rsa_key_validation=True)
    except (ValueError, TypeError) as error:
        raise ImproperlyConfigured(f"{name}: the file holds no private key in PEM without a password.") from error
    require(isinstance(key, RSAPrivateKey), f"{name}: the key is not an RSA key.")
    return pem


def public_keys(name: str, env: environ.Env) -> dict[str, str]:
    """PEM texts by id, from `id:file,id:file`, in that order."""
    found = {}
    for entry in env.list(name):
        key_id, _, path = entry.strip().partition(":")
        require(bool(key_id and path), f"{name}: write each as id:file.")
        found[key_id] = text_of(name, path)
        try:
            rsa_key(found[key_id])
        except ValueError as error:
            raise ImproperlyConfigured(f"{name}: the file of {key_id} holds no RSA public key in PEM.") from error
    require(bool(found), f"{name} names no key.")
    return found


def certificate(name: str, path: str) -> str:
    """The PEM text of a certificate with an RSA key."""
    pem = text_of(name, path)
    try:
        key_of(certificate_of(pem))
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}: the file {path} holds no certificate in PEM with an RSA key.") from error
    return pem


def certificates(name: str, env: environ.Env) -> tuple[str, ...]:
    """PEM texts of the certificates whose files a variable names, comma between; at least one."""
    found = tuple(certificate(name, path.strip()) for path in env.list(name))
    require(bool(found), f"{name} names no file.")
    return found


def roots(name: str, env: environ.Env) -> str:
    """The PEM text of Alipay's roots."""
    pem = text_of(name, env.str(name))
    try:
        number_of_roots(pem)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}: the file holds no certificate in PEM that RSA signs.") from error
    return pem


def reports(name: str, env: environ.Env) -> dict[str, str]:
    """What a transfer's scene wants to be told, from `kind:content,kind:content`, in that order; at least one."""
    told = dict(entry.strip().partition(":")[::2] for entry in env.list(name))
    require(bool(told) and all(kind and content for kind, content in told.items()), f"{name}: write kind:content.")
    return told


def text_of(name: str, path: str) -> str:
    """A file's text."""
    try:
        return Path(path).read_text()
    except (OSError, ValueError) as error:
        raise ImproperlyConfigured(f"{name}: the file {path} can't be read.") from error


def require(holds: bool, otherwise: str) -> None:
    """Stop the start unless it holds."""
    if not holds:
        raise ImproperlyConfigured(otherwise)
