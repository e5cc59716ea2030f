"""Real worker processes on the test's database, killed at random and started again."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.db import connection

from config.launcher.table import LONG_QUEUE, beat_options, worker_options

WORKER = ("-m", "celery", *worker_options(), f"--queues=celery,{LONG_QUEUE}")


def environment() -> dict[str, str]:
    """This run's, but for the database: the one that the tests use."""
    parts = urlsplit(os.environ["DATABASE_URL"])
    url = urlunsplit(parts._replace(path="/" + str(connection.settings_dict["NAME"])))
    return os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "tests.settings"}


class Process:
    """A Python process with its children, in a session of its own so that all can be killed at once."""

    def __init__(self, arguments: Sequence[str], log: Path, **variables: str) -> None:
        self.arguments = arguments
        self.log = log
        self.variables = variables
        self.start()

    def start(self) -> None:
        with self.log.open("ab") as out:
            self.running = subprocess.Popen(
                [sys.executable, *self.arguments],
                env=environment() | self.variables,
                cwd=settings.BASE_DIR,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )

    def kill(self) -> None:
        """Kill −9, the children too; also where it has died before."""
        with suppress(ProcessLookupError):
            os.killpg(self.running.pid, signal.SIGKILL)
        self.running.wait()

    def begins(self, *, since: int) -> bool:
        """Whether a worker has said in its log, after its first `since` bytes, that it takes tasks."""
        with self.log.open("rb") as log:
            log.seek(since)
            return b" ready." in log.read()

    def kill_a_child(self) -> bool:
        """Kill −9 one child of the process alone; False where it has none, or is gone."""
        try:
            children = Path(f"/proc/{self.running.pid}/task/{self.running.pid}/children").read_text().split()
            os.kill(int(random.choice(children)), signal.SIGKILL)
        except (FileNotFoundError, IndexError, ProcessLookupError):
            return False
        return True


class Killer(threading.Thread):
    """Kills a worker every few seconds, and starts it again; it, or else one of its children. Counts the deaths.

    `whole`: how often it is the whole worker. The next dies only when that one has begun.
    `at_least`: however slow the machine, it does not end before so many have died.
    """

    def __init__(
        self, workers: Sequence[Process], *, pause: tuple[float, float], whole: float = 0.5, at_least: int = 1
    ) -> None:
        super().__init__(daemon=True)
        self.workers = workers
        self.pause = pause
        self.whole = whole
        self.at_least = at_least
        self.deaths = 0
        self.done = threading.Event()

    def run(self) -> None:
        while not self.done.wait(random.uniform(*self.pause)):
            worker = random.choice(self.workers)
            if random.random() > self.whole and worker.kill_a_child():
                self.deaths += 1
                continue
            worker.kill()
            said = worker.log.stat().st_size
            worker.start()
            self.deaths += 1
            self.wait_until_begun(worker, since=said)

    def wait_until_begun(self, worker: Process, *, since: int) -> None:
        """However slow the machine: whoever is killed before it has begun does nothing, for ever."""
        while not worker.begins(since=since):
            if self.done.wait(0.1):
                return

    def __enter__(self) -> Self:
        for worker in self.workers:
            self.wait_until_begun(worker, since=0)
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.has_killed(self.at_least)
        self.done.set()
        self.join()

    def has_killed(self, count: int) -> None:
        """Waits until so many have died."""
        while self.deaths < count and self.is_alive():
            time.sleep(0.1)
        assert self.deaths >= count


@contextmanager
def workers_running(folder: Path, *, count: int = 2, **variables: str):
    """So many Celery workers, told these variables, and one beat; all are killed at the end."""
    with ExitStack() as stack:
        processes = [Process(WORKER, folder / f"worker-{number}.log", **variables) for number in range(count)]
        for process in processes:
            stack.callback(process.kill)
        beat = Process(("-m", "celery", *beat_options(folder), "--loglevel=INFO"), folder / "beat.log")
        stack.callback(beat.kill)
        yield processes
