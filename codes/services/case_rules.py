"""A brand's own thresholds of market cases."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from codes.cases.thresholds import Thresholds, checked_travel
from codes.models import CaseRule
from core import audit
from core.errors import Invalid
from stores.models import Brand, Region


def set_case_rule(
    *, brand: Brand, thresholds: Mapping[str, Any], travel: Mapping[str, Any], actor: str, now: dt.datetime
) -> CaseRule:
    """Replace what a brand chose otherwise than the defaults. It holds for what is judged from now on.

    Raises:
        Invalid: a name that is no threshold, a value that makes no sense, an unknown region.
    """
    check(thresholds, travel)
    with transaction.atomic():
        row, _is_new = CaseRule.objects.select_for_update().get_or_create(brand=brand, defaults={"changed_at": now})
        before = {"thresholds": row.thresholds, "travel": row.travel}
        row.thresholds, row.travel = dict(thresholds), checked_travel(travel)
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
    """Refuse what makes no sense.

    Raises:
        Invalid: see `set_case_rule`.
    """
    wrong = {}
    if not isinstance(thresholds, Mapping):
        wrong["thresholds"] = [_("An object of names and numbers is expected.")]
    else:
        try:
            Thresholds.of(thresholds)
        except ValueError as error:
            wrong["thresholds"] = [str(error)]
    if not isinstance(travel, Mapping):
        wrong["travel"] = [_("An object of names and numbers is expected.")]
    else:
        try:
            codes = set(checked_travel(travel))
        except ValueError as error:
            wrong["travel"] = [str(error)]
        else:
            unknown = sorted(codes - set(Region.objects.filter(code__in=codes).values_list("code", flat=True)))
            if unknown:
                wrong["travel"] = [_("Unknown: %(codes)s.") % {"codes": ", ".join(unknown)}]
    if wrong:
        raise Invalid(fields=wrong)
