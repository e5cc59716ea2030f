"""Starting the product's own processes, as `make run` starts them, and ending them."""

import os
import socket
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from config.launcher.options import ROOT, RunOptions
from config.launcher.processes import ChildSpec, start
from config.launcher.table import beat_options, long_worker_options, web_options, worker_options

PATIENCE_SECONDS = 60.0


@contextmanager
def web(folder: Path) -> Iterator[str]:
    """The web server on a free port of the loopback; gives its address when it answers."""
    options = RunOptions("127.0.0.1", free_port(), folder)
    with running("web", "-m", "granian", *web_options(options), "config.wsgi:application", folder=folder):
        wait_until_healthy(options.url)
        yield options.url


@contextmanager
def worker(folder: Path, *, queue: str) -> Iterator[None]:
    """A Celery worker that knows the empty task beside the product's own, and reads one queue at first."""
    options = [*worker_options("bench.empty"), f"--queues={queue}"]
    with running("worker", "-m", "celery", *options, folder=folder):
        yield


@contextmanager
def long_worker(folder: Path) -> Iterator[None]:
    """The worker of what takes minutes."""
    with running("long-worker", "-m", "celery", *long_worker_options(), folder=folder):
        yield


@contextmanager
def beat(folder: Path) -> Iterator[None]:
    """The clock that sends what is due by time."""
    with running("beat", "-m", "celery", *beat_options(folder), folder=folder):
        yield


@contextmanager
def running(name: str, *arguments: str, folder: Path) -> Iterator[None]:
    """A Python process of ours, which ends with this block or with us."""
    env = dict(os.environ) | {"ONECODE_HOME": str(folder), "PYTHONUNBUFFERED": "1"}
    child = start(ChildSpec(name, [sys.executable, *arguments], env, log=folder / f"{name}.log", cwd=ROOT))
    try:
        yield
    finally:
        child.stop()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_until_healthy(url: str) -> None:
    give_up = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            with urllib.request.urlopen(f"{url}/healthz", timeout=5):  # noqa: S310 - our own http address
                return
        except OSError:  # not yet
            if time.monotonic() > give_up:
                raise
            time.sleep(0.1)
