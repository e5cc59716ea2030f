"""The way to WeChat Pay: wechatpayv3's calls, over connections that are kept and answers that are believed when signed.

What is overruled of the library: its gateway is fixed, it opens a connection for each call, and it fetches keys while
verifying. Here the gateway is the merchant's, a thread keeps its connection, and only the given keys are known.
"""

import json
from collections.abc import Mapping
from typing import Any

from wechatpayv3 import WeChatPay, WeChatPayType
from wechatpayv3.core import Core
from wechatpayv3.type import RequestType
from wechatpayv3.utils import build_authorization

from rewards.providers.connections import Connections
from rewards.providers.wechatpay.merchant import Merchant
from rewards.providers.wechatpay.signatures import Signatures

SUCCESSFUL = range(200, 300)


class Channel(Core):  # type: ignore[misc] # the library has no types
    """The library's core, by which it signs and sends."""

    def __init__(self, merchant: Merchant) -> None:
        super().__init__(
            mchid=merchant.mchid,
            cert_serial_no=merchant.certificate_serial,
            private_key=merchant.private_key,
            apiv3_key=merchant.apiv3_key,
            timeout=merchant.patience,
            public_key=merchant.public_keys[merchant.key_id],
            public_key_id=merchant.key_id,
        )
        self._gate_way = merchant.gateway
        self.signatures = Signatures(merchant.public_keys)
        self.connections = Connections(merchant.gateway)

    def request(
        self,
        path: str,
        method: RequestType = RequestType.GET,
        data: Mapping[str, Any] | None = None,
        skip_verify: bool = False,
        **_: Any,
    ) -> tuple[int, bytes]:
        """One call; the bytes that were signed are the bytes that are sent. Redirections are not followed.

        Raises:
            requests.RequestException: no answer.
            SignatureRefused: a successful answer that WeChat Pay did not sign.
        """
        body = json.dumps(data) if data else ""
        headers = {
            "Accept": "application/json",
            "Content-Type": "application/json",
            "User-Agent": "OneCode",
            "Wechatpay-Serial": self._public_key_id,
            "Authorization": build_authorization(
                path, method.value, self._mchid, self._cert_serial_no, self._private_key, data=body
            ),
        }
        response = self.connections.session.request(
            method.value,
            self._gate_way + path,
            data=body.encode() or None,
            headers=headers,
            timeout=self._timeout,
            allow_redirects=False,
        )
        if response.status_code in SUCCESSFUL and not skip_verify:
            self.signatures.check(response.headers, response.content)
        return response.status_code, response.content


def client_of(merchant: Merchant) -> WeChatPay:
    """The library's client, calling through a `Channel`. Nothing is called by making it.

    The private key goes to the channel alone: checking it takes a tenth of a second.
    """
    client = WeChatPay(
        wechatpay_type=WeChatPayType.JSAPI,
        mchid=merchant.mchid,
        private_key=None,
        cert_serial_no=merchant.certificate_serial,
        appid=merchant.appid,
        apiv3_key=merchant.apiv3_key,
        notify_url=merchant.notify_url,
        public_key=merchant.public_keys[merchant.key_id],
        public_key_id=merchant.key_id,
    )
    client._core = Channel(merchant)  # noqa: SLF001 - the library has no other way in
    return client
