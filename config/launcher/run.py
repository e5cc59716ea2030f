"""`run`: servers, preparations, the application, and watching over them until a stop signal."""

import http.client
import os
import shutil
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack

from config.launcher.demo_secrets import demo_environment
from config.launcher.errors import LaunchError
from config.launcher.home import Home, open_home
from config.launcher.joining import told_to_commands
from config.launcher.options import RunOptions, read_options, require_free_port
from config.launcher.preparation import Preparation
from config.launcher.processes import Child, ChildSpec, last_complaint, start
from config.launcher.services import running_services
from config.launcher.supervisor import Supervisor
from config.launcher.table import Table, child_environment

_NEEDED_BYTES = 500_000_000
_READY_SECONDS = 120.0

TableMaker = Callable[[RunOptions, Mapping[str, str], Home], Table]


def run(make_table: TableMaker) -> None:
    """Runs the whole site. Ends by `Interrupted`, with everything stopped; raises `LaunchError` when it can't start."""
    options = read_options(os.environ)
    home = open_home(options.home)
    require_free_port(options)
    _require_space(home)
    home.rotate_logs()
    with running_services(home, os.environ, fast=False) as services, ExitStack() as stack:
        say(f"PostgreSQL and Valkey are up; logs in {home.logs}")
        env = child_environment(options, services.addresses | demo_environment(home, os.environ))
        stack.enter_context(told_to_commands(home.path, env))
        table = make_table(options, env, home)
        _carry_out(table.preparations, home)
        daemons = _start_all(table.daemons, stack)
        stack.callback(home.announce_end)
        _carry_out(table.meanwhile, home)
        _wait_until_ready(options, daemons)
        say(f"OneCode is ready: {options.url}/ (Ctrl-C stops it)")
        Supervisor([*services.children, *daemons], say).run()


def _carry_out(preparations: list[Preparation], home: Home) -> None:
    for preparation in preparations:
        if not preparation.is_done(home):
            say(f"{preparation.spec.name} …")
            preparation.carry_out(home)


def say(line: str) -> None:
    """One line of status on the terminal."""
    sys.stdout.write(f"[onecode] {line}\n")
    sys.stdout.flush()


def _start_all(specs: list[ChildSpec], stack: ExitStack) -> list[Child]:
    """Starts them in order and has the stack stop them in the opposite one."""
    daemons = []
    for spec in specs:
        daemons.append(start(spec))
        stack.callback(daemons[-1].stop)
    stack.callback(say, "stopping")
    return daemons


def _require_space(home: Home) -> None:
    free = shutil.disk_usage(home.path).free
    if free < _NEEDED_BYTES:
        raise LaunchError(
            f"No space left for {home.path}: {free // 10**6} MB free, {_NEEDED_BYTES // 10**6} MB needed at least"
        )


def _wait_until_ready(options: RunOptions, daemons: list[Child]) -> None:
    deadline = time.monotonic() + _READY_SECONDS
    while not _answers(options):
        for child in daemons:
            if child.process.poll() is not None:
                log = child.spec.log
                raise LaunchError(
                    f"{child.spec.name} ended with code {child.process.returncode}: "
                    f"{last_complaint(log) if log else 'no log'} (see {log})"
                )
        if time.monotonic() > deadline:
            raise LaunchError(f"{options.url}/healthz does not answer 200 after {_READY_SECONDS:.0f} s")
        time.sleep(0.1)


def _answers(options: RunOptions) -> bool:
    connection = http.client.HTTPConnection(options.near_host, options.port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
