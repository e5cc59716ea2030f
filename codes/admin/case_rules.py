"""The brand's own rules of market cases: a field for each threshold, and where travel brings more than usual."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextareaWidget

from codes.cases.thresholds import DEFAULTS, Thresholds
from codes.models import CaseRule
from codes.selectors.case_words import THRESHOLDS
from codes.services.case_rules import set_case_rule, wrong_travel
from stores.admin.confirmed import signed
from stores.admin.number_fields import ChosenNumbersForm, chosen_of, number_fields
from stores.admin.scoped import BrandScopedAdmin
from stores.admin.written import WrittenByServices, adopt

GROUPS = (
    (
        _("Scans outside the territory"),
        ("units_at_least", "people_at_least", "share_at_least", "chance_at_most", "distance_km", "window_days"),
    ),
    (_("Receipts outside the territory"), ("receipt_items", "receipt_km")),
    (_("Copied codes"), ("mark_people", "jumps", "speed_kmh", "jump_km")),
    (_("Codes that are not in trade"), ("cluster_days", "cluster_people", "cluster_codes")),
    (_("Places and travel"), ("accuracy_m_at_most", "travel_share", "travel")),
)
PERCENT = 100


class TravelField(forms.CharField):
    """Shares by region as lines of code and per cent; in Python a dictionary of shares from 0 to 1."""

    widget = UnfoldAdminTextareaWidget

    def prepare_value(self, value: Any) -> Any:
        """The lines of a stored dictionary; what was typed, as it was."""
        if isinstance(value, Mapping):
            return "\n".join(f"{code} {share * PERCENT:g}%" for code, share in sorted(value.items()))
        return value

    def to_python(self, value: Any) -> dict[str, float]:  # type: ignore[override]
        """The dictionary of what was typed."""
        return dict(shares_of(line) for line in str(value or "").splitlines() if line.strip())


def shares_of(line: str) -> tuple[str, float]:
    """The region and the share of one line."""
    code, _space, share = line.strip().partition(" ")
    try:
        return code, float(share.strip().removesuffix("%")) / PERCENT
    except ValueError as error:
        wrong = _now("“%(line)s”: write a region's code and per cent, such as 460200 30%%.")
        raise forms.ValidationError(wrong % {"line": line.strip()}) from error


class CaseRuleForm(ChosenNumbersForm):
    """With the regions where much comes by travel."""

    travel = TravelField(
        label=_("Regions where travel brings more"),
        required=False,
        help_text=_(
            "One a line: the region's code and the share of any shipment that travel brings there, such as 460200 30%. "
            "The nearest region above counts where a place has no line of its own."
        ),
    )

    def clean_travel(self) -> dict[str, float]:
        """Refuse shares and regions that there are not."""
        travel: dict[str, float] = self.cleaned_data["travel"]
        if reason := wrong_travel(travel):
            raise forms.ValidationError(reason)
        return travel


ThresholdsForm: Any = type("ThresholdsForm", (CaseRuleForm,), number_fields(Thresholds, THRESHOLDS))


@admin.register(CaseRule)
class CaseRuleAdmin(WrittenByServices, BrandScopedAdmin):
    """The brand's own thresholds; without a row the defaults hold."""

    form = ThresholdsForm
    list_display = ("brand", "changed_by", "changed_at")
    list_select_related = ("brand",)
    readonly_fields = ("changed_by", "changed_at")
    fieldsets = (
        (None, {"fields": ("brand", "changed_by", "changed_at")}),
        *((title, {"fields": names}) for title, names in GROUPS),
    )

    def save_model(self, request: HttpRequest, obj: CaseRule, form: Any, change: bool) -> None:  # noqa: ARG002
        numbers, travel = chosen_of(form.cleaned_data, DEFAULTS), form.cleaned_data["travel"]
        adopt(obj, set_case_rule(brand=obj.brand, thresholds=numbers, travel=travel, **signed(request)))
