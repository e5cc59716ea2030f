"""The rule of the ladder that is in force for a brand."""

from stores.ladder import Thresholds
from stores.models import LadderRule


def rule_of(brand_id: int) -> tuple[LadderRule | None, Thresholds]:
    """The rule in force and its thresholds; without one the defaults.

    Raises:
        ValueError: the stored thresholds make no sense.
    """
    rule = LadderRule.objects.filter(brand_id=brand_id, in_force=True).first()
    return rule, Thresholds.of(rule.thresholds if rule else {})
