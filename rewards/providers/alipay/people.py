"""Alipay's sign-in: the way there, and whom its one-time code names.

Source: its "用户信息授权" (OAuth 2.0, scope auth_base, which asks nothing) and alipay.system.oauth.token.
"""

from urllib.parse import urlencode

from rewards.providers.alipay.answers import AnswerRefused, fault_of
from rewards.providers.alipay.channel import Channel
from rewards.providers.alipay.merchant import Merchant

TOKEN = "alipay.system.oauth.token"  # noqa: S105 - a method's name
CODE_LENGTH = 512
SPENT = "isv.code-invalid"
"""Their word for a code that is used, too old or made up."""


class CodeRefused(Exception):  # noqa: N818 - a refusal of theirs
    """Alipay knows nobody by this code."""


def way_to_alipay(merchant: Merchant, *, back: str, state: str) -> str:
    """The address that asks Alipay who is looking; it leads on to `back` with `auth_code` and `state`.

    `back` is absolute, and registered for the app (授权回调地址); `state` has at most 100 letters and digits.
    """
    asked = {"app_id": merchant.app_id, "scope": "auth_base", "redirect_uri": back, "state": state}
    return f"{merchant.open_url}/oauth2/publicAppAuthorize.htm?{urlencode(asked)}"


def account_of(channel: Channel, code: str) -> str:
    """The account of who came back with this code: a user id, or the app's open id for them. Calls Alipay.

    Raises:
        CodeRefused: the code is good for nothing.
        requests.RequestException, AnswerRefused, SignatureRefused: as `Channel.ask`; or it names nobody.
    """
    if not 1 <= len(code) <= CODE_LENGTH:
        raise CodeRefused
    try:
        told = channel.ask(TOKEN, grant_type="authorization_code", code=code)
    except AnswerRefused as refusal:
        if refusal.code == SPENT:
            raise CodeRefused(SPENT) from refusal
        raise
    account = told.get("user_id") or told.get("open_id")
    if isinstance(account, str) and account:
        return account
    fault = fault_of(told)
    if fault == SPENT:
        raise CodeRefused(fault)
    raise AnswerRefused(fault)
