"""`reconcile`: a provider's bill list of a day against our payouts; exit 1 on a difference."""

import datetime as dt
from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError

from core import clock
from core.commands import OneLineCommand
from core.json import dumps
from rewards.providers.registry import UnknownProviderError
from rewards.services.providers import provider
from rewards.services.reconciling import run_reconciliation

ACTOR = "system:reconcile"
EARLIEST = dt.date(2000, 1, 1)


class Command(OneLineCommand):
    help = (
        "Compare a provider's bills of a day with our payouts, and keep it. One JSON line a difference; exit 1 on any."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """--provider and --date; defaults: the present provider, and yesterday by its calendar."""
        parser.add_argument("--provider", default=settings.PAYMENT_PROVIDER)
        parser.add_argument("--date", type=day_of, help="YYYY-MM-DD, in the provider's time zone")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002 - Django's signature
        """Print each difference, then the count.

        Raises:
            CommandError: no such provider, or a day that has not come; or (exit 1) differences were found.
        """
        try:
            bank = provider(options["provider"])
        except UnknownProviderError as error:
            raise CommandError(str(error), returncode=2) from error
        today = clock.business_day(clock.now(), bank.pace.zone)
        day = options["date"] or today - dt.timedelta(days=1)
        if not EARLIEST <= day <= today:
            raise CommandError(f"--date must lie between {EARLIEST} and {today}, not {day}.", returncode=2)
        differences = run_reconciliation(bank=bank, day=day, actor=ACTOR, now=clock.now()).differences
        for difference in differences:
            self.stdout.write(dumps(difference).decode())
        if differences:
            raise CommandError(f"{len(differences)} differences at {bank.name} on {day}")
        self.stdout.write(f"no difference at {bank.name} on {day}")


def day_of(text: str) -> dt.date:
    """The day of an option; raises ArgumentTypeError, saying what would be right."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"{text!r} is no day; write it as 2026-03-01") from error
