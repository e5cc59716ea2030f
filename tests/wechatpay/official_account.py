"""A small WeChat for signing in: real HTTP, one-time codes, and the answers that its documentation names."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from consumers.wechat import WechatApp

SECRET = "the-app's-secret"


@dataclass
class OfficialAccount:
    """`codes`: openids by the codes given out; `saying` is answered to every code instead, as it is."""

    url: str
    codes: dict[str, str] = field(default_factory=dict)
    saying: tuple[int, bytes] | None = None

    @property
    def app(self) -> WechatApp:
        return WechatApp("wx8888", SECRET, open_url="https://open.example", api_url=self.url, patience=(2, 2))

    def answer(self, asked: dict[str, str]) -> tuple[int, bytes]:
        if self.saying is not None:
            return self.saying
        if (asked.get("appid"), asked.get("secret"), asked.get("grant_type")) != (
            "wx8888",
            SECRET,
            "authorization_code",
        ):
            return told(errcode=40125, errmsg="invalid appsecret")
        openid = self.codes.pop(asked.get("code", ""), None)
        if openid is None:
            return told(errcode=40163, errmsg="code been used")
        return told(access_token="x", expires_in=7200, openid=openid, scope="snsapi_base")


def told(**document: object) -> tuple[int, bytes]:
    return 200, json.dumps(document).encode()


@contextmanager
def running_official_account() -> Iterator[OfficialAccount]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            way = urlsplit(self.path)
            status, body = (
                account.answer(dict(parse_qsl(way.query))) if way.path == "/sns/oauth2/access_token" else (404, b"")
            )
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    account = OfficialAccount(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield account
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
