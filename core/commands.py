"""Commands of ours: whatever goes wrong is one line on stderr and an exit code other than 0."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error as DatabaseFault
from redis import RedisError

from core.errors import Problem

USAGE = 2
"""Exit code where the command line itself is wrong."""
INTERRUPTED = 130
"""Exit code after Ctrl-C, as shells know it: 128 and the signal's number."""


class OneLineCommand(BaseCommand):
    """A command whose refusals and faults are told in one line; with --traceback, as they came."""

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """Have a wrong command line raised, instead of being told at length."""
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        parser.called_from_command_line = False
        return parser

    def run_from_argv(self, argv: list[str]) -> None:
        """Tell a wrong command line; `execute` sees to the rest."""
        try:
            super().run_from_argv(argv)
        except CommandError as error:
            if "--traceback" in argv:
                raise
            self.stderr.write(f"CommandError: {' '.join(str(error).split())}")
            sys.exit(USAGE)

    def execute(self, *args: Any, **options: Any) -> str | None:
        """Do the work.

        Raises:
            CommandError: it was refused, or a part that it needs failed.
        """
        try:
            return super().execute(*args, **options)
        except KeyboardInterrupt as error:
            raise CommandError("Interrupted.", returncode=INTERRUPTED) from error
        except (Problem, DatabaseFault, RedisError, OSError, UnicodeEncodeError) as error:
            raise CommandError(line_of(error)) from error


def line_of(error: Exception) -> str:
    """What went wrong, in one line."""
    match error:
        case Problem():
            fields = "; ".join(f"{name}: {' '.join(messages)}" for name, messages in error.fields.items())
            text = fields or error.detail
        case DatabaseFault():
            text = f"The database refused: {str(error).strip().partition(chr(10))[0]}"
        case RedisError():
            text = f"Valkey refused: {error}"
        case OSError():
            text = ": ".join(str(part) for part in (error.filename, error.strerror or error) if part)
        case _:
            text = "What was given is not UTF-8 text."
    return " ".join(text.split())
