"""A payment provider as a real HTTP server on the loopback: a book, a mood for each call, ways to say nothing."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.far_side.book import Book

Mood = Callable[[str, str], str]
"""From the kind of call (send, query, …) and the payee's account or the bill number to the name of a mood."""


@dataclass
class FarSide:
    """`mood` names how a call is treated; "" is well. `seen` counts what was done; `gateway` is its address."""

    book: Any = field(default_factory=Book)
    mood: Mood = lambda kind, whose: ""  # noqa: ARG005 - a default
    gateway: str = ""
    seen: Counter = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)
    is_away: bool = False

    def count(self, name: str) -> None:
        with self.lock:
            self.seen[name] += 1


class Handler(BaseHTTPRequestHandler):
    """`answer_to` is each provider's own."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        self.take(b"")

    def do_POST(self) -> None:
        self.take(self.rfile.read(int(self.headers.get("Content-Length", 0))))

    def log_message(self, *_: object) -> None:
        """Quiet."""

    def take(self, body: bytes) -> None:
        if self.bank.is_away:
            self.hang_up()
        else:
            self.answer_to(body)

    def write(self, status: int, body: bytes, headers: dict[str, str], kind: str = "application/json") -> None:
        """In one piece."""
        lines = {"Content-Type": kind, "Content-Length": str(len(body))} | headers
        head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        self.wfile.write(f"HTTP/1.1 {status} X\r\n{head}\r\n".encode() + body)

    def hang_up(self, *, silent: bool = False) -> None:
        """No answer: the connection ends at once, or after longer than the caller waits."""
        if silent:
            time.sleep(0.6)
        self.close_connection = True


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, *_: object) -> None:
        """Callers that were killed are no news."""


@contextmanager
def served(bank: Any, handler: type[Handler], path: str = "") -> Iterator[Any]:
    """The server, until the end of the block."""
    server = Server(("127.0.0.1", 0), type("BankHandler", (handler,), {"bank": bank}))
    bank.gateway = f"http://127.0.0.1:{server.server_address[1]}{path}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield bank
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
