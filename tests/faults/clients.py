"""Consumers as HTTP clients, and the web server that they talk to."""

import http.client
import json
import secrets
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.faults.processes import Process

PATIENCE = 60.0
WEB = ("-m", "granian", "--interface=wsgi", "--workers=2", "--blocking-threads=8", "--no-ws")
KEPT_ALIVE = ("--respawn-failed-workers", "--respawn-interval=0.5", "--workers-kill-timeout=5")


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def web_server(folder: Path) -> Iterator[int]:
    """The product behind its server on a port of the loopback, once it answers."""
    port = free_port()
    server = web_process(port, folder)
    try:
        wait_for(port)
        yield port
    finally:
        server.kill()


def web_process(port: int, folder: Path, **variables: str) -> Process:
    """The web server as the launcher runs it."""
    arguments = (*WEB, *KEPT_ALIVE, f"--port={port}", "config.wsgi:application")
    return Process(arguments, folder / "web.log", **variables)


def wait_for(port: int) -> None:
    end = time.monotonic() + PATIENCE
    while True:
        try:
            if Person(port).get("/healthz").status == 200:
                return
        except OSError:
            time.sleep(0.2)
        assert time.monotonic() < end, "the web server does not answer"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def json(self) -> dict:
        return json.loads(self.body or b"{}")


class Person:
    """One consumer's phone: keeps its connection and its token."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self.headers = {"Content-Type": "application/json"}

    def ask(self, method: str, path: str, body: str | None = None, **headers: str) -> Answer:
        """One request. A connection that breaks is closed, so that the next request opens another."""
        try:
            self.connection.request(method, path, body, self.headers | headers)
            response = self.connection.getresponse()
            return Answer(response.status, response.headers, response.read())
        except (OSError, http.client.HTTPException):
            self.connection.close()
            raise

    def get(self, path: str) -> Answer:
        return self.ask("GET", path)

    def post_once(self, path: str, key: str, **body: object) -> Answer:
        return self.ask("POST", f"/api/v1/{path}", json.dumps(body), **{"Idempotency-Key": key})

    def post(self, path: str, **body: object) -> tuple[int, dict]:
        """Status and JSON body. Where that says so, or the connection breaks, the same is posted again."""
        key = secrets.token_hex(12)
        end = time.monotonic() + PATIENCE
        while True:
            try:
                answer = self.post_once(path, key, **body)
                if not answer.json.get("retry") or time.monotonic() > end:
                    return answer.status, answer.json
                time.sleep(int(answer.headers.get("Retry-After", 1)))
            except (OSError, http.client.HTTPException):
                if time.monotonic() > end:
                    raise
                time.sleep(0.2)

    def sign_in(self, *, brand: str, name: str) -> str:
        """Sign in; the consumer's id."""
        status, body = self.post("sessions/local", brand=brand, name=name)
        assert status == 200, body
        self.headers["Authorization"] = f"Bearer {body['token']}"
        return str(body["id"])

    def scan_and_claim(self, code: str) -> tuple[int, str]:
        """Status of the claim, and the code of its refusal."""
        status, scan = self.post("scans", code=code)
        assert status in {200, 201}, scan
        status, answer = self.post(f"scans/{scan['id']}/claim")
        return status, answer.get("code", "")
