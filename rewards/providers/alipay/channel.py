"""The way to Alipay's gateway: calls that are signed, over connections that are kept."""

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from rewards.providers.account_lists import BEIJING
from rewards.providers.alipay.answers import content_of
from rewards.providers.alipay.certificates import certificate_of, number_of, number_of_roots
from rewards.providers.alipay.merchant import Merchant
from rewards.providers.alipay.signatures import RSA2, Signatures, signed_by
from rewards.providers.connections import Connections


class Channel:
    """Calls of one app. Nothing is called by making it."""

    def __init__(self, merchant: Merchant) -> None:
        self.merchant = merchant
        self.key = private_key(merchant.private_key)
        self.number = number_of(certificate_of(merchant.certificate))
        self.root_number = number_of_roots(merchant.roots)
        self.signatures = Signatures(merchant.alipay_certificates)
        self.connections = Connections(merchant.gateway)

    def ask(self, method: str, content: Mapping[str, Any] | None = None, **beside: str) -> dict[str, Any]:
        """What Alipay says to a call with this `biz_content`, signed; redirections are not followed.

        Raises:
            requests.RequestException: no answer.
            AnswerRefused, SignatureRefused: what came is not theirs.
        """
        response = self.connections.session.post(
            self.merchant.gateway,
            params={"charset": "utf-8"},
            data=self.signed(method, content, beside),
            timeout=self.merchant.patience,
            allow_redirects=False,
        )
        return content_of(self.signatures, method, response.status_code, response.content)

    def signed(self, method: str, content: Mapping[str, Any] | None, beside: Mapping[str, str]) -> dict[str, str]:
        """The parameters of a call. Of a repeated one all but `timestamp` and with it `sign` are the same."""
        told = {
            "app_id": self.merchant.app_id,
            "method": method,
            "format": "JSON",
            "charset": "utf-8",
            "sign_type": RSA2,
            "timestamp": f"{dt.datetime.now(BEIJING):%Y-%m-%d %H:%M:%S}",
            "version": "1.0",
            "app_cert_sn": self.number,
            "alipay_root_cert_sn": self.root_number,
            "biz_content": json.dumps(content, ensure_ascii=False) if content else "",
        }
        return signed_by(self.key, told | dict(beside))

    def fetch(self, url: str) -> tuple[int, bytes]:
        """What lies at an address that Alipay has told.

        Raises:
            requests.RequestException: no answer.
        """
        response = self.connections.session.get(url, timeout=self.merchant.patience, allow_redirects=False)
        return response.status_code, response.content


def private_key(pem: str) -> RSAPrivateKey:
    """The app's key; what else a PEM text may hold stopped the start (`config.payments`)."""
    key = load_pem_private_key(pem.encode(), password=None)
    assert isinstance(key, RSAPrivateKey)
    return key
