"""Keys and certificates of an app and of Alipay, made for one run; and the environment that tells them to a process."""

import datetime as dt
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from rewards.providers.alipay.certificates import number_of
from rewards.providers.alipay.merchant import Merchant
from tests.far_side.keys import new_key, pem_of

APP_ID = "2021000000000001"
NEW, OLD = "new", "old"


def name_of(text: str) -> x509.Name:
    told = {NameOID.COUNTRY_NAME: "CN", NameOID.ORGANIZATION_NAME: "Ant Financial", NameOID.COMMON_NAME: text}
    return x509.Name([x509.NameAttribute(kind, value) for kind, value in told.items()])


def certificate_for(key: Any, signer: Any, subject: str = "app", issuer: str = "CA") -> x509.Certificate:
    """A certificate of the key, signed by the other."""
    start = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    builder = x509.CertificateBuilder(name_of(issuer), name_of(subject), key.public_key(), x509.random_serial_number())
    return builder.not_valid_before(start).not_valid_after(start + dt.timedelta(days=3650)).sign(signer, SHA256())


def text_of(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(Encoding.PEM).decode()


@dataclass(frozen=True)
class Keys:
    """`platform`: Alipay's, by name, the present one first; `stranger` belongs to nobody here."""

    app: rsa.RSAPrivateKey = field(default_factory=new_key)
    platform: dict[str, rsa.RSAPrivateKey] = field(default_factory=lambda: {NEW: new_key(), OLD: new_key()})
    stranger: rsa.RSAPrivateKey = field(default_factory=new_key)

    def __post_init__(self) -> None:
        root, curve = self.platform[NEW], ec.generate_private_key(ec.SECP256R1())
        own = {name: certificate_for(key, root, name) for name, key in self.platform.items()}
        roots = [certificate_for(root, root, "root"), certificate_for(curve, curve, "curve")]
        object.__setattr__(self, "certificates", own)
        object.__setattr__(self, "app_certificate", certificate_for(self.app, root))
        unreadable = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
        object.__setattr__(self, "roots", unreadable + "".join(map(text_of, roots)))
        object.__setattr__(self, "root_number", number_of(roots[0]))


@cache
def keys() -> Keys:
    """This process's."""
    return Keys()


@cache
def merchant_at(gateway: str) -> Merchant:
    return Merchant(
        app_id=APP_ID,
        private_key=pem_of(keys().app),
        certificate=text_of(keys().app_certificate),
        roots=keys().roots,
        alipay_certificates=tuple(text_of(one) for one in keys().certificates.values()),
        title="扫码红包",
        scene="现金营销",
        reports={"活动名称": "开盖有奖", "奖励说明": "扫码红包"},
        gateway=gateway,
        patience=(0.5, 0.5),
    )


def environment_of(merchant: Merchant, folder: Path) -> dict[str, str]:
    """What a process of ours is told; the keys lie in the folder."""
    texts = {"app.pem": merchant.private_key, "app.crt": merchant.certificate, "roots.crt": merchant.roots} | {
        f"alipay{number}.crt": text for number, text in enumerate(merchant.alipay_certificates)
    }
    for name, text in texts.items():
        (folder / name).write_text(text)
    told = {
        "APP_ID": merchant.app_id,
        "PRIVATE_KEY_FILE": str(folder / "app.pem"),
        "APP_CERTIFICATE_FILE": str(folder / "app.crt"),
        "ROOT_CERTIFICATES_FILE": str(folder / "roots.crt"),
        "PUBLIC_CERTIFICATE_FILES": f"{folder}/alipay0.crt,{folder}/alipay1.crt",
        "TITLE": merchant.title,
        "REPORTS": ",".join(f"{kind}:{content}" for kind, content in merchant.reports.items()),
        "GATEWAY": merchant.gateway,
    }
    return {f"ONECODE_ALIPAY_{name}": value for name, value in told.items()} | {"ONECODE_PAYMENT_PROVIDER": "alipay"}
