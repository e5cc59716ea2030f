"""Which operating system account the database servers run under: PostgreSQL refuses to run as root."""

import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Account:
    """The account of the servers; `switch` says that we are root and must become it."""

    uid: int
    gid: int
    switch: bool

    def own(self, path: Path, mode: int) -> None:
        """Gives the path to the account with these permission bits."""
        if self.switch:
            os.chown(path, self.uid, self.gid)
        path.chmod(mode)

    def can_enter(self, folder: Path) -> bool:
        """Whether the account may pass every folder down to this one."""
        return not self.switch or all(self._may_search(part) for part in (folder, *folder.parents))

    def _may_search(self, folder: Path) -> bool:
        found = folder.stat()
        if found.st_uid == self.uid:
            return bool(found.st_mode & stat.S_IXUSR)
        if found.st_gid == self.gid:
            return bool(found.st_mode & stat.S_IXGRP)
        return bool(found.st_mode & stat.S_IXOTH)


def server_account() -> Account:
    """`nobody` when we are root, else ourselves."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid(), switch=False)
    nobody = pwd.getpwnam("nobody")
    return Account(nobody.pw_uid, nobody.pw_gid, switch=True)
