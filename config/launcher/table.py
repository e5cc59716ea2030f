"""The process table of a run: what is done once before, and what is kept running."""

import os
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from config.launcher.home import Home
from config.launcher.options import ROOT, RunOptions
from config.launcher.preparation import Preparation, migrations_mark, static_files_mark
from config.launcher.processes import ChildSpec

LONG_QUEUE = "long"
_WEB_WORKERS = 2
_WEB_THREADS = 8
_TASK_PROCESSES = 2
_WEB_PATIENCE = {"ONECODE_DB_PATIENCE": "10"}


@dataclass(frozen=True)
class Table:
    """`preparations` run one after another to their end; `daemons` start in order and stop in the opposite one.

    What is done `meanwhile` runs to its end while the daemons start: the site is ready after it.
    """

    preparations: list[Preparation]
    daemons: list[ChildSpec]
    meanwhile: list[Preparation] = field(default_factory=list)


def application_table(options: RunOptions, env: Mapping[str, str], home: Home) -> Table:
    """OneCode itself: migrations, static files and demo data; then workers, beat and web.

    The demo's first load makes a market and wants the machine for itself; later ones have next to nothing to do.
    """

    def child(name: str, *arguments: str) -> ChildSpec:
        log = home.logs / f"{name}.log"
        return ChildSpec(name, [sys.executable, *arguments], env, log=log, cwd=ROOT, keep_fds=(home.lock_fd,))

    def manage(*arguments: str) -> ChildSpec:
        return child(arguments[0], "manage.py", *arguments)

    # its progress bars and its list of accounts are for the terminal
    demo = [Preparation(replace(manage("load_demo"), log=None))]
    loaded = (home.path / "demo.json").exists()
    return Table(
        preparations=[
            Preparation(manage("migrate", "--noinput"), migrations_mark(ROOT, home)),
            Preparation(manage("collectstatic", "--noinput", "--ignore=*.map"), static_files_mark(ROOT)),
            *([] if loaded else demo),
        ],
        daemons=[
            child("worker", "-m", "celery", *worker_options()),
            replace(child("long-worker", "-m", "celery", *long_worker_options()), niceness=10),
            child("beat", "-m", "celery", *beat_options(options.home)),
            _with(child("web", "-m", "granian", *web_options(options), "config.wsgi:application"), _WEB_PATIENCE),
        ],
        meanwhile=demo if loaded else [],
    )


def _with(spec: ChildSpec, defaults: Mapping[str, str]) -> ChildSpec:
    """The child with these variables where its environment has none."""
    return replace(spec, env={**defaults, **spec.env})


_ALIKE = ("--prefetch-multiplier=1", "--loglevel=INFO", "--without-gossip", "--without-mingle")


def worker_options(app: str = "config.celery") -> list[str]:
    """Celery's arguments for the worker of what ends within seconds; benchmarks and tests start the same.

    The migrations before it made the system checks, which load all pages: much for a process that shows none.
    """
    return ["-A", app, "--skip-checks", "worker", f"--concurrency={_TASK_PROCESSES}", *_ALIKE]


def long_worker_options() -> list[str]:
    """Celery's arguments for what takes minutes - print files, documents of events, the histories.

    It must never keep a payment waiting.
    """
    queue = (f"--queues={LONG_QUEUE}", "--hostname=long@%h", "--concurrency=1")
    return ["-A", "config.celery", "--skip-checks", "worker", *queue, *_ALIKE]


def beat_options(folder: Path) -> list[str]:
    """The arguments of Celery's clock, which keeps in the folder when it last rang; benchmarks use the same."""
    return ["-A", "config.beat", "beat", f"--schedule={folder / 'beat-schedule'}", "--pidfile="]


def web_options(options: RunOptions) -> list[str]:
    """Granian's arguments; the benchmarks start the same."""
    return [
        "--interface=wsgi",
        f"--host={options.host}",
        f"--port={options.port}",
        f"--workers={_WEB_WORKERS}",
        f"--blocking-threads={_WEB_THREADS}",
        "--no-ws",
        "--respawn-failed-workers",
        "--workers-kill-timeout=5",  # a worker that is still loading does not hear the signal
    ]


def child_environment(options: RunOptions, env: Mapping[str, str]) -> dict[str, str]:
    """The environment of the application's processes: whatever libraries write goes below the data folder."""
    private = {"HOME": "home", "XDG_CACHE_HOME": "cache", "TMPDIR": "tmp", "PROMETHEUS_MULTIPROC_DIR": "metrics"}
    shutil.rmtree(options.home / "metrics", ignore_errors=True)  # counters begin at 0 with each start
    for name in private.values():
        (options.home / name).mkdir(mode=0o700, exist_ok=True)
    return {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "ONECODE_PUBLIC_URL": options.url,
        **os.environ,
        **env,
        **{variable: str(options.home / name) for variable, name in private.items()},
        "ONECODE_HOME": str(options.home),
        "PYTHONUNBUFFERED": "1",
        "PYTHONDONTWRITEBYTECODE": "",  # what is compiled once is kept: it is half of each start
    }
