"""What Alipay's words mean to us. Source: its documentation of alipay.fund.trans.uni.transfer and …common.query.

A code (`sub_code`) that is in no table is unclear: the bill stays unknown, is asked about, and is handed over again
unchanged where Alipay does not know it. Message texts are never looked at.
"""

from rewards.providers.interface import Outcome

STATES = {
    "SUCCESS": Outcome.PAID,
    "INIT": Outcome.ACCEPTED,
    "DEALING": Outcome.ACCEPTED,
    "WAIT_PAY": Outcome.ACCEPTED,
    "FAIL": Outcome.FAILED,
    "REFUND": Outcome.FAILED,
    "CLOSED": Outcome.CANCELLED,
}
"""`status` of a bill."""

NO_SUCH_BILL = "ORDER_NOT_EXIST"
"""`sub_code` of a question: no bill of that number, or not yet."""

NO_LIST = frozenset({"BILL_NOT_EXIST", "isp.bill_not_exist"})
"""`sub_code` of a question for a day on which nothing moved; the documentation has the one, the gateway the other."""

NOT_NOW = frozenset(
    {
        # too many calls
        "RESOURCE_LIMIT_EXCEED",
        "isv.app-call-limited",
        "isv.method-call-limited",
        # what the merchant may spend, or has
        "BALANCE_IS_NOT_ENOUGH",
        "EXCEED_LIMIT_DM_AMOUNT",
        "EXCEED_LIMIT_DM_MAX_AMOUNT",
        "EXCEED_LIMIT_MM_AMOUNT",
        "EXCEED_LIMIT_MM_MAX_AMOUNT",
        "PAYER_BALANCE_NOT_ENOUGH",
        # the merchant's account or contract: it pays nobody until somebody puts it right
        "INVALID_PAYER_ACCOUNT",
        "NO_ACCOUNT_PAYMENT_PERMISSION",
        "PAYCARD_UNABLE_PAYMENT",
        "PAYER_CERTIFY_CHECK_FAIL",
        "PAYER_PERMLIMIT_CHECK_FAILURE",
        "PAYER_STATUS_ERROR",
        "PERMIT_PAYER_FORBIDDEN",
        "PERMIT_PAYER_LOWEST_FORBIDDEN",
        "PRODUCT_NOT_SIGN",
    }
)
"""`sub_code` of a refused hand-over that has left nothing behind, and would refuse every other bill too: the same
request is wanted later, and nobody else is handed over meanwhile. Nothing that is about one bill may stand here."""

PAYEE_AT_FAULT = frozenset(
    {
        "BLOCK_USER_FORBBIDEN_RECIEVE",
        "CHECK_RECEIVER_CERT_NOT_ALLOW",
        "NO_ACCOUNT_RECEIVE_PERMISSION",
        "NO_ACCOUNT_USER_FORBBIDEN_RECIEVE",
        "PAYEE_ACCOUNT_NOT_EXSIT",
        "PAYEE_ACCOUNT_STATUS_ERROR",
        "PAYEE_ACC_OCUPIED",
        "PAYEE_CERT_INFO_ERROR",
        "PAYEE_NOT_EXIST",
        "PAYEE_NOT_RELNAME_CERTIFY",
        "PAYEE_TRUSTEESHIP_ACC_OVER_LIMIT",
        "PAYEE_USERINFO_STATUS_ERROR",
        "PAYEE_USER_INFO_ERROR",
        "PAYEE_USER_TYPE_ERROR",
        "PAYER_PAYEE_CANNOT_SAME",
        "PERMIT_LIMIT_PAYEE",
        "PERMIT_NON_BANK_LIMIT_PAYEE",
        "PERM_AML_NOT_REALNAME_REV",
        "RELEASE_USER_FORBBIDEN_RECIEVE",
        "TRUSTEESHIP_ACCOUNT_NOT_EXIST",
        "TRUSTEESHIP_RECIEVE_QUOTA_LIMIT",
    }
)
"""Code of a refused or failed bill after which another bill for the same payee would fail too; the odd spellings are
theirs."""

ALLOWANCE_SPENT = frozenset({"EXCEED_LIMIT_DC_RECEIVED", "EXCEED_LIMIT_UNRN_DM_AMOUNT"})
"""Code of a refused or failed bill whose payee has had as much as may be received in this day."""

FINAL_REFUSALS = PAYEE_AT_FAULT | ALLOWANCE_SPENT
"""`sub_code` of a refused hand-over by which no money moves under this bill number."""
