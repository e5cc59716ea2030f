"""A merchant's account at WeChat Pay: whatever its calls and callbacks need to know."""

from collections.abc import Mapping
from dataclasses import dataclass, field

GATEWAY = "https://api.mch.weixin.qq.com"


@dataclass(frozen=True, slots=True)
class Merchant:
    """Numbers, keys and texts as the merchant platform shows them.

    Attributes:
        certificate_serial: serial number of the merchant's own certificate, whose `private_key` (PEM) signs calls.
        apiv3_key: 32 characters; callbacks are encrypted with it.
        public_keys: WeChat Pay's public keys (PEM) by their ids. The first encrypts names; all may sign, so that a
            new one can be put here before the change and an old one be left until after it.
        scene_id: the transfer scene that was granted, 1000 for cash marketing.
        activity, reward: the scene's reports 活动名称 and 奖励说明.
        gateway: where to call, without a slash at the end.
        patience: seconds to wait for a connection, and for an answer.
    """

    mchid: str
    appid: str
    certificate_serial: str
    private_key: str = field(repr=False)
    apiv3_key: str = field(repr=False)
    public_keys: Mapping[str, str] = field(repr=False)
    notify_url: str
    scene_id: str
    activity: str
    reward: str
    gateway: str = GATEWAY
    patience: tuple[float, float] = (3, 10)

    @property
    def key_id(self) -> str:
        """The id of the key that encrypts."""
        return next(iter(self.public_keys))
