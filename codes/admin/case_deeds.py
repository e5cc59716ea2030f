"""What staff can do with a market case, as forms: on the page of one, or after choosing several in the list."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget

from codes.models import MarketCase
from codes.services import market_cases
from stores.models import User

OUTCOMES = [("", "—"), *MarketCase.Outcome.choices]


def staff_of(brand_ids: set[int]) -> QuerySet[User]:
    """Who may be given a case: the active staff of the brands."""
    return User.objects.filter(brand_id__in=brand_ids, is_staff=True, is_active=True).order_by("username")


def remark_field(*, required: bool) -> forms.CharField:
    """A remark of 1,000 characters at most."""
    widget = UnfoldAdminTextareaWidget(attrs={"rows": 3})
    most = market_cases.LONGEST_REMARK
    return forms.CharField(label=_("Remark"), required=required, max_length=most, widget=widget)


class AssignForm(forms.Form):
    """`staff` are the people to choose from."""

    assignee = forms.ModelChoiceField(
        label=_("Who looks into it"), queryset=User.objects.none(), widget=UnfoldAdminSelectWidget
    )

    def __init__(self, staff: QuerySet[User], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["assignee"]
        field.queryset = staff


class RemarkForm(forms.Form):
    remark = remark_field(required=True)


class CloseForm(forms.Form):
    outcome = forms.ChoiceField(label=_("Outcome"), choices=OUTCOMES, widget=UnfoldAdminSelectWidget)
    remark = remark_field(required=False)


@dataclass(frozen=True, slots=True)
class Deed:
    """Something to be done with one case: what the button says, and the service behind it."""

    name: str
    title: str | Promise
    form: Callable[..., forms.Form]
    work: Callable[[MarketCase, dict[str, Any], dict[str, Any]], object]


def assign(case: MarketCase, answers: dict[str, Any], signature: dict[str, Any]) -> object:
    """Give it to somebody."""
    return market_cases.assign(brand=case.brand, case_id=case.pk, assignee=answers["assignee"], **signature)


def remark(case: MarketCase, answers: dict[str, Any], signature: dict[str, Any]) -> object:
    """Write a remark."""
    return market_cases.remark(brand=case.brand, case_id=case.pk, text=answers["remark"], **signature)


def close(case: MarketCase, answers: dict[str, Any], signature: dict[str, Any]) -> object:
    """Close it with its outcome."""
    outcome, text = answers["outcome"], answers["remark"]
    return market_cases.close(brand=case.brand, case_id=case.pk, outcome=outcome, text=text, **signature)


def reopen(case: MarketCase, answers: dict[str, Any], signature: dict[str, Any]) -> object:
    """Go on with it as a new case."""
    return market_cases.reopen(brand=case.brand, case_id=case.pk, text=answers["remark"], **signature)


ASSIGN = Deed("assign", _("Assign"), AssignForm, assign)
REMARK = Deed("remark", _("Write the remark"), RemarkForm, remark)
CLOSE = Deed("close", _("Close the market case"), CloseForm, close)
REOPEN = Deed("reopen", _("Reopen as a new case"), RemarkForm, reopen)


def deeds_for(case: MarketCase) -> tuple[Deed, ...]:
    """What may be done with a case in its state."""
    return (REMARK, REOPEN) if case.state == MarketCase.State.CLOSED else (ASSIGN, REMARK, CLOSE)


def form_of(deed: Deed, case: MarketCase, data: Any = None) -> forms.Form:
    """The deed's form for one case; its fields' names in the page begin with the deed's."""
    if deed is ASSIGN:
        initial = {"assignee": case.assignee_id}
        return deed.form(staff_of({case.brand_id}), data, prefix=deed.name, initial=initial)
    return deed.form(data, prefix=deed.name)
