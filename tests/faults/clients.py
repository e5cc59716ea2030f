"""Consumers as HTTP clients, and the web server that they talk to."""

import http.client
import json
import secrets
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.faults.processes import Process

TRIES = 5


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def web_server(folder: Path) -> Iterator[int]:
    """The product behind gunicorn on a port of the loopback, once it answers."""
    port = free_port()
    control = ("--control-socket", str(folder / "web.ctl"))
    options = (*control, "--bind", f"127.0.0.1:{port}", "--worker-class", "gthread", "--workers", "2", "--threads", "8")
    server = Process(("-m", "gunicorn", "config.wsgi", *options), folder / "web.log")
    try:
        wait_for(port)
        yield port
    finally:
        server.kill()


def wait_for(port: int, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while True:
        try:
            if Person(port).get("/healthz") == 200:
                return
        except OSError:
            assert time.monotonic() < end, "the web server does not answer"
            time.sleep(0.2)


class Person:
    """One consumer's phone: keeps its connection and its token."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self.headers = {"Content-Type": "application/json"}

    def get(self, path: str) -> int:
        self.connection.request("GET", path)
        response = self.connection.getresponse()
        response.read()
        return response.status

    def post(self, path: str, **body: object) -> tuple[int, dict]:
        """Status and JSON body. Where the service is briefly unavailable, the same is posted again, as it asks."""
        headers = self.headers | {"Idempotency-Key": secrets.token_hex(12)}
        for _ in range(TRIES):
            self.connection.request("POST", f"/api/v1/{path}", json.dumps(body), headers)
            response = self.connection.getresponse()
            answer = json.loads(response.read() or b"{}")
            if response.status != 503:
                break
            time.sleep(int(response.headers["Retry-After"]))
        return response.status, answer

    def sign_in(self, *, brand: str, name: str) -> str:
        """Sign in; the consumer's id."""
        status, body = self.post("sessions/local", brand=brand, name=name)
        assert status == 200, body
        self.headers["Authorization"] = f"Bearer {body['token']}"
        return str(body["id"])

    def scan_and_claim(self, code: str) -> tuple[int, str]:
        """Status of the claim, and the code of its refusal."""
        status, scan = self.post("scans", code=code)
        assert status == 201, scan
        status, answer = self.post(f"scans/{scan['id']}/claim")
        return status, answer.get("code", "")
