"""The servers below the application, as one thing to start and stop."""

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from config.launcher.account import Account, server_account
from config.launcher.binaries import find_binaries
from config.launcher.home import Home
from config.launcher.postgres import start_postgres
from config.launcher.processes import Child
from config.launcher.valkey import start_valkey

_LONGEST_SOCKET_FOLDER = 107 - len("/.s.PGSQL.5432.lock")


@contextmanager
def running_services(home: Home, env: Mapping[str, str], *, fast: bool) -> Iterator[tuple[dict[str, str], list[Child]]]:
    """Starts what `DATABASE_URL` and `REDIS_URL` in `env` don't name.

    Gives both addresses and the children; on leaving, Valkey stops first, PostgreSQL last.
    """
    addresses = {name: env[name] for name in ("DATABASE_URL", "REDIS_URL") if env.get(name)}
    children: list[Child] = []
    account = server_account()
    with ExitStack() as stack:
        if len(addresses) < 2:  # noqa: PLR2004 - both are given
            binaries = find_binaries(account=account, copy_to=home.path)
        if "DATABASE_URL" not in addresses:
            sockets = stack.enter_context(_socket_folder(home, account))
            child, addresses["DATABASE_URL"] = start_postgres(
                home, account=account, binaries=binaries, sockets=sockets, fast=fast
            )
            stack.callback(child.stop)
            children.append(child)
        if "REDIS_URL" not in addresses:
            child, addresses["REDIS_URL"] = start_valkey(home, account=account, binaries=binaries, fast=fast)
            stack.callback(child.stop)
            children.append(child)
        yield addresses, children


@contextmanager
def _socket_folder(home: Home, account: Account) -> Iterator[Path]:
    """A folder only the servers' account can enter, short enough for a socket's 107 bytes."""
    folder = home.path / "run"
    if len(str(folder).encode()) <= _LONGEST_SOCKET_FOLDER:
        shutil.rmtree(folder, ignore_errors=True)  # sockets a crash left
        yield home.folder("run", account)
        return
    short = Path(tempfile.mkdtemp(prefix="onecode-"))
    try:
        account.own(short, 0o700)
        yield short
    finally:
        shutil.rmtree(short, ignore_errors=True)
