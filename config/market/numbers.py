"""What a play came to, for one line of JSON."""

from collections import Counter
from typing import Any

from django.db.models import Count, Sum

from config.market.field import Field
from config.market.play import Script
from rewards.models import Payout
from stores.models import StoreStanding
from stores.models.standing import Step


def numbers_of(stage: Field, script: Script, tally: Counter[str]) -> dict[str, Any]:
    """The tally with the brand's stores per step and its payouts per state."""
    standings = StoreStanding.objects.filter(store__brand=stage.brand)
    steps = dict(standings.order_by("step").values_list("step").annotate(Count("pk")))
    payouts = Payout.objects.filter(brand=stage.brand).values_list("state")
    return {
        "brand": stage.brand.slug,
        "lot": script.lot,
        "stores": script.size.stores,
        "consumers": script.size.consumers,
        "days": script.size.days,
        "seed": script.seed,
        **dict(sorted(tally.items())),
        "steps": {Step(number).name.lower(): count for number, count in steps.items()},
        "payouts": dict(payouts.annotate(Count("pk")).order_by("state")),
        "paid_fen": Payout.objects.filter(brand=stage.brand, state="paid").aggregate(fen=Sum("amount_fen"))["fen"] or 0,
    }
