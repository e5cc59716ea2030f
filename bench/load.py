"""Load over HTTP by wrk: each line of a file is posted once, over several connections that stay open."""

import json
import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

CONNECTIONS = 8
POST, GET = (Path(__file__).with_name(name) for name in ("post.lua", "get.lua"))


class NoLoad(RuntimeError):  # noqa: N818 - says what is missing
    """wrk is not there, or the server refused what was posted."""


@dataclass(frozen=True, slots=True)
class Post:
    path: str
    token: str
    body: str

    @property
    def line(self) -> str:
        return f"{self.path}\t{self.token}\t{self.body}\n"


@dataclass(frozen=True, slots=True)
class Heard:
    """What wrk measured; every answer was the expected one."""

    requests: int
    seconds: float
    p50_ms: float
    p99_ms: float

    @property
    def rate(self) -> float:
        return self.requests / self.seconds


def require_wrk() -> str:
    """The path of wrk; on Debian as root it is installed where it is missing."""
    found = shutil.which("wrk")
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "update", "-qq"], env=quiet, check=False)
        subprocess.run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", "wrk"], env=quiet, check=False)
        found = shutil.which("wrk")
    if found is None:
        raise NoLoad("The benchmarks over HTTP need the program wrk: install your system's package wrk.")
    return found


def posted(url: str, file: Path, seconds: int) -> Heard:
    """Post the lines of a file for so many seconds; it must have more than the server can answer in that time.

    Raises:
        NoLoad: an answer was not 201, a connection was lost, or the posts ran out.
    """
    return loaded(url, file, seconds, POST)


def followed(url: str, file: Path, seconds: int) -> Heard:
    """Get the paths of a file, again and again, for so many seconds. Raises NoLoad: an answer was no 307."""
    return loaded(url, file, seconds, GET)


def loaded(url: str, file: Path, seconds: int, script: Path) -> Heard:
    """What wrk heard while it did what the script says."""
    options = ["-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout=10s", f"-s{script}"]
    command = [require_wrk(), *options, url, "--", str(file)]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    told = json.loads(said.splitlines()[-1])
    if told["faults"] or told["lost"]:
        raise NoLoad(f"{told['faults']} of {told['requests']} answers were wrong, {told['lost']} requests got none")
    return Heard(told["requests"], told["seconds"], told["p50_ms"], told["p99_ms"])


def best(heard: Sequence[Heard]) -> Heard:
    return max(heard, key=lambda one: one.rate)
