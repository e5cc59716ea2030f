"""What WeChat Pay's words mean to us. Source: its documentation of 商家转账, merchant/4012716434 to 4012716458.

A code that is in no table is unclear: the bill stays unknown, and is asked about. Message texts are never looked at.
"""

from rewards.providers.interface import Outcome

STATES = {
    "ACCEPTED": Outcome.ACCEPTED,
    "PROCESSING": Outcome.ACCEPTED,
    "WAIT_USER_CONFIRM": Outcome.AWAITING_CONFIRMATION,
    "TRANSFERING": Outcome.ACCEPTED,
    "SUCCESS": Outcome.PAID,
    "FAIL": Outcome.FAILED,
    "CANCELING": Outcome.ACCEPTED,
    "CANCELLED": Outcome.CANCELLED,
}
"""`state` of a bill; the odd spellings are theirs."""

NOT_NOW = frozenset({"FREQUENCY_LIMITED", "RATELIMIT_EXCEEDED", "NOT_ENOUGH"})
"""`code` of a refused hand-over that has left nothing behind: the same bytes are wanted later."""

NO_SUCH_BILL = "NOT_FOUND"
"""`code` beside 404, of a question: no bill of that number, or it is older than 30 days."""

NO_LIST = "NO_STATEMENT_EXIST"
"""`code` of a question for a day on which nothing moved."""

PAYEE_AT_FAULT = frozenset(
    {
        "ACCOUNT_FROZEN",
        "ACCOUNT_NOT_EXIST",
        "ID_CARD_NOT_CORRECT",
        "NAME_NOT_CORRECT",
        "OPENID_INVALID",
        "PAYEE_ACCOUNT_ABNORMAL",
        "REAL_NAME_CHECK_FAIL",
        "RECEIVE_ACCOUNT_NOT_PERMMIT",
    }
)
"""`fail_reason` of a failed bill after which another bill for the same payee would fail too."""

ALLOWANCE_SPENT = frozenset(
    {
        "BLOCK_B2C_USERLIMITAMOUNT_BSRULE_MONTH",
        "BLOCK_B2C_USERLIMITAMOUNT_MONTH",
        "DAY_RECEIVED_COUNT_EXCEED",
        "DAY_RECEIVED_QUOTA_EXCEED",
        "MONTH_RECEIVED_QUOTA_EXCEED",
    }
)
"""`fail_reason` of a failed bill whose payee has had as much as may be received in this day or month."""
