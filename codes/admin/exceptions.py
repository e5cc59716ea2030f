"""The work list of what does not fit in movements: open ones first, solved one by one or many at once."""

import datetime as dt
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from codes.models import ExceptionLine, MovementException, MovementSolution
from codes.selectors.exceptions import with_all
from codes.services.exceptions import LONGEST_REMARK, Finding, solve
from core import clock
from stores.admin.confirmed import Question, ask, signed
from stores.admin.scoped import BrandScopedAdmin, BrandScopedTabular
from stores.admin.written import ReadOnly

MOST_SHOWN = 3
DAYS = (1, 7, 30)


class StateFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:  # noqa: ARG002 - Django's signature
        return [("open", _("open")), ("solved", _("solved"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:  # noqa: ARG002
        value = self.value()
        return queryset.filter(solution__isnull=value == "open") if value in {"open", "solved"} else queryset


class AgeFilter(admin.SimpleListFilter):
    title = _("age")
    parameter_name = "age"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:  # noqa: ARG002 - Django's signature
        return [(str(days), _("more than %(days)d days") % {"days": days}) for days in DAYS]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:  # noqa: ARG002
        value = self.value()
        if value not in {str(days) for days in DAYS}:
            return queryset
        return queryset.filter(raised_at__lt=clock.now() - dt.timedelta(days=int(value)))


class SolveForm(forms.Form):
    """What the chosen exceptions were found to be."""

    outcome = forms.ChoiceField(label=_("outcome"), choices=MovementSolution.Outcome.choices)
    corrected_by = forms.IntegerField(
        label=_("Number of the correcting movement"),
        required=False,
        min_value=1,
        max_value=2**63 - 1,
        help_text=_("Only for “corrected by another movement”: its number in the list of movements."),
    )
    remark = forms.CharField(label=_("remark"), required=False, max_length=LONGEST_REMARK)


class UnitsInline(ReadOnly, BrandScopedTabular):
    model = ExceptionLine


class SolutionInline(ReadOnly, BrandScopedTabular):
    model = MovementSolution


@admin.register(MovementException)
class MovementExceptionAdmin(ReadOnly, BrandScopedAdmin):
    list_display = ("kind", "movement", "partner", "units", "numbers", "raised_at", "outcome")
    list_filter = (StateFilter, "kind", AgeFilter, "movement__store", "movement__dealer")
    search_fields = ("=movement__id", "movement__reference", "movement__store__number", "movement__dealer__number")
    search_help_text = _("Number or delivery note of the movement, number of the store or dealer.")
    show_full_result_count = False
    inlines = (UnitsInline, SolutionInline)
    actions: ClassVar = ["solve"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Open ones first, the newest of them on top."""
        solved = MovementSolution.objects.filter(exception=OuterRef("pk"))
        rows = with_all(super().get_queryset(request)).select_related("brand")
        return rows.annotate(is_solved=Exists(solved)).order_by("is_solved", "-pk")

    def get_list_filter(self, request: HttpRequest) -> Any:
        """Partners that occur alone."""
        own = super().get_list_filter(request)
        related = admin.RelatedOnlyFieldListFilter
        return [(entry, related) if entry in {"movement__store", "movement__dealer"} else entry for entry in own]

    @admin.display(description=_("at"))
    def partner(self, exception: MovementException) -> str:
        """The store or dealer of the movement; the brand's own name where there is neither."""
        movement = exception.movement
        return str(movement.store or movement.dealer or exception.brand)

    @admin.display(description=_("Units"))
    def units(self, exception: MovementException) -> str:
        """The first ranges."""
        lines = [line.serials for line in exception.lines.all()]
        shown = [str(s.lower) if s.upper == s.lower + 1 else f"{s.lower} - {s.upper - 1}" for s in lines[:MOST_SHOWN]]
        return ", ".join(shown) + (" …" if len(lines) > MOST_SHOWN else "")

    @admin.display(description=_("found / expected"))
    def numbers(self, exception: MovementException) -> str:
        return "" if exception.counted is None else f"{exception.counted} / {exception.expected}"

    @admin.display(description=_("outcome"))
    def outcome(self, exception: MovementException) -> str:
        """How it was solved; open while it was not."""
        solution = getattr(exception, "solution", None)
        return solution.get_outcome_display() if solution else _g("open")

    def has_solve_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("codes.solve_movementexception")

    @admin.action(description=_("Solve"), permissions=["solve"])
    def solve(self, request: HttpRequest, queryset: QuerySet[MovementException]) -> HttpResponse | None:
        """One finding for all that were chosen; those solved meanwhile are told and left as they are."""

        def work(exception: MovementException, answers: dict[str, Any]) -> None:
            finding = Finding(answers["outcome"], answers["remark"], answers["corrected_by"])
            solve(brand=exception.brand, exception_id=exception.pk, finding=finding, **signed(request))

        return ask(self, request, queryset, Question("solve", _g("Solve"), work, SolveForm))
