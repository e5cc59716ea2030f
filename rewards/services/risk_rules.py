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
from rewards.risk.thresholds import DEFAULTS, Thresholds, limits_of
from stores.models import Brand

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
    wrong = {name: [_("There is no such threshold.")] for name in thresholds if name not in DEFAULTS}
    for name, value in thresholds.items():
        if name in wrong or fits(name, value):
            continue
        least, most = limits_of(name)
        said = _("A number from %(least)d to %(most)d.")
        if isinstance(DEFAULTS[name], int):
            said = _("A whole number from %(least)d to %(most)d.")
        wrong[name] = [said % {"least": least, "most": most}]
    if not wrong:
        whole = DEFAULTS | dict(thresholds)
        if whole["refuse_score"] <= whole["hold_score"]:
            wrong["refuse_score"] = [_("Above the score from which on envelopes are held.")]
    return wrong


def fits(name: str, value: Any) -> bool:
    """Whether a threshold can have this value."""
    scores = {"hold_score": 1, "refuse_score": 101}
    try:
        Thresholds.of({**(scores if name in scores else {}), name: value})
    except ValueError:
        return name in scores and type(value) is int and limits_of(name)[0] <= value <= limits_of(name)[1]
    return True
