"""A campaign's tables in its form: prizes, and the budgets of regions."""

from collections.abc import Callable
from dataclasses import fields
from operator import attrgetter
from typing import Any

from django.http import HttpRequest

from rewards.models import Campaign, Prize, RegionBudget
from rewards.services.campaigns import (
    PrizeRow,
    RegionShare,
)
from stores.admin.scoped import BrandScopedTabular

Step = Callable[..., Campaign]

PRIZE_ROW = tuple(field.name for field in fields(PrizeRow))


def rows_of(formset: Any) -> list[PrizeRow]:
    """The prize table as the form shows it, in the order of its ranks."""
    kept = [form for form in formset.forms if form.has_changed() or form.instance.pk]
    prizes = [form.instance for form in kept if form not in formset.deleted_forms]
    prizes.sort(key=attrgetter("rank"))
    return [row_of(prize) for prize in prizes]


def row_of(prize: Prize) -> PrizeRow:
    """A prize as the form has it."""
    return PrizeRow(**{name: getattr(prize, name) for name in PRIZE_ROW})


def shares_of(formset: Any) -> list[RegionShare]:
    """What the form shows of the regions' budgets."""
    kept = [form for form in formset.forms if form.has_changed() or form.instance.pk]
    shares = [form.instance for form in kept if form not in formset.deleted_forms]
    return [RegionShare(share.region_id, share.amount_fen) for share in shares]


class DraftRows(BrandScopedTabular):
    """Rows that are written while the campaign is a draft."""

    extra = 0

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_draft(obj) and super().has_add_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_draft(obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_draft(obj) and super().has_delete_permission(request, obj)


class PrizeInline(DraftRows):
    model = Prize
    fields = ("rank", "name", "name_en", "amount_fen", "most_fen", "quantity")
    ordering = ("rank",)


class RegionBudgetInline(DraftRows):
    model = RegionBudget
    fields = ("region", "amount_fen")
    autocomplete_fields = ("region",)


def is_draft(campaign: Campaign | None) -> bool:
    """Whether it may be changed; a new one may."""
    return campaign is None or campaign.state == Campaign.State.DRAFT
