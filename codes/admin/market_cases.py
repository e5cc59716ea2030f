"""The work list of market cases: the gravest first, each with its evidence, and what people make of it."""

from collections.abc import Iterator
from functools import partial
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext_lazy as _

from codes.admin.case_deeds import ASSIGN, CLOSE, AssignForm, Deed, deeds_for, form_of, staff_of
from codes.admin.role_words import words_of
from codes.admin.shipment_places import shipment_page
from codes.models import MarketCase
from codes.selectors.case_words import subject_in_words
from codes.selectors.market_cases import OPEN, case_file
from core.errors import Forbidden, Problem
from stores.admin import confirmed
from stores.admin.confirmed import Question, ask, signed
from stores.admin.scoped import BrandScopedAdmin
from stores.admin.written import ReadOnly


class WorkFilter(admin.SimpleListFilter):
    """What is to be done comes first of all; the rest is asked for."""

    title = _("what is to be done")
    parameter_name = "work"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ARG002
        return [("mine", _("given to me")), ("closed", _("case closed")), ("all", _("all cases"))]

    def choices(self, changelist: Any) -> Iterator[Any]:
        """The choice that is made where nothing is chosen has its own name."""
        to_do, *others = super().choices(changelist)
        yield {**to_do, "display": _("open cases")}
        yield from others

    def queryset(self, request: HttpRequest, queryset: QuerySet[MarketCase]) -> QuerySet[MarketCase]:
        match self.value():
            case "all":
                return queryset
            case "closed":
                return queryset.filter(state=MarketCase.State.CLOSED)
            case "mine":
                return queryset.filter(state__in=OPEN, assignee_id=request.user.pk)
            case _:
                return queryset.filter(state__in=OPEN)


@admin.register(MarketCase)
class MarketCaseAdmin(ReadOnly, BrandScopedAdmin):
    list_display = ("title", "score", "about", "counted", "state", "assignee", "newest_at")
    list_filter = (WorkFilter, "kind", "outcome", "dealer", "region")
    list_select_related = ("dealer", "region", "assignee")
    search_fields = ("=serial", "dealer__name", "=dealer__number", "region__name", "=shipment__reference")
    search_help_text = _("Serial, dealer, region, or reference of the shipment.")
    ordering = ("-score", "-newest_at", "-pk")
    show_full_result_count = False
    list_per_page = 50
    actions: ClassVar = ["take_up", "assign", "close"]

    @admin.display(description=_("market case"), ordering="pk")
    def title(self, case: MarketCase) -> str:
        return str(case)

    @admin.display(description=_("about"))
    def about(self, case: MarketCase) -> str:
        return subject_in_words(case)

    @admin.display(description=_("units · people · scans"))
    def counted(self, case: MarketCase) -> str:
        """Its figures in short."""
        figures = case.figures
        units = figures.get("units", figures.get("codes", 1)) or figures.get("received", 0)
        return f"{units} · {figures.get('people', 0)} · {figures.get('scans', 0)}"

    def get_urls(self) -> Any:
        """With the page of a shipment."""
        view = self.admin_site.admin_view(self.shipment)
        return [path("shipments/<int:movement_id>/", view, name="codes_shipment_places"), *super().get_urls()]

    def shipment(self, request: HttpRequest, movement_id: int) -> HttpResponse:
        """How much of it was scanned where."""
        return shipment_page(self, request, movement_id)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The case with its evidence; what is posted is one deed."""
        del form_url, extra_context
        if not self.has_view_permission(request):
            raise Forbidden
        case = self.get_object(request, unquote(object_id))
        if case is None:
            raise Http404
        may_work = self.has_work_permission(request)
        deeds = deeds_for(case) if may_work else ()
        asked = next((deed for deed in deeds if deed.name == request.POST.get("deed")), None)
        forms = {deed: form_of(deed, case, request.POST if deed is asked else None) for deed in deeds}
        if asked is not None and forms[asked].is_valid() and self.is_done(request, asked, case, forms[asked]):
            return redirect(request.path)
        facts = {
            "title": str(case),
            "opts": self.opts,
            "case": case,
            "file": case_file(case),
            "about": subject_in_words(case),
            "mark": words_of(case.role) if case.role is not None else "",
            "forms": list(forms.items()),
        }
        page = "admin/codes/market_case.html"
        return TemplateResponse(request, page, self.admin_site.each_context(request) | facts)

    def is_done(self, request: HttpRequest, deed: Deed, case: MarketCase, form: Any) -> bool:
        """Do it; a refusal is told at the form."""
        try:
            deed.work(case, form.cleaned_data, signed(request))
        except Problem as problem:
            form.add_error(None, confirmed.words_of(problem))
            return False
        messages.success(request, _("Done: %(deed)s.") % {"deed": deed.title})
        return True

    def has_work_permission(self, request: HttpRequest) -> bool:
        """Who works on cases; nobody changes their rows by hand."""
        return request.user.has_perm("codes.change_marketcase")

    @admin.action(description=_("Look into them myself"), permissions=["work"])
    def take_up(self, request: HttpRequest, queryset: QuerySet[MarketCase]) -> HttpResponse | None:
        def work(case: MarketCase, _answers: dict[str, Any]) -> None:
            ASSIGN.work(case, {"assignee": request.user}, signed(request))

        return self.asked(request, queryset, Question("take_up", str(_("Look into them myself")), work))

    @admin.action(description=_("Give them to somebody"), permissions=["work"])
    def assign(self, request: HttpRequest, queryset: QuerySet[MarketCase]) -> HttpResponse | None:
        brands = set(queryset.order_by().values_list("brand_id", flat=True).distinct())
        form: Any = partial(AssignForm, staff_of(brands))

        def work(case: MarketCase, answers: dict[str, Any]) -> None:
            ASSIGN.work(case, answers, signed(request))

        return self.asked(request, queryset, Question("assign", str(_("Give them to somebody")), work, form))

    @admin.action(description=_("Close them"), permissions=["work"])
    def close(self, request: HttpRequest, queryset: QuerySet[MarketCase]) -> HttpResponse | None:
        def work(case: MarketCase, answers: dict[str, Any]) -> None:
            CLOSE.work(case, answers, signed(request))

        form: Any = CLOSE.form
        return self.asked(request, queryset, Question("close", str(_("Close them")), work, form))

    def asked(self, request: HttpRequest, rows: QuerySet[MarketCase], question: Question) -> HttpResponse | None:
        """Ask first, then do it with each."""
        return ask(self, request, rows.select_related("brand"), question)
