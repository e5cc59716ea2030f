"""The embedded Valkey: loopback only, on a free port, by password."""

import os
import socket
import time

import redis

from config.launcher.errors import LaunchError
from config.launcher.processes import Child, ChildSpec, last_complaint, start
from config.launcher.site import Site

_START_SECONDS = 60.0
_TRIES = 5
_FOLDER = "valkey"

SETTINGS = {
    "bind": "127.0.0.1",
    "maxclients": "1000",
    "maxmemory": "256mb",
    "maxmemory-policy": "noeviction",  # it carries jobs: refuse rather than forget
    "appendonly": "yes",
    "appendfsync": "everysec",
    "aof-load-truncated": "yes",  # the last second of a crash may be cut short
    "save": '""',
    "daemonize": "no",
}
FAST_SETTINGS = {"appendonly": "no"}


def start_valkey(site: Site) -> tuple[Child, str]:
    """Starts Valkey on the site; answers the child and its `redis://` address. Returns when it answers PING.

    Between choosing a free port and listening on it another process may take it, so a few ports are tried.
    Raises `LaunchError`.
    """
    site.folder(_FOLDER)
    password = site.home.password(_FOLDER)
    for _ in range(_TRIES):
        port = _free_port()
        child = start(_spec(site, port=port, password=password))
        try:
            if _wait_until_ready(child, port=port, password=password):
                return child, f"redis://:{password}@127.0.0.1:{port}/0"
        except BaseException:
            child.stop()
            raise
        child.stop()
    raise LaunchError(f"Valkey did not start: {last_complaint(site.home.logs / 'valkey.log')}")


def _spec(site: Site, *, port: int, password: str) -> ChildSpec:
    settings = SETTINGS | (FAST_SETTINGS if site.fast else {}) | {"port": str(port), "requirepass": password}
    # a file, because everybody can read a process's arguments
    config = site.hand_over("valkey.conf", "".join(f"{name} {value}\n" for name, value in settings.items()))
    return ChildSpec(
        name="valkey",
        argv=[str(site.binaries.valkey_server), str(config)],
        env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"},
        log=site.home.logs / "valkey.log",
        account=site.account,
        cwd=site.home.path / _FOLDER,
        keep_fds=site.keep_fds,
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until_ready(child: Child, *, port: int, password: str) -> bool:
    """True when it answers, False when it gave up."""
    client = redis.Redis(host="127.0.0.1", port=port, password=password, socket_timeout=5)
    deadline = time.monotonic() + _START_SECONDS
    with client:
        while child.process.poll() is None:
            try:
                client.ping()
            except redis.AuthenticationError:  # somebody else's server took the port
                return False
            except redis.RedisError as error:
                if time.monotonic() > deadline:
                    raise LaunchError(f"Valkey does not answer: {error}") from error
                time.sleep(0.02)
            else:
                return True
    return False
