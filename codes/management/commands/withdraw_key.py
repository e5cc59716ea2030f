"""`withdraw_key`: a key that others may know no longer makes codes, not even for orders that wait to be printed."""

from argparse import ArgumentParser
from typing import Any

from codes.services.rekeying import withdraw_key
from core import clock
from core.commands import OneLineCommand
from core.json import dumps


class Command(OneLineCommand):
    """One JSON line: the orders that have the present key now, and those that keep the withdrawn one."""

    help = "Give orders under VERSION whose codes nobody has yet the present key; name those that are printed already."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("version", metavar="VERSION", help="the key's version: the first character of its codes")

    def handle(self, **options: Any) -> None:
        """Withdraw, and tell."""
        done = withdraw_key(version=options["version"], actor="system:withdraw_key", now=clock.now())
        self.stdout.write(dumps({"renewed": done.renewed, "printed": done.printed}).decode())
