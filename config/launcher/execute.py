"""`exec`: one command with servers around it, throw-away by default."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from config.launcher.errors import Interrupted
from config.launcher.home import open_home
from config.launcher.processes import Child, ChildSpec, start
from config.launcher.services import running_services

_GRACE_SECONDS = 30.0
_CELERYS_DEFAULT = ("DJANGO_SETTINGS_MODULE", "config.settings")


def execute(command: Sequence[str], *, fast: bool) -> int:
    """Runs the command with DATABASE_URL and REDIS_URL set; answers its exit code (128 + n when signal n ended it)."""
    if all(os.environ.get(name) for name in ("DATABASE_URL", "REDIS_URL")):
        return _run(command, {})
    with _home_path() as path, running_services(open_home(path), os.environ, fast=fast) as services:
        return _run(command, services.addresses)


@contextmanager
def _home_path() -> Iterator[Path]:
    """ONECODE_HOME when given, else a folder that is gone afterwards."""
    given = os.environ.get("ONECODE_HOME")
    if given:
        yield Path(given).absolute()
        return
    path = Path(tempfile.mkdtemp(prefix="onecode-"))
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def _run(command: Sequence[str], addresses: dict[str, str]) -> int:
    child = start(ChildSpec(command[0], command, _callers_environment() | addresses, foreground=True))
    try:
        code = child.process.wait()
    except Interrupted as stop:
        code = _pass_on(child, stop.signum)
    return code if code >= 0 else 128 - code


def _callers_environment() -> dict[str, str]:
    """Our environment without the default that importing the package `config` puts there for Celery.

    A command with settings of its own, such as the test run, would otherwise be held to config.settings.
    """
    return {name: value for name, value in os.environ.items() if (name, value) != _CELERYS_DEFAULT}


def _pass_on(child: Child, signum: int) -> int:
    """Lets the command end by the signal we got. A terminal has already sent Ctrl-C to the whole group."""
    if signum != signal.SIGINT or not sys.stdin.isatty():
        child.process.send_signal(signum)
    try:
        return child.process.wait(_GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        child.process.kill()
        return child.process.wait()
