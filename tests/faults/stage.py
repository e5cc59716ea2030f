"""A whole site of its own for one test file: servers that can be stopped, web, worker and beat."""

import os
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import environ
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import override_settings

from config.launcher.home import open_home
from config.launcher.processes import Child, ChildSpec, start
from config.launcher.services import running_services
from config.launcher.supervisor import Supervisor
from config.launcher.table import beat_options
from core.valkey import valkey
from tests.faults.clients import free_port, wait_for, web_process
from tests.faults.processes import WORKER, Process, environment

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
    folder = Path(tempfile.mkdtemp(prefix="oc-"))
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        services = stack.enter_context(running_services(open_home(folder), {}, fast=False))
        stack.enter_context(environment_of(services.addresses))
        stack.enter_context(our_parts(services.addresses))
        call_command("migrate", verbosity=0, run_syncdb=True)  # from the models, as every test database
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


@contextmanager
def our_parts(addresses: dict[str, str]) -> Iterator[None]:
    database = environ.Env.db_url_config(addresses["DATABASE_URL"])
    before = dict(connection.settings_dict)
    connection.close()
    connection.settings_dict.update({name: database[name] for name in ("NAME", "HOST", "USER", "PASSWORD", "PORT")})
    connection.settings_dict["OPTIONS"] = settings.DATABASES["default"]["OPTIONS"] | database.get("OPTIONS", {})
    valkey.cache_clear()
    assert urlsplit(addresses["REDIS_URL"]).port
    with override_settings(REDIS_URL=addresses["REDIS_URL"]):
        yield
    valkey.cache_clear()
    connection.close()
    connection.settings_dict.update(before)
