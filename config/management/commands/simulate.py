import time
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.core.validators import slug_re
from django.utils.translation import override

from codes.models import Batch
from config.market.field import BRAND_SLUG, Field, furnish
from config.market.numbers import numbers_of
from config.market.plan import Size
from config.market.play import Script, play_market
from config.market.showing import shown_progress
from core import clock
from core.commands import OneLineCommand
from core.json import dumps

LONGEST_SLUG = 50
MOST = {"stores": 2_000, "consumers": 200_000, "days": 366, "seed": 2**31}


class Command(OneLineCommand):
    help = (
        "Play a believable market of the past days through the real services: goods reach the stores, consumers scan "
        "and open envelopes, payouts are settled at the sandbox, days counted, stores judged. The same seed draws the "
        "same market. The last line is one JSON object."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--stores", default="24", help="how many stores take part [24]")
        parser.add_argument("--consumers", default="300", help="how many people [300]")
        parser.add_argument("--days", default="35", help="how many days up to today [35]")
        parser.add_argument("--seed", default="1", help="of the drawing [1]")
        parser.add_argument("--brand", default=BRAND_SLUG, help=f"slug; made where it is missing [{BRAND_SLUG}]")

    def handle(self, **options: Any) -> None:
        """Play, and say what happened."""
        started = time.monotonic()
        with override("en"), shown_progress() as report:
            require_play_money()
            stage, script = staged(options)
            tally = play_market(stage=stage, script=script, now=clock.now(), report=report)
        facts = numbers_of(stage, script, tally) | {"seconds": round(time.monotonic() - started, 1)}
        self.stdout.write(dumps(facts).decode())


def staged(options: dict[str, Any]) -> tuple[Field, Script]:
    """The field, and the next free lot of its product."""
    size = Size(*(whole(name, options[name], MOST[name]) for name in ("stores", "consumers", "days")))
    seed = whole("seed", options["seed"], MOST["seed"])
    if len(options["brand"]) > LONGEST_SLUG or not slug_re.fullmatch(options["brand"]):
        raise CommandError(f"--brand must be a slug: at most {LONGEST_SLUG} letters, digits, hyphens and underscores.")
    stage = furnish(slug=options["brand"], stores=size.stores, seed=seed, now=clock.now())
    taken = set(Batch.objects.filter(product=stage.product).values_list("lot", flat=True))
    lot = next(name for name in (f"SIM{count:04d}" for count in range(1, 10_000)) if name not in taken)
    return stage, Script(size, seed, lot)


def require_play_money() -> None:
    """A simulation must not move real money."""
    if settings.PAYMENT_PROVIDER != "sandbox":
        raise CommandError("A market is played with the sandbox wallet only: set ONECODE_PAYMENT_PROVIDER=sandbox.")


def whole(name: str, text: Any, most: int) -> int:
    """The whole number of an option; raises CommandError, saying what would be right."""
    if not str(text).isdecimal() or not 1 <= int(text) <= most:
        raise CommandError(f"--{name} must be a whole number from 1 to {most}, not {text!r}.")
    return int(text)
