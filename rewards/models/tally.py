"""How much of a campaign's limits and narrower budgets is used up. The database lets nothing go over."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from rewards.models.kept_promises import SEALED

KINDS = ("budget_day", "budget_region", "budget_store", "person", "person_day", "store_day")
"""In the order in which claims and releases lock them."""
BUDGETS = ("budget_day", "budget_region", "budget_store")
KEPT = "tally_kept_"
"""Names of the constraints begin so; the kind follows."""


class RegionBudget(models.Model):
    """What a campaign may promise to openings at the stores of a region, beside its whole budget."""

    campaign = models.ForeignKey("rewards.Campaign", on_delete=models.PROTECT, related_name="region_budgets")
    region = models.ForeignKey("stores.Region", on_delete=models.PROTECT, related_name="+", db_index=False)
    amount_fen = models.PositiveBigIntegerField(help_text=_("In fen; consumers and stores together."))

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["campaign", "region"], name="region_budget_once"),
            models.CheckConstraint(condition=models.Q(amount_fen__gte=1), name="region_budget_not_empty"),
        ]
        ordering: ClassVar = ["campaign", "region"]
        triggers: ClassVar = [SEALED]
        verbose_name = _("region's budget")
        verbose_name_plural = _("regions' budgets")

    def __str__(self) -> str:
        return f"{self.region_id} {self.amount_fen / 100:.2f}"


class Tally(models.Model):
    """One counted row: of a campaign, by kind, for whom and for which business day.

    `whose` is a consumer's id, a store's id or a region's code; empty where it is the campaign's. Limits count claims,
    budgets count fen. A row is made by the first claim that it counts, and `taken` never goes above `most`.
    """

    class Kind(models.TextChoices):
        BUDGET_DAY = "budget_day", _("budget of a day")
        BUDGET_REGION = "budget_region", _("budget of a region")
        BUDGET_STORE = "budget_store", _("budget of a store")
        PERSON = "person", _("envelopes of a person")
        PERSON_DAY = "person_day", _("envelopes of a person and day")
        STORE_DAY = "store_day", _("envelopes of a store and day")

    campaign = models.ForeignKey("rewards.Campaign", on_delete=models.PROTECT, related_name="tallies", db_index=False)
    kind = models.CharField(max_length=13, choices=Kind)
    whose = models.CharField(max_length=36, blank=True)
    day = models.DateField(null=True)
    taken = models.BigIntegerField()
    most = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["campaign", "kind", "whose", "day"], nulls_distinct=False, name="tally_once"
            ),
            models.CheckConstraint(condition=models.Q(taken__gte=0), name="tally_not_negative"),
            *(
                models.CheckConstraint(
                    condition=~models.Q(kind=kind) | models.Q(taken__lte=models.F("most")), name=f"{KEPT}{kind}"
                )
                for kind in KINDS
            ),
        ]
        verbose_name = _("tally")
        verbose_name_plural = _("tallies")

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.whose}: {self.taken} / {self.most}"


class TallyEntry(models.Model):
    """What one claim took from a tally, so that it goes back to just there."""

    claim = models.ForeignKey("rewards.Claim", on_delete=models.PROTECT, related_name="tally_entries", db_index=False)
    tally = models.ForeignKey(Tally, on_delete=models.PROTECT, related_name="entries")
    taken = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["claim", "tally"], name="tally_entry_once"),
            models.CheckConstraint(condition=models.Q(taken__gte=0), name="tally_entry_not_negative"),
        ]
        verbose_name = _("tally entry")
        verbose_name_plural = _("tally entries")

    def __str__(self) -> str:
        return f"{self.claim_id}: {self.taken}"
