"""WeChat's sign-in for pages opened inside its app: the way there, and whom its one-time code names.

Source: WeChat's "web page authorization" (OAuth 2.0, scope snsapi_base), developers.weixin.qq.com. An openid names a
person to one app alone. Everything is passed in; nothing is kept.
"""

from dataclasses import dataclass, field
from urllib.parse import urlencode

import requests

OPEN = "https://open.weixin.qq.com"
API = "https://api.weixin.qq.com"
CODE_LENGTH = 512
BUSY = -1
"""Their only error that a moment's patience mends; all others are about the code or the app."""


class CodeRefused(Exception):  # noqa: N818 - a refusal of theirs
    """WeChat knows nobody by this code: used before, too old, never given, or of a page shown without a real person.

    `errcode` is WeChat's own number, where there is one.
    """

    def __init__(self, errcode: int | None = None) -> None:
        self.errcode = errcode
        super().__init__(f"errcode {errcode}")


class NoAnswer(Exception):  # noqa: N818 - theirs
    """WeChat can't be reached, or is busy: another sign-in may succeed, with a new code."""


@dataclass(frozen=True, slots=True)
class WechatApp:
    """An official account with the right to sign people in.

    Attributes:
        appid, secret: as the official account's platform shows them.
        open_url, api_url: where people and where we are sent to, without a slash at the end.
        patience: seconds to wait for a connection, and for an answer.
    """

    appid: str
    secret: str = field(repr=False)
    open_url: str = OPEN
    api_url: str = API
    patience: tuple[float, float] = (3, 5)


def way_to_wechat(app: WechatApp, *, back: str, state: str) -> str:
    """The address that asks WeChat who is looking; it leads on to `back` with `code` and `state`.

    `back` is absolute, below the domain registered for the app; `state` has at most 128 letters and digits.
    """
    asked = {
        "appid": app.appid,
        "redirect_uri": back,
        "response_type": "code",
        "scope": "snsapi_base",
        "state": state,
    }
    return f"{app.open_url}/connect/oauth2/authorize?{urlencode(asked)}#wechat_redirect"


def openid_of(app: WechatApp, code: str) -> str:
    """The openid of who came back with this code. Calls WeChat: never inside a transaction.

    Raises:
        CodeRefused: the code is good for nothing.
        NoAnswer: WeChat did not answer, or not in its own words.
    """
    if not 1 <= len(code) <= CODE_LENGTH:
        raise CodeRefused
    asked = {"appid": app.appid, "secret": app.secret, "code": code, "grant_type": "authorization_code"}
    try:
        answer = requests.get(f"{app.api_url}/sns/oauth2/access_token", params=asked, timeout=app.patience)
        answer.raise_for_status()
        told = answer.json()
    except requests.RequestException as error:
        # the error's own text names the address, and with it the secret
        raise NoAnswer(type(error).__name__) from None
    return _openid_in(told)


def _openid_in(told: object) -> str:
    if not isinstance(told, dict):
        raise NoAnswer("no JSON object")
    if told.get("errcode"):
        raise NoAnswer("busy") if told["errcode"] == BUSY else CodeRefused(told["errcode"])
    if told.get("is_snapshotuser"):  # a made-up person, shown to who has not said yes to the page
        raise CodeRefused
    openid = told.get("openid")
    if not isinstance(openid, str) or not openid:
        raise NoAnswer("no openid")
    return openid
