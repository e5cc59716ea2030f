"""The command line: `python -m config.launcher run`, `reset`, or `exec [--fast] -- COMMAND`."""

import argparse
import os
import sys
from contextlib import suppress

from config.launcher.errors import Interrupted, LaunchError
from config.launcher.execute import execute
from config.launcher.home import remove_home
from config.launcher.options import read_options
from config.launcher.processes import stop_with_parent
from config.launcher.run import TableMaker, run
from config.launcher.signals import raise_on_stop_signals
from config.launcher.table import application_table


def main(argv: list[str], make_table: TableMaker = application_table) -> int:
    """Runs the launcher; answers the exit code. `make_table` says what a run consists of."""
    arguments = _parser().parse_args(argv)
    raise_on_stop_signals()
    if os.environ.get("MAKELEVEL"):
        stop_with_parent()
    try:
        match arguments.action:
            case "run":
                return _run(make_table)
            case "reset":
                return _reset()
            case _:
                return _exec(arguments)
    except LaunchError as error:
        sys.stderr.write(f"{error}\n")
    except OSError as error:
        sys.stderr.write(f"{error.strerror}: {error.filename or read_options(os.environ).home}\n")
    return 1


def _run(make_table: TableMaker) -> int:
    """Being stopped is the good end of a run."""
    with suppress(Interrupted):
        run(make_table)
    return 0


def _reset() -> int:
    path = read_options(os.environ).home
    sys.stdout.write(f"{path} is removed\n" if remove_home(path) else f"There is no data in {path}\n")
    return 0


def _exec(arguments: argparse.Namespace) -> int:
    if not arguments.command:
        raise LaunchError("exec needs a command")
    try:
        return execute(_without_separator(arguments.command), fast=arguments.fast)
    except Interrupted as stop:
        return 128 + stop.signum


def _without_separator(command: list[str]) -> list[str]:
    return command[1:] if command[:1] == ["--"] else command


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m config.launcher")
    actions = parser.add_subparsers(dest="action", required=True)
    actions.add_parser("run", help="run the whole site; PORT, HOST and ONECODE_HOME are read from the environment")
    actions.add_parser("reset", help="remove the data folder")
    one = actions.add_parser("exec", help="run one command with PostgreSQL and Valkey around it")
    one.add_argument("--fast", action="store_true", help="throw-away data: no fsync")
    one.add_argument("command", nargs=argparse.REMAINDER, metavar="COMMAND")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
