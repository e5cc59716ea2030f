"""A merchant's app at Alipay: whatever its calls and notices need to know."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

GATEWAY = "https://openapi.alipay.com/gateway.do"
OPEN = "https://openauth.alipay.com"


@dataclass(frozen=True, slots=True)
class Merchant:
    """Numbers, keys and texts as the open platform shows them.

    Attributes:
        private_key: the app's, PEM; it signs calls.
        certificate: the app's own (应用公钥证书), PEM.
        roots: Alipay's root certificates (支付宝根证书), PEM, one behind the other.
        alipay_certificates: Alipay's public certificates (支付宝公钥证书), PEM. Each may sign, so that a new one can be
            put here before the change and an old one be left until after it.
        title: what payees read beside the amount.
        scene: 转账场景, as the platform granted it; empty for contracts that have none.
        reports: what the scene wants to be told, content by kind (信息类型).
        gateway, open_url: where to call, and where people are sent to sign in (without a slash at the end).
        patience: seconds to wait for a connection, and for an answer.
    """

    app_id: str
    private_key: str = field(repr=False)
    certificate: str = field(repr=False)
    roots: str = field(repr=False)
    alipay_certificates: Sequence[str] = field(repr=False)
    title: str
    scene: str
    reports: Mapping[str, str]
    gateway: str = GATEWAY
    open_url: str = OPEN
    patience: tuple[float, float] = (3, 10)
