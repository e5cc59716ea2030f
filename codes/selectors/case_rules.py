"""The rules of market cases as each brand has them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from codes.cases.thresholds import Thresholds, travel_share_of
from codes.models import CaseRule
from stores.models import Brand


@dataclass(frozen=True, slots=True)
class BrandRule:
    """Thresholds, and what travel brings where (shares by region code)."""

    thresholds: Thresholds = field(default_factory=Thresholds)
    travel: Mapping[str, float] = field(default_factory=dict)

    def travel_share(self, lineage: Sequence[str]) -> float:
        """The share that travel brings to a region, by its lineage from the nation down."""
        return travel_share_of(lineage, self.travel, self.thresholds.travel_share)


def rules_of(brand_ids: Collection[int]) -> dict[int, BrandRule]:
    """The rules of those of the brands that are active. One statement.

    Raises:
        ValueError: what is stored makes no sense; the service that writes it would have refused it.
    """
    chosen = Brand.objects.filter(pk__in=brand_ids, is_active=True).select_related("case_rule")
    return {brand.pk: rule_of(getattr(brand, "case_rule", None)) for brand in chosen}


def rule_of(row: CaseRule | None) -> BrandRule:
    """The stored rule; without one the defaults."""
    return BrandRule(Thresholds.of(row.thresholds), row.travel) if row else BrandRule()
