"""What the environment says about a run."""

import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from config.launcher.errors import LaunchError

ROOT = Path(__file__).resolve().parents[2]
_ANY_ADDRESS = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - names of "every address", not a choice of it


@dataclass(frozen=True)
class RunOptions:
    """Where the site is served and where its data lives."""

    host: str
    port: int
    home: Path

    @property
    def near_host(self) -> str:
        """The address under which this machine reaches the site."""
        return _ANY_ADDRESS.get(self.host, self.host)

    @property
    def url(self) -> str:
        """The site's address without a slash at the end."""
        host = f"[{self.near_host}]" if ":" in self.near_host else self.near_host
        return f"http://{host}:{self.port}"


def read_options(env: Mapping[str, str]) -> RunOptions:
    """HOST, PORT and ONECODE_HOME with their defaults. Raises `LaunchError` for a PORT that is none."""
    port = env.get("PORT") or "8000"
    if not port.isdecimal() or not 0 < int(port) < 2**16:
        raise LaunchError(f"PORT must be a number from 1 to 65535, not {port!r}")
    home = Path(env.get("ONECODE_HOME") or ROOT / "var")
    return RunOptions(env.get("HOST") or "127.0.0.1", int(port), home.absolute())


def require_free_port(options: RunOptions) -> None:
    """Raises `LaunchError` when the site could not listen there."""
    family = socket.AF_INET6 if ":" in options.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((options.host, options.port))
        except OSError as error:
            raise LaunchError(
                f"Can't listen on {options.host}:{options.port}: {error.strerror}. Choose another: make run PORT=8001"
            ) from error
