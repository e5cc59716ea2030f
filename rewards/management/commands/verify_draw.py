"""`verify_draw`: prove a campaign's draw from its published data alone; exit 1 where it does not hold."""

from argparse import ArgumentParser, FileType
from typing import Any

from django.core.management.base import CommandError

from core.commands import OneLineCommand
from core.json import dumps
from rewards.draw.permutation import DrawError
from rewards.draw.proof import NotRevealedError, findings_of, published_of


class Command(OneLineCommand):
    """One JSON line. Neither the database nor the network is asked; `python -m rewards.draw.proof` does the same."""

    help = "Prove a draw from FILE, the data that a campaign's terms page offers; exit 1 where it does not hold."

    requires_system_checks = []
    """None: the checks would load every page and endpoint, which takes longer than the work."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """FILE, and --serial for items whose prize is to be told."""
        parser.add_argument("file", metavar="FILE", type=FileType("rb"))
        parser.add_argument(
            "--serial", type=int, action="append", default=[], help="tell this item's prize; repeatable"
        )

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002 - Django's signature
        """Print the findings.

        Raises:
            CommandError: (exit 1) the draw does not hold; (exit 2) its key is not published yet.
        """
        with options["file"] as file:
            text = file.read()
        try:
            findings = findings_of(published_of(text), options["serial"])
        except NotRevealedError as error:
            raise CommandError(str(error), returncode=2) from error
        except DrawError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(dumps(findings).decode())
