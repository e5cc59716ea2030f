"""The command line: `python -m config.launcher exec [--fast] -- COMMAND`."""

import argparse
import sys

from config.launcher.errors import Interrupted, LaunchError
from config.launcher.execute import execute
from config.launcher.signals import raise_on_stop_signals


def main(argv: list[str]) -> int:
    """Runs the launcher; answers the exit code."""
    arguments = _parser().parse_args(argv)
    raise_on_stop_signals()
    try:
        return execute(_without_separator(arguments.command), fast=arguments.fast)
    except LaunchError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except Interrupted as stop:
        return 128 + stop.signum


def _without_separator(command: list[str]) -> list[str]:
    return command[1:] if command[:1] == ["--"] else command


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m config.launcher")
    actions = parser.add_subparsers(dest="action", required=True)
    one = actions.add_parser("exec", help="run one command with PostgreSQL and Valkey around it")
    one.add_argument("--fast", action="store_true", help="throw-away data: no fsync")
    one.add_argument("command", nargs=argparse.REMAINDER, metavar="COMMAND")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
