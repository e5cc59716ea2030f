from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.utils.translation import override

from config.demo.block import block_of
from config.demo.document import NAME
from config.demo.load import load_demo
from config.market.showing import shown_progress
from core import clock
from core.commands import OneLineCommand


class Command(OneLineCommand):
    requires_system_checks = ()  # the migrations before it made them
    help = "Load the demo, or bring it up to date: a market, accounts and sample codes, written down in demo.json."

    def handle(self, **_options: Any) -> None:
        """Load, and print addresses, accounts and sample links."""
        if not settings.DEMO:
            self.stdout.write("no demo: ONECODE_DEMO is off")
            return
        try:
            with override("en"), shown_progress() as report:
                document = load_demo(home=settings.HOME, base_url=settings.PUBLIC_URL, now=clock.now(), report=report)
        except OSError as error:
            raise CommandError(f"{settings.HOME / NAME} can't be written: {error.strerror or error}.") from error
        for line in block_of(document, str(settings.HOME / NAME)):
            self.stdout.write(line)
