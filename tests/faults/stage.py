"""A whole site of its own for one test file: servers that can be stopped, web, worker and beat."""

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from config.launcher.processes import Child, ChildSpec, start
from config.launcher.supervisor import Supervisor
from config.launcher.table import beat_options
from tests.faults.clients import free_port, wait_for, web_process
from tests.faults.processes import WORKER, Process, environment
from tests.own_servers import own_servers

DATABASE_PATIENCE = 2


@dataclass
class Stage:
    port: int
    servers: dict[str, Child]
    web: Process

    def kill(self, name: str) -> None:
        """A server dies, with all of its processes."""
        self.servers[name].process.kill()
        self.servers[name].process.wait()

    def signal(self, name: str, number: signal.Signals) -> None:
        """To the server and its children, first of all to itself, so that it makes no more of them."""
        server = self.servers[name].process.pid
        os.kill(server, number)
        for child in Path(f"/proc/{server}/task/{server}/children").read_text().split():
            with suppress(ProcessLookupError):
                os.kill(int(child), number)


@contextmanager
def running_stage() -> Iterator[Stage]:
    """The site on data of its own; this process's database and Valkey are the site's meanwhile."""
    with ExitStack() as stack:
        folder, services = stack.enter_context(own_servers(fast=False))
        stack.enter_context(environment_of(services.addresses))
        port = free_port()
        web = web_process(port, folder, ONECODE_DB_PATIENCE=str(DATABASE_PATIENCE))
        stack.callback(web.kill)
        beat = ("-m", "celery", *beat_options(folder))
        tasks = [task_process("worker", WORKER, folder), task_process("beat", beat, folder)]
        stack.enter_context(supervised(tasks))
        wait_for(port)
        yield Stage(port, {child.spec.name: child for child in services.children}, web)


def task_process(name: str, arguments: Sequence[str], folder: Path) -> Child:
    """A worker or beat, and its log in the folder."""
    log = folder / f"{name}.log"
    return start(ChildSpec(name, [sys.executable, *arguments], environment(), log=log, cwd=settings.BASE_DIR))


@contextmanager
def supervised(children: Sequence[Child]) -> Iterator[None]:
    """Whoever of them ends is started again, as in every run of the site: Celery's worker may end with its broker."""
    supervisor, done = Supervisor(children, say=print), threading.Event()

    def watch() -> None:
        while not done.wait(0.2):
            supervisor.look(time.monotonic())

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()
        for child in children:
            child.stop()


@contextmanager
def environment_of(addresses: dict[str, str]) -> Iterator[None]:
    """What the processes of the site are told; sixteen people at one address are no attack here."""
    wanted = addresses | {"ONECODE_LIMIT_SCALE": "1000"}
    before = {name: os.environ.get(name) for name in wanted}
    os.environ.update(wanted)
    yield
    for name, value in before.items():
        if value is None:
            del os.environ[name]
        else:
            os.environ[name] = value
