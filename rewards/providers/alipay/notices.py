"""Alipay's notices (message alipay.fund.trans.order.changed): believed only when signed, just now, for our app.

A form: `biz_content` beside common parameters. Signed is all but `sign` and `sign_type`, by name, in the very bytes
that stand there once the form is undone, whatever their character set. Nothing on this way leaves the house.
"""

import datetime as dt
from urllib.parse import parse_qsl

from rewards.providers.account_lists import ListRefused, moment_of
from rewards.providers.alipay.answers import described
from rewards.providers.alipay.merchant import Merchant
from rewards.providers.alipay.signatures import RSA2, Signatures, joined
from rewards.providers.documents import document_of
from rewards.providers.notices import FRESH, Notice, NoticeRefused, notice_of
from rewards.providers.signing import SignatureRefused

CHANGED = "alipay.fund.trans.order.changed"
BYTES = "latin-1"
"""Each byte as one character and back."""


class NoticeReader:
    """Reads the notices to one app."""

    def __init__(self, merchant: Merchant) -> None:
        self.app_id = merchant.app_id
        self.signatures = Signatures(merchant.alipay_certificates)

    def read(self, body: bytes, *, now: dt.datetime) -> Notice:
        """The notice in a form.

        Raises:
            SignatureRefused: signature_missing, signature_type, key_unknown, signature_wrong; timestamp_malformed,
                timestamp_old: it tells a moment that is none, or that is more than five minutes from `now`.
            NoticeRefused: form_malformed, merchant_differs, event_unknown, notice_malformed.
        """
        told = parameters_of(body)
        self.check(told)
        sent_at = moment_in(told)
        if sent_at is not None and abs(now - sent_at) > FRESH:
            raise SignatureRefused("timestamp_old")
        if told.get("app_id") != self.app_id:
            raise NoticeRefused("merchant_differs")
        if told.get("msg_method") != CHANGED:
            raise NoticeRefused("event_unknown")
        content = document_of(told.get("biz_content", ""))
        return notice_of(content.get("out_biz_no"), described(content))

    def check(self, told: dict[str, str]) -> None:
        """Whether Alipay signed the parameters."""
        kind, signature = told.get("sign_type", ""), told.get("sign", "")
        if not signature:
            raise SignatureRefused("signature_missing")
        if kind != RSA2:
            raise SignatureRefused("signature_type")
        signed = {name: value for name, value in told.items() if name not in {"sign", "sign_type"}}
        self.signatures.check(joined(signed).encode(BYTES), signature, told.get("alipay_cert_sn", ""))


def parameters_of(body: bytes) -> dict[str, str]:
    """The form's parameters, each byte a character.

    Raises:
        NoticeRefused: one stands there twice, so that it is open which was signed; or there are too many.
    """
    try:
        pairs = parse_qsl(body.decode(BYTES), keep_blank_values=True, encoding=BYTES, max_num_fields=100)
    except ValueError as error:
        raise NoticeRefused("form_malformed") from error
    told = dict(pairs)
    if len(told) != len(pairs):
        raise NoticeRefused("form_malformed")
    return told


def moment_in(told: dict[str, str]) -> dt.datetime | None:
    """When it was sent: `utc_timestamp` in milliseconds, or `notify_time` in Beijing's time; None where it tells none.

    Raises:
        SignatureRefused: timestamp_malformed.
    """
    stamp, written = told.get("utc_timestamp", ""), told.get("notify_time", "")
    try:
        if stamp:
            return dt.datetime.fromtimestamp(int(stamp) / 1000, dt.UTC)
        return moment_of(written) if written else None
    except (ListRefused, OSError, OverflowError, ValueError) as error:
        raise SignatureRefused("timestamp_malformed") from error
