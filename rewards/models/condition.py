"""What narrows a published campaign: sealed with it, from what its draft was given."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from rewards.models.kept_promises import SEALED

THINGS = ("product", "batch", "region", "dealer", "store")
"""The columns of a condition; each row has one of them."""
BY_STORE = ("region", "dealer", "store")
"""Those that look at the store that sold the item; the others look at the item."""


def only(thing: str) -> models.Q:
    """That a row has this column alone."""
    return models.Q(**{f"{one}__isnull": one != thing for one in THINGS})


def once(thing: str) -> models.UniqueConstraint:
    """That a campaign names a thing once; it is the index by which it is found, too."""
    return models.UniqueConstraint(
        fields=[thing, "campaign"],
        condition=models.Q(**{f"{thing}__isnull": False}),
        name=f"campaign_condition_{thing}_once",
    )


class CampaignCondition(models.Model):
    """One product, batch, region, dealer or store that a campaign admits.

    Of one kind any of them will do; of several kinds each must be met. A region admits all that lies in it.
    """

    campaign = models.ForeignKey(
        "rewards.Campaign", on_delete=models.PROTECT, related_name="conditions", db_index=False
    )
    product = models.ForeignKey("codes.Product", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    batch = models.ForeignKey("codes.Batch", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    region = models.ForeignKey("stores.Region", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    dealer = models.ForeignKey("stores.Dealer", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    store = models.ForeignKey("stores.Store", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=only("product") | only("batch") | only("region") | only("dealer") | only("store"),
                name="campaign_condition_of_one_thing",
            ),
            *(once(thing) for thing in THINGS),
        ]
        indexes: ClassVar = [models.Index(fields=["campaign"], name="campaign_condition_campaign")]
        triggers: ClassVar = [SEALED]
        verbose_name = _("condition")
        verbose_name_plural = _("conditions")

    def __str__(self) -> str:
        return str(self.thing)

    @property
    def kind(self) -> str:
        """Which column it has."""
        return next(one for one in THINGS if getattr(self, f"{one}_id") is not None)

    @property
    def thing(self) -> models.Model:
        """What it admits. A query, unless it is at hand."""
        found: models.Model = getattr(self, self.kind)
        return found
