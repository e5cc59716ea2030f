"""WeChat Pay's answers read as ours. Total: whatever comes, an `Answer` is made of it."""

from typing import Any

from rewards.providers.documents import code_of, document_of
from rewards.providers.interface import Answer, Outcome
from rewards.providers.wechatpay.tables import (
    ALLOWANCE_SPENT,
    NO_SUCH_BILL,
    NOT_NOW,
    PAYEE_AT_FAULT,
    STATES,
)

NOT_FOUND_STATUS = 404
CLIENT_FAULTS = range(400, 500)
LONGEST_REF = 64


def sent(status: int, body: bytes, bill_no: str) -> Answer:
    """What became of a hand-over: its `code` may say that the same bytes are wanted later; no code says failed."""
    document = document_of(body)
    if status in CLIENT_FAULTS:
        code = code_of(document.get("code"), f"HTTP_{status}")
        return Answer(Outcome.NOT_NOW if code in NOT_NOW else Outcome.UNKNOWN, fault=code)
    return of_bill(status, document, bill_no)


def asked(status: int, body: bytes, bill_no: str) -> Answer:
    """What became of a question."""
    document = document_of(body)
    if status == NOT_FOUND_STATUS and document.get("code") == NO_SUCH_BILL:
        return Answer(Outcome.NOT_FOUND)
    return of_bill(status, document, bill_no)


def cancelling(status: int, body: bytes, bill_no: str) -> Answer:
    """What became of a wish to cancel."""
    return of_bill(status, document_of(body), bill_no)


def of_bill(status: int, document: dict[str, Any], bill_no: str) -> Answer:
    """A bill as the provider describes it, if it does and it is the one asked about."""
    if not 200 <= status < 300:  # noqa: PLR2004 - HTTP
        return Answer(Outcome.UNKNOWN, fault=code_of(document.get("code"), f"HTTP_{status}"))
    if document.get("out_bill_no") != bill_no:
        return Answer(Outcome.UNKNOWN, fault="bill_differs")
    return described(document)


def described(document: dict[str, Any]) -> Answer:
    """A bill's description, as answers and callbacks give it."""
    outcome = STATES.get(str(document.get("state")), Outcome.UNKNOWN)
    fault = "state_unknown" if outcome is Outcome.UNKNOWN else ""
    if outcome is Outcome.FAILED:
        fault = code_of(document.get("fail_reason"), "FAIL")
    amount, payee = document.get("transfer_amount"), document.get("openid")
    return Answer(
        outcome,
        ref=str(document.get("transfer_bill_no") or "")[:LONGEST_REF],
        fault=fault,
        package_info=str(document.get("package_info") or "") if outcome is Outcome.AWAITING_CONFIRMATION else "",
        payee_at_fault=fault in PAYEE_AT_FAULT,
        allowance_spent=fault in ALLOWANCE_SPENT,
        amount_fen=amount if isinstance(amount, int) else None,
        account=payee if isinstance(payee, str) else "",
    )
