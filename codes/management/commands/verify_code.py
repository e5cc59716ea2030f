"""Verify codes offline from scans: what they say, and what the database says of their units."""

from argparse import ArgumentParser
from typing import Any

from codes.ciphers import code_cipher
from codes.selectors.verification import verify
from core import clock
from core.commands import OneLineCommand
from core.json import dumps


class Command(OneLineCommand):
    """One JSON line a code: role, serial, order, verdict (the one that a scan would get now). Nothing is written."""

    help = "Tell of each CODE (also as a link) its role, serial, order and verdict."

    requires_system_checks = []
    """None: the checks would load every page and endpoint, which takes longer than the work."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("codes", nargs="+", metavar="CODE")

    def handle(self, **options: Any) -> None:
        """Read each code and print a line."""
        for text in options["codes"]:
            found = verify(text, cipher=code_cipher(), now=clock.now())
            line = {
                "role": found.role.slug if found.role else None,
                "serial": found.serial,
                "order": found.order_id,
                "verdict": found.verdict,
            }
            self.stdout.write(dumps(line).decode())
