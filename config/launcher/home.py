"""The data folder: one launcher at a time, its sub-folders, its passwords."""

import fcntl
import json
import os
import secrets
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

from config.launcher.errors import LaunchError

_ORPHAN_SECONDS = 30.0
_SIGNAL_SECONDS = 1.0  # a launcher whose `make` was just killed needs a moment to say that it ends
_LOCK = "launcher.lock"


@dataclass(frozen=True)
class Home:
    """An opened, locked data folder. `lock_fd` is handed to the servers: the lock lives as long as the last of them."""

    path: Path
    lock_fd: int

    @property
    def logs(self) -> Path:
        """One log file a child."""
        return self.path / "logs"

    def rotate_logs(self) -> None:
        """Sets the last run's logs aside as `*.log.1`: each start begins with empty ones."""
        for log in self.logs.glob("*.log"):
            log.replace(log.with_name(log.name + ".1"))

    def announce_end(self) -> None:
        """From now on a launcher that wants this folder waits for us instead of giving up."""
        os.pwrite(self.lock_fd, b"0" * os.fstat(self.lock_fd).st_size, 0)

    def password(self, name: str) -> str:
        """The random password kept under this name, made at first use; mode 0600."""
        path = self.path / "passwords.json"
        known: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
        if name not in known:
            known[name] = secrets.token_hex(24)
            write_private(path, json.dumps(known, indent=1) + "\n")
        return known[name]


def open_home(path: Path) -> Home:
    """Makes and locks the folder.

    Raises `LaunchError` when it can't be written or another launcher runs on it. Servers whose launcher was killed
    or is about to end are given time: they hold the lock until they are gone.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
        path.chmod(0o711)  # the servers' account passes through, it can't list
        (path / "logs").mkdir(exist_ok=True)
        lock_fd = os.open(path / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        _take_lock(path, lock_fd)
        os.ftruncate(lock_fd, 0)
        os.pwrite(lock_fd, str(os.getpid()).encode(), 0)
    except OSError as error:
        raise LaunchError(f"The data folder {path} can't be used: {error.strerror}") from error
    return Home(path, lock_fd)


def remove_home(path: Path) -> bool:
    """Removes a data folder; False when there is none.

    Raises `LaunchError` when a launcher runs on it, and for a folder that never was one: a mistyped ONECODE_HOME must
    not cost somebody's files.
    """
    if not path.exists():
        return False
    if not (path / _LOCK).exists():
        raise LaunchError(f"{path} is not a data folder of OneCode: nothing is removed")
    home = open_home(path)
    shutil.rmtree(path)
    os.close(home.lock_fd)
    return True


def write_private(path: Path, text: str) -> None:
    """Writes the file whole or not at all, readable by its owner alone."""
    draft = path.with_name(path.name + ".new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def _take_lock(path: Path, lock_fd: int) -> None:
    began = time.monotonic()
    while True:
        try:
            fcntl.flock(lock_fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(lock_fd, 32, 0).decode()
            if time.monotonic() > began + (_SIGNAL_SECONDS if _is_alive(holder) else _ORPHAN_SECONDS):
                raise LaunchError(f"The data folder {path} is in use by another launcher (process {holder})") from None
            time.sleep(0.1)
        else:
            return


def _is_alive(pid: str) -> bool:
    try:
        number = int(pid)
        if not number:
            return False  # it has announced its end
        os.kill(number, 0)
    except (ValueError, ProcessLookupError):
        return False
    except PermissionError:
        return True
    return True
