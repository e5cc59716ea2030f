"""What is done once before the site starts, and skipped when it would change nothing."""

import hashlib
import importlib.metadata
import os
from dataclasses import dataclass
from pathlib import Path

from config.launcher.errors import LaunchError
from config.launcher.home import Home
from config.launcher.processes import ChildSpec, last_complaint, run_to_end


@dataclass(frozen=True)
class Preparation:
    """A child that runs to its end. With a `mark` it is done while its last success bore the same one."""

    spec: ChildSpec
    mark: str | None = None

    def is_done(self, home: Home) -> bool:
        kept = self._kept_mark(home)
        return self.mark is not None and kept.exists() and kept.read_text() == self.mark

    def carry_out(self, home: Home) -> None:
        """Raises `LaunchError`, quoting the child's last complaint, when it fails."""
        code = run_to_end(self.spec)
        if code != 0:
            log = self.spec.log
            reason = f": {last_complaint(log)} (see {log})" if log else ""
            raise LaunchError(f"{self.spec.name} ended with code {code}{reason}")
        if self.mark is not None:
            self._kept_mark(home).write_text(self.mark)

    def _kept_mark(self, home: Home) -> Path:
        return home.path / f"{self.spec.name}.mark"


def static_files_mark(root: Path) -> str:
    """A digest that changes with the installed packages, the settings and every static file of ours."""
    return _digest([root / "config" / "settings.py", *_files(root, "static")])


def migrations_mark(root: Path, home: Home) -> str | None:
    """A digest that changes with the installed packages, every migration of ours and the database made anew.

    None for a database that isn't the home's own: of that one, others may have changed what it holds.
    """
    cluster = home.path / "postgres" / "PG_VERSION"
    if os.environ.get("DATABASE_URL") or not cluster.exists():
        return None
    return _digest([cluster, root / "config" / "settings.py", *_files(root, "migrations")])


def _digest(files: list[Path]) -> str:
    digest = hashlib.sha256()
    for package in sorted(f"{found.name} {found.version}" for found in importlib.metadata.distributions()):
        digest.update(package.encode())
    for path in sorted(files):
        found = path.stat()
        digest.update(f"{path} {found.st_size} {found.st_mtime_ns}".encode())
    return digest.hexdigest()


def _files(root: Path, name: str) -> list[Path]:
    """Every file below a folder of that name in one of our rooms or its sub-apps."""
    folders = [*root.glob(f"*/{name}"), *root.glob(f"*/*/{name}")]
    return [path for folder in folders for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc"]
