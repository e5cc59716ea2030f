"""Keys of a merchant and of WeChat Pay, made for one run; and the environment that tells them to our processes."""

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import rsa

from rewards.providers.wechatpay.merchant import Merchant
from tests.far_side.keys import new_key, pem_of, public_pem_of

APIV3_KEY = "0123456789abcdef0123456789abcdef"
OLD, NEW = "PUB_KEY_ID_0116", "PUB_KEY_ID_0117"


@dataclass(frozen=True)
class Keys:
    """`platform`: WeChat Pay's, by id, the present one first; `stranger` belongs to nobody here."""

    merchant: rsa.RSAPrivateKey = field(default_factory=new_key)
    platform: dict[str, rsa.RSAPrivateKey] = field(default_factory=lambda: {NEW: new_key(), OLD: new_key()})
    stranger: rsa.RSAPrivateKey = field(default_factory=new_key)


@cache
def keys() -> Keys:
    """This process's."""
    return Keys()


@cache
def merchant_at(gateway: str, notify_url: str = "https://code.example/webhooks/wechatpay/") -> Merchant:
    return Merchant(
        mchid="1900000109",
        appid="wx8888888888888888",
        certificate_serial="444F4864EA9B34415",
        private_key=pem_of(keys().merchant),
        apiv3_key=APIV3_KEY,
        public_keys={key_id: public_pem_of(key) for key_id, key in keys().platform.items()},
        notify_url=notify_url,
        scene_id="1000",
        activity="开盖有奖",
        reward="扫码红包",
        gateway=gateway,
        patience=(0.5, 0.5),
    )


def environment_of(merchant: Merchant, folder: Path) -> dict[str, str]:
    """What a process of ours is told; the keys lie in the folder."""
    (folder / "merchant.pem").write_text(merchant.private_key)
    for key_id, pem in merchant.public_keys.items():
        (folder / f"{key_id}.pem").write_text(pem)
    told = {
        "MCHID": merchant.mchid,
        "APPID": merchant.appid,
        "CERTIFICATE_SERIAL": merchant.certificate_serial,
        "PRIVATE_KEY_FILE": str(folder / "merchant.pem"),
        "APIV3_KEY": merchant.apiv3_key,
        "PUBLIC_KEYS": ",".join(f"{key_id}:{folder / key_id}.pem" for key_id in merchant.public_keys),
        "NOTIFY_URL": merchant.notify_url,
        "ACTIVITY": merchant.activity,
        "REWARD": merchant.reward,
        "GATEWAY": merchant.gateway,
    }
    return {f"ONECODE_WECHATPAY_{name}": value for name, value in told.items()} | {
        "ONECODE_WECHAT_SECRET": "s3cret",
        "ONECODE_PAYMENT_PROVIDER": "wechatpay",
    }
