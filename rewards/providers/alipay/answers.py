"""Alipay's answers: believed when signed, then read as ours.

An answer is `{"<method>_response": {…}, "alipay_cert_sn": "…", "sign": "…"}`. The signature is over the very text of
the first member, which therefore is cut out as it stands; nothing else is read.
"""

import json
from typing import Any

from rewards.providers.account_lists import ListRefused, fen_of
from rewards.providers.alipay.signatures import Signatures
from rewards.providers.alipay.tables import (
    ALLOWANCE_SPENT,
    FINAL_REFUSALS,
    NO_SUCH_BILL,
    NOT_NOW,
    PAYEE_AT_FAULT,
    STATES,
)
from rewards.providers.documents import code_of, document_of
from rewards.providers.interface import Answer, Outcome

DECODER = json.JSONDecoder()
OK = 200
DONE, AWAY = "10000", "20000"
"""`code`: well; their service does not answer, and nobody knows what became of the call."""
LONGEST_REF = 64


class AnswerRefused(ValueError):  # noqa: N818 - says what became of it
    """`code` says why what came is no answer of Alipay's; nothing follows from it."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def content_of(signatures: Signatures, method: str, status: int, body: bytes) -> dict[str, Any]:
    """What Alipay said of a call, signed.

    Raises:
        AnswerRefused: HTTP_…, answer_malformed; or the code that it gave without a signature, signature_missing.
        SignatureRefused: as `Signatures.check`.
    """
    if status != OK:
        raise AnswerRefused(f"HTTP_{status}")
    text = body.decode(errors="replace")
    document = document_of(text)
    named = (method.replace(".", "_") + "_response", "error_response")
    name = next((one for one in named if isinstance(document.get(one), dict)), None)
    if name is None:
        raise AnswerRefused("answer_malformed")
    signature, number = document.get("sign"), document.get("alipay_cert_sn", "")
    if not isinstance(signature, str) or not isinstance(number, str):
        raise AnswerRefused(fault_of(document[name]) or "signature_missing")
    signed = text_of(text, name)
    signatures.check(signed.encode(), signature, number)
    return document_of(signed)


def text_of(text: str, name: str) -> str:
    """The text of a member that is an object, exactly as it stands; empty where it can't be cut out."""
    start = text.find("{", text.find(f'"{name}"'))
    try:
        _value, end = DECODER.raw_decode(text, start)
    except ValueError:
        return ""
    return text[start:end]


def sent(content: dict[str, Any], bill_no: str) -> Answer:
    """What became of a hand-over."""
    fault = fault_of(content)
    if not fault:
        return of_bill(content, bill_no)
    if fault in FINAL_REFUSALS:
        return failed(fault)
    return Answer(Outcome.NOT_NOW if fault in NOT_NOW else Outcome.UNKNOWN, fault=fault)


def asked(content: dict[str, Any], bill_no: str) -> Answer:
    """What became of a question."""
    fault = fault_of(content)
    if not fault:
        return of_bill(content, bill_no)
    return Answer(Outcome.NOT_FOUND) if fault == NO_SUCH_BILL else Answer(Outcome.UNKNOWN, fault=fault)


def fault_of(content: dict[str, Any]) -> str:
    """The code of what went wrong; empty where it went well. Theirs for "no idea" are many: all are SYSTEM_ERROR."""
    code = content.get("code")
    if code == DONE:
        return ""
    return "SYSTEM_ERROR" if code == AWAY else code_of(content.get("sub_code"), code_of(code, "code_unknown"))


def of_bill(content: dict[str, Any], bill_no: str) -> Answer:
    """A bill as Alipay describes it, if it is the one asked about."""
    if content.get("out_biz_no") != bill_no:
        return Answer(Outcome.UNKNOWN, fault="bill_differs")
    return described(content)


def described(content: dict[str, Any]) -> Answer:
    """A bill's description, as answers and notices give it. Payees are not told."""
    outcome = STATES.get(str(content.get("status")), Outcome.UNKNOWN)
    ref = str(content.get("order_id") or "")[:LONGEST_REF]
    if outcome is Outcome.FAILED:
        return failed(code_of(content.get("error_code"), str(content["status"])), ref, amount_of(content))
    fault = "state_unknown" if outcome is Outcome.UNKNOWN else ""
    return Answer(outcome, ref=ref, fault=fault, amount_fen=amount_of(content))


def failed(fault: str, ref: str = "", amount_fen: int | None = None) -> Answer:
    """A failure for good, for this reason."""
    return Answer(
        Outcome.FAILED,
        ref=ref,
        fault=fault,
        payee_at_fault=fault in PAYEE_AT_FAULT,
        allowance_spent=fault in ALLOWANCE_SPENT,
        amount_fen=amount_fen,
    )


def amount_of(content: dict[str, Any]) -> int | None:
    """In fen; None where none is told."""
    try:
        return fen_of(str(content.get("trans_amount")))
    except ListRefused:
        return None
