"""`replay_risk`: what risk rules would have done to a brand's past claims."""

import datetime as dt
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from core import clock
from core.commands import OneLineCommand
from core.json import dumps
from rewards.risk.thresholds import Thresholds
from rewards.selectors.risk_replay import Replay, Stretch, replay
from rewards.selectors.risk_rules import terms_of_brand
from stores.models import Brand

MOST_DAYS = 366
MOST_CLAIMS = 10_000_000


class Command(OneLineCommand):
    help = "Judge a brand's past claims by thresholds: how many would be held or refused, by which rule. Reads only."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """--brand, --days, --limit, and --threshold name=value as often as needed."""
        parser.add_argument("--brand", required=True, help="slug of the brand")
        parser.add_argument("--days", default="30", help="so many days back from now")
        parser.add_argument("--limit", default="1000000", help="the newest so many claims at most")
        parser.add_argument(
            "--threshold", action="append", default=[], metavar="NAME=VALUE", help="in place of the brand's own"
        )

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002 - Django's signature
        """Print a JSON line for each rule that holds, then one for all.

        Raises:
            CommandError: an unknown brand or threshold, or a value that makes no sense.
        """
        brand = Brand.objects.filter(slug=options["brand"]).first()
        if brand is None:
            raise CommandError(f"--brand: there is no brand {options['brand']!r}")
        days = whole("days", options["days"], MOST_DAYS)
        limit = whole("limit", options["limit"], MOST_CLAIMS)
        now = clock.now()
        found = replay(
            brand=brand,
            thresholds=chosen(brand, options["threshold"]),
            stretch=Stretch(now - dt.timedelta(days=days), now, limit),
        )
        for line in lines_of(found):
            self.stdout.write(dumps(line).decode())


def chosen(brand: Brand, options: list[str]) -> Thresholds:
    """The brand's thresholds with those of the options.

    Raises:
        CommandError: a name that is none, or a value that makes no sense.
    """
    known = terms_of_brand(brand).thresholds
    told = {name: getattr(known, name) for name in known.__slots__}
    try:
        return Thresholds.of(told | dict(threshold(option) for option in options))
    except ValueError as error:
        raise CommandError(f"--threshold: {error}") from error


def threshold(option: str) -> tuple[str, float]:
    """Name and number of an option; ValueError where it is none."""
    name, _sign, text = option.partition("=")
    try:
        value = float(text)
    except ValueError as error:
        raise ValueError(f"write it as person_hour=30, not {option!r}") from error
    return name, int(value) if value.is_integer() else value


def whole(name: str, text: str, most: int) -> int:
    """A whole number of an option, from 1 to `most`."""
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= most):
        raise CommandError(f"--{name} must be a whole number from 1 to {most}, not {text!r}")
    return int(text)


def lines_of(found: Replay) -> list[dict[str, Any]]:
    """The answer, line by line."""
    lines: list[dict[str, Any]] = [
        {"rule": name, **tally.outcomes, "samples": [sample.serial for sample in tally.samples]}
        for name, tally in found.by_weight()
    ]
    shares = {f"{outcome}_share": round(found.share(outcome), 5) for outcome in ("hold", "refuse")}
    return [*lines, {"claims": found.claims, **found.outcomes, **shares, "amounts_fen": dict(found.amounts_fen)}]
