"""A fresh process for what can happen once in a process, such as reading the settings; in a tenth of the time.

It is forked from one that has loaded other people's packages, and nothing of ours.
"""

import importlib
import multiprocessing
import os
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

FORKED = multiprocessing.get_context("forkserver")
FORKED.set_forkserver_preload(["tests.config.others_packages"])
PATIENCE = 120.0


@dataclass(frozen=True)
class Ended:
    """How a process ended, and what it said."""

    returncode: int | None
    stdout: str
    stderr: str


def in_a_fresh_process(work: Callable[[], object], environment: Mapping[str, str]) -> Ended:
    """Call a function of a module's top level with these variables alone."""
    with tempfile.TemporaryDirectory() as folder:
        out, err = Path(folder, "out"), Path(folder, "err")
        process = FORKED.Process(target=begin, args=(work.__module__, work.__name__, dict(environment), out, err))
        process.start()
        process.join(PATIENCE)
        return Ended(process.exitcode, out.read_text(), err.read_text())


def begin(module: str, name: str, environment: dict[str, str], out: Path, err: Path) -> None:
    os.environ.clear()
    os.environ.update(environment)
    for number, file in ((1, out), (2, err)):
        os.dup2(os.open(file, os.O_WRONLY | os.O_CREAT), number)
    getattr(importlib.import_module(module), name)()
