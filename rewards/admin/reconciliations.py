"""Runs of the reconciliation, and the work list of what they found."""

import datetime as dt
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action
from unfold.widgets import UnfoldAdminDateWidget, UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from core import clock
from rewards.admin.reading import ReadOnlyAdmin
from rewards.models import AskedComparison, BillDifference, DifferenceRemark, Reconciliation
from rewards.services.comparing import OPEN as OPEN_STATES
from rewards.services.comparing import ask_for_comparison
from rewards.services.providers import provider_names
from rewards.services.reconciling import remark_difference
from stores.admin.confirmed import Question, ask, signed
from stores.admin.scoped import BrandScopedTabular, scoped_to
from stores.admin.written import ReadOnly
from stores.selectors.rights import sees_all_brands

OPEN = ~Q(remarks__outcome__gt="")


class RunForm(forms.Form):
    """Which provider's list of which day."""

    provider = forms.ChoiceField(label=_("Provider"), widget=UnfoldAdminSelectWidget())
    day = forms.DateField(label=_("Day"), widget=UnfoldAdminDateWidget({"type": "date"}))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        named: Any = self.fields["provider"]
        named.choices = [(name, name) for name in provider_names()]

    def clean_day(self) -> dt.date:
        day: dt.date = self.cleaned_data["day"]
        if day > clock.now().date():
            raise forms.ValidationError(_("This day has not come yet. Choose an earlier one."))
        return day


@admin.register(Reconciliation)
class ReconciliationAdmin(ReadOnlyAdmin):
    brand_path: ClassVar[Any] = None  # a provider's list is of all brands; of the differences each sees its own
    list_display = ("day", "provider", "open_differences", "ran_by", "ran_at")
    list_filter = ("provider",)
    date_hierarchy = "day"
    ordering = ("-id",)
    fields = ("provider", "day", "open_differences", "ran_by", "ran_at")
    actions_list: ClassVar = ["compare"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        own = scoped_to(request.user, BillDifference.objects.filter(OPEN), "brand")
        own = own.filter(provider=OuterRef("provider"), day=OuterRef("day")).order_by().values("provider")
        runs = super().get_queryset(request)
        shown: QuerySet[Any] = runs.annotate(
            open_count=Coalesce(Subquery(own.annotate(count=Count("pk", distinct=True)).values("count")), 0)
        )
        return shown

    @admin.display(description=_("open differences of the day"), ordering="open_count")
    def open_differences(self, run: Any) -> int:
        count: int = run.open_count
        return count

    def has_run_permission(self, request: HttpRequest) -> bool:
        """Who may have a day compared."""
        return request.user.has_perm("rewards.add_reconciliation")

    @action(description=_("Compare a day"), url_path="compare", permissions=["run"])  # type: ignore[untyped-decorator] # unfold is untyped
    def compare(self, request: HttpRequest) -> HttpResponse:
        """Ask for the day, have a worker compare it, and lead to where its progress is shown."""
        yesterday = clock.now().date() - dt.timedelta(days=1)
        form = RunForm(request.POST if request.method == "POST" else None, initial={"day": yesterday.isoformat()})
        if form.is_valid():
            day, name = form.cleaned_data["day"], form.cleaned_data["provider"]
            ask_for_comparison(provider_name=name, day=day, **signed(request))
            told = {"provider": name, "day": day}
            messages.success(request, _("%(provider)s of %(day)s is being compared. This page shows the end.") % told)
            return redirect("admin:rewards_askedcomparison_changelist")
        facts = {
            "title": _("Compare a day"),
            "question": _("The provider's bill list of which day shall be compared with our payouts?"),
            "back": reverse("admin:rewards_reconciliation_changelist"),
            "form": form,
            "opts": self.opts,
        }
        return TemplateResponse(request, "rewards/admin/confirm.html", self.admin_site.each_context(request) | facts)


@admin.register(AskedComparison)
class AskedComparisonAdmin(ReadOnlyAdmin):
    """The list loads itself again while a day on it is not compared yet."""

    brand_path: ClassVar[Any] = None  # as for the runs
    list_display = ("day", "provider", "state", "outcome", "asked_by", "asked_at", "finished_at")
    list_filter = ("provider", "state")
    list_select_related = ("run",)
    ordering = ("-id",)
    fields = ("provider", "day", "state", "outcome", "asked_by", "asked_at", "taken_at", "finished_at")

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        page: HttpResponse = super().changelist_view(request, extra_context)
        if AskedComparison.objects.filter(state__in=OPEN_STATES).exists():
            page.headers["Refresh"] = "3"
        return page

    @admin.display(description=_("outcome"))
    def outcome(self, asked: AskedComparison) -> str:
        """A link to what was found, or what went wrong."""
        if asked.run is None:
            return asked.fault or "—"
        address = f"{reverse('admin:rewards_billdifference_changelist')}?day={asked.day}&provider={asked.provider}"
        words = _("differences: %(count)d") % {"count": asked.run.found}
        return format_html('<a class="text-primary-600" href="{}">{}</a>', address, words)


class RemarkForm(forms.Form):
    """What was found out; with an outcome the difference is worked off."""

    outcome = forms.ChoiceField(
        label=_("Outcome"),
        required=False,
        choices=[("", _("still open: a remark alone")), *DifferenceRemark.Outcome.choices],
        widget=UnfoldAdminSelectWidget(),
    )
    text = forms.CharField(label=_("Remark"), max_length=500, widget=UnfoldAdminTextInputWidget())


class ToDo(admin.SimpleListFilter):
    """What is open comes first of all."""

    title = _("what is to be done")
    parameter_name = "work"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ARG002
        return [("open", _("open")), ("done", _("worked off"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:  # noqa: ARG002
        match self.value():
            case "open":
                return queryset.filter(OPEN)
            case "done":
                return queryset.exclude(OPEN)
            case _:
                return queryset


class RemarkInline(ReadOnly, BrandScopedTabular):
    """What people made of it, oldest first."""

    model = DifferenceRemark
    fields = ("written_at", "written_by", "outcome", "text")
    readonly_fields = fields
    ordering = ("pk",)
    extra = 0


@admin.register(BillDifference)
class BillDifferenceAdmin(ReadOnlyAdmin):
    list_display = ("bill_no", "kind", "ours", "theirs", "outcome", "provider", "day")
    list_filter = (ToDo, "kind", "provider", "day")
    search_fields = ("=bill_no",)
    search_help_text = _("Bill number, in full.")
    ordering = ("-id",)
    fields = ("brand", "provider", "day", "kind", "bill_no", "payout", "ours", "theirs", "outcome", "run")
    inlines = (RemarkInline,)
    actions: ClassVar = ["write_remark"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        final = DifferenceRemark.objects.filter(difference=OuterRef("pk")).exclude(outcome="")
        rows = super().get_queryset(request)
        shown: QuerySet[Any] = rows.annotate(final_outcome=Subquery(final.values("outcome")[:1]))
        return shown

    @admin.display(description=_("outcome"))
    def outcome(self, difference: Any) -> str:
        found = difference.final_outcome
        return str(DifferenceRemark.Outcome(found).label) if found else str(_("open"))

    def has_remark_permission(self, request: HttpRequest) -> bool:
        """Who works the list off."""
        return request.user.has_perm("rewards.add_differenceremark")

    @admin.action(description=_("Write a remark or the outcome"), permissions=["remark"])
    def write_remark(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
        user: Any = request.user
        brand = None if sees_all_brands(user) else user.brand

        def work(difference: BillDifference, answers: dict[str, Any]) -> object:
            return remark_difference(difference_id=difference.pk, brand=brand, **answers, **signed(request))

        question = Question("write_remark", str(_("Write a remark or the outcome")), work, RemarkForm)
        return ask(self, request, queryset.order_by("pk"), question)
