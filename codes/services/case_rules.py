"""A brand's own thresholds of market cases."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from codes.cases.thresholds import DEFAULTS, Thresholds, checked_travel
from codes.models import CaseRule
from core import audit
from core.errors import Invalid
from stores.models import Brand, Region
from stores.services.chosen_numbers import wrong_numbers


def set_case_rule(
    *, brand: Brand, thresholds: Mapping[str, Any], travel: Mapping[str, Any], actor: str, now: dt.datetime
) -> CaseRule:
    """Replace what a brand chose otherwise than the defaults. It holds for what is judged from now on.

    Raises:
        Invalid: says in which field, a threshold by its own name.
    """
    check(thresholds, travel)
    with transaction.atomic():
        row, _is_new = CaseRule.objects.select_for_update().get_or_create(brand=brand, defaults={"changed_at": now})
        before = {"thresholds": row.thresholds, "travel": row.travel}
        row.thresholds = {name: value for name, value in thresholds.items() if value != DEFAULTS[name]}
        row.travel = checked_travel(travel)
        row.changed_by, row.changed_at = actor, now
        row.save()
        after = {"thresholds": row.thresholds, "travel": row.travel}
        audit.record(
            actor=actor,
            action="case_rule.set",
            subject=row,
            at=now,
            brand_slug=brand.slug,
            before=before,
            after=after,
        )
    return row


def check(thresholds: Any, travel: Any) -> None:
    """Refuse what makes no sense, all of it at once.

    Raises:
        Invalid: see `set_case_rule`.
    """
    wrong: dict[str, list[str]] = {}
    if isinstance(thresholds, Mapping):
        wrong |= wrong_numbers(Thresholds, thresholds)
    else:
        wrong["thresholds"] = [_("An object of names and numbers is expected.")]
    if reason := wrong_travel(travel):
        wrong["travel"] = [reason]
    if wrong:
        raise Invalid(fields=wrong)


def wrong_travel(travel: Any) -> str:
    """What is wrong with the shares by region; empty where they can be used."""
    if not isinstance(travel, Mapping):
        return _("An object of names and numbers is expected.")
    try:
        codes = set(checked_travel(travel))
    except ValueError as error:
        return str(error)
    unknown = sorted(codes - set(Region.objects.filter(code__in=codes).values_list("code", flat=True)))
    return _("Unknown: %(codes)s.") % {"codes": ", ".join(unknown)} if unknown else ""
