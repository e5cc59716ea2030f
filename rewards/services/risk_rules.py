"""A brand's own risk rules."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core import audit
from core.errors import Invalid
from rewards.models import RiskRule
from rewards.risk.thresholds import DEFAULTS, Thresholds
from stores.models import Brand
from stores.services.chosen_numbers import wrong_numbers

LONGEST_REVIEW_HOURS = 168


@dataclass(frozen=True, slots=True)
class RuleFacts:
    """What a brand chooses: values of RiskRule.Mode and AfterTime, and thresholds other than the defaults."""

    mode: str
    thresholds: Mapping[str, Any]
    review_hours: int
    after_time: str


def set_risk_rule(*, brand: Brand, facts: RuleFacts, actor: str, now: dt.datetime) -> RiskRule:
    """Replace what a brand chose. It holds for what is claimed from now on; who waits was told a time that stands.

    Raises:
        Invalid: says in which field, by the threshold's own name.
    """
    check(facts)
    chosen = {
        "mode": facts.mode,
        "thresholds": {name: value for name, value in facts.thresholds.items() if value != DEFAULTS[name]},
        "review_hours": facts.review_hours,
        "after_time": facts.after_time,
    }
    with transaction.atomic():
        Brand.objects.select_for_update(no_key=True).get(pk=brand.pk)
        before = RiskRule.objects.filter(brand=brand).values(*chosen).first()
        row, _is_new = RiskRule.objects.update_or_create(
            brand=brand, defaults={**chosen, "changed_by": actor, "changed_at": now}
        )
        audit.record(
            actor=actor,
            action="risk_rule.set",
            subject=row,
            at=now,
            brand_slug=brand.slug,
            before=before,
            after=chosen,
        )
    return row


def check(facts: RuleFacts) -> None:
    """Refuse what makes no sense, all of it at once.

    Raises:
        Invalid: see `set_risk_rule`.
    """
    wrong: dict[str, list[str]] = {}
    for name, values in (("mode", RiskRule.Mode.values), ("after_time", RiskRule.AfterTime.values)):
        if getattr(facts, name) not in values:
            wrong[name] = [_("One of: %(values)s.") % {"values": ", ".join(values)}]
    if type(facts.review_hours) is not int or not 1 <= facts.review_hours <= LONGEST_REVIEW_HOURS:
        wrong["review_hours"] = [_("A whole number from %(least)d to %(most)d.") % {"least": 1, "most": 168}]
    wrong |= wrong_thresholds(facts.thresholds)
    if wrong:
        raise Invalid(fields=wrong)


def wrong_thresholds(thresholds: Mapping[str, Any]) -> dict[str, list[str]]:
    """What is wrong with each threshold; empty where they can be used."""
    wrong = wrong_numbers(Thresholds, thresholds)
    whole = DEFAULTS | dict(thresholds)
    if not wrong and whole["refuse_score"] <= whole["hold_score"]:
        wrong["refuse_score"] = [_("Above the score from which on envelopes are held.")]
    return wrong
