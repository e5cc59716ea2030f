"""The embedded Valkey: loopback only, on a free port, by password."""

import os
import socket
import time
from pathlib import Path

import redis

from config.launcher.account import Account
from config.launcher.binaries import Binaries
from config.launcher.errors import LaunchError
from config.launcher.home import Home, write_private
from config.launcher.processes import Child, ChildSpec, last_complaint, start

_START_SECONDS = 60.0
_TRIES = 5

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


def start_valkey(home: Home, *, account: Account, binaries: Binaries, fast: bool) -> tuple[Child, str]:
    """Starts Valkey on `home`; answers the child and its `redis://` address. Returns when it answers PING.

    Between choosing a free port and listening on it another process may take it, so a few ports are tried.
    Raises `LaunchError`.
    """
    data = home.folder("valkey", account)
    for _ in range(_TRIES):
        port = _free_port()
        child = start(_spec(home, data=data, account=account, binaries=binaries, port=port, fast=fast))
        try:
            if _wait_until_ready(child, port=port, password=home.password("valkey")):
                return child, f"redis://:{home.password('valkey')}@127.0.0.1:{port}/0"
        except BaseException:
            child.stop()
            raise
    raise LaunchError(f"Valkey did not start: {last_complaint(home.logs / 'valkey.log')}")


def _spec(home: Home, *, data: Path, account: Account, binaries: Binaries, port: int, fast: bool) -> ChildSpec:
    settings = SETTINGS | (FAST_SETTINGS if fast else {}) | {"port": str(port), "requirepass": home.password("valkey")}
    config = data / "valkey.conf"
    write_private(config, "".join(f"{name} {value}\n" for name, value in settings.items()))
    account.own(config, 0o600)  # a file, because arguments can be read by everybody
    return ChildSpec(
        name="valkey",
        argv=[str(binaries.valkey_server), str(config)],
        env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"},
        log=home.logs / "valkey.log",
        account=account,
        cwd=data,
        keep_fds=(home.lock_fd,),
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
