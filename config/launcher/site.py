"""Where the embedded servers live: their account, programs, data and sockets, in paths that account can follow."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from config.launcher.account import Account, server_account
from config.launcher.binaries import Binaries, find_binaries
from config.launcher.home import Home, write_private

_LONGEST_SOCKET_FOLDER = 107 - len("/.s.PGSQL.5432.lock")


@dataclass(frozen=True)
class Site:
    """`view` is the home as the servers reach it; `keep_fds` are the descriptors they need for that and for the lock.

    `fast` is for throw-away data: no waiting for the disk.
    """

    home: Home
    account: Account
    binaries: Binaries
    sockets: Path
    view: Path
    keep_fds: tuple[int, ...]
    fast: bool

    def folder(self, name: str) -> Path:
        """Makes a sub-folder that only the servers' account (and root) can look into; answers the servers' path."""
        path = self.home.path / name
        path.mkdir(exist_ok=True)
        self.account.own(path, 0o700)
        return self.view / name

    def hand_over(self, name: str, text: str) -> Path:
        """Writes a file only the servers' account (and root) can read; answers the servers' path."""
        path = self.home.path / name
        write_private(path, text)
        self.account.own(path, 0o600)
        return self.view / name


@contextmanager
def prepared_site(home: Home, *, fast: bool) -> Iterator[Site]:
    """A site on `home`; what had to be put outside of it is removed on leaving, or at the next start after a kill."""
    account = server_account()
    _remove_annex(home)
    try:
        with _view(home, account) as (view, view_fds):
            reachable = view == home.path
            binaries = find_binaries(account=account, copy_to=home.path if reachable else _annex(home))
            sockets = _sockets(home, account, reachable=reachable)
            yield Site(home, account, binaries, sockets, view, (home.lock_fd, *view_fds), fast)
    finally:
        _remove_annex(home)


@contextmanager
def _view(home: Home, account: Account) -> Iterator[tuple[Path, tuple[int, ...]]]:
    """The home's path for the account.

    Below a folder it can't enter, such as /root, an open descriptor is the way in: the path through /proc/self/fd
    asks for no right on the folders above.
    """
    if account.can_enter(home.path):
        yield home.path, ()
        return
    descriptor = os.open(home.path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield Path(f"/proc/self/fd/{descriptor}"), (descriptor,)
    finally:
        os.close(descriptor)


def _sockets(home: Home, account: Account, *, reachable: bool) -> Path:
    """A folder only the servers' account can enter, short enough for a socket's 107 bytes."""
    folder = home.path / "run"
    if not reachable or len(os.fsencode(folder)) > _LONGEST_SOCKET_FOLDER:
        folder = _annex(home) / "run"
    shutil.rmtree(folder, ignore_errors=True)  # sockets a crash left
    folder.mkdir()
    account.own(folder, 0o700)
    return folder


def _annex(home: Home) -> Path:
    """A private folder with a short path that anybody can pass through; its name is kept, so that it can't be lost."""
    note = home.path / "annex"
    if note.exists():
        return Path(note.read_text())
    folder = Path(tempfile.mkdtemp(prefix="onecode-"))
    write_private(note, str(folder))
    folder.chmod(0o711)
    return folder


def _remove_annex(home: Home) -> None:
    note = home.path / "annex"
    if note.exists():
        shutil.rmtree(note.read_text(), ignore_errors=True)
        note.unlink()
