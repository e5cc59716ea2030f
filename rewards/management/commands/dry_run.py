"""`dry_run`: what a campaign would have cost on openings that have happened. Nothing is written."""

import datetime as dt
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from core import clock
from core.commands import OneLineCommand
from core.json import dumps
from rewards.models import Campaign
from rewards.selectors.dry_runs import dry_run, prizes_won

DAYS_BACK = 30
EARLIEST = dt.date(2000, 1, 1)


class Command(OneLineCommand):
    help = "Tell in one JSON line what CAMPAIGN would have cost on past openings of its products. Reads only."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """CAMPAIGN, --since and --until; by default the last 30 days."""
        parser.add_argument("campaign", type=int, metavar="CAMPAIGN", help="number of the campaign, also of a draft")
        parser.add_argument("--since", type=dt.date.fromisoformat, help="YYYY-MM-DD, a business day of the brand")
        parser.add_argument("--until", type=dt.date.fromisoformat, help="YYYY-MM-DD, included")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002 - Django's signature
        """Print the findings.

        Raises:
            CommandError: there is no such campaign, or the last day lies before the first.
        """
        campaign = Campaign.objects.select_related("brand").filter(pk=options["campaign"]).first()
        if campaign is None:
            raise CommandError(f"There is no campaign {options['campaign']}.", returncode=2)
        until = options["until"] or clock.business_day(clock.now(), campaign.brand.timezone)
        since = options["since"] or max(until, EARLIEST) - dt.timedelta(days=DAYS_BACK)
        if until < since:
            raise CommandError("--until must not lie before --since.", returncode=2)
        found = dry_run(campaign, since=since, until=until)
        sums = ("openings", "consumers_fen", "owners_fen", "salespeople_fen", "referrers_fen", "total_fen")
        told = {name: getattr(found, name) for name in sums}
        told |= {"refused": found.refused, "spent_on": found.spent_on, "worst_day": found.worst_day}
        prizes = [
            {"rank": prize.rank, "name": prize.name, "times": times} for prize, times in prizes_won(campaign, found)
        ]
        days = {"campaign": campaign.pk, "since": since, "until": until, "budget_fen": campaign.budget_fen}
        self.stdout.write(dumps(days | told | {"prizes": prizes}).decode())
