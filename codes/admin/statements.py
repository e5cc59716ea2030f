"""What was said of ranges of serials; it can be taken back, never changed."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action

from codes.admin.files import ReadOnlyAdmin
from codes.admin.forms import TakeBackForm
from codes.admin.wide_statements import wide_statement_page
from codes.models import Span
from codes.services.revoking import revoke
from core import clock
from stores.admin.confirmed import Question, actor_of, ask


@admin.register(Span)
class SpanAdmin(ReadOnlyAdmin):
    list_display = (
        *("kind", "first", "last", "order", "reason", "stated_by", "stated_at", "effective_at"),
        *("revoked_at", "revoke_reason"),
    )
    list_filter = ("kind", "brand", "stated_at", "effective_at", ("revoked_at", admin.EmptyFieldListFilter))
    list_select_related = ("order",)
    search_fields = ("reason", "stated_by", "order__batch__lot", "=order__id")
    ordering = ("-id",)
    actions: ClassVar = ["take_back"]
    actions_list: ClassVar = ["to_many"]

    def get_urls(self) -> Any:
        """With the page that speaks of many codes."""
        view = self.admin_site.admin_view(self.of_many)
        return [path("of-many/", view, name="codes_span_of_many"), *super().get_urls()]

    def of_many(self, request: HttpRequest) -> HttpResponse:
        """Speaking of a list, a range or a case's content."""
        return wide_statement_page(self, request)

    @action(description=_("Speak of many codes"), url_path="to-many", permissions=["activate"])  # type: ignore[untyped-decorator]
    def to_many(self, request: HttpRequest) -> HttpResponse:  # noqa: ARG002 - the theme's signature
        return redirect("admin:codes_span_of_many")

    @admin.display(description=_("first serial"), ordering="serials")
    def first(self, span: Span) -> int:
        return span.first_serial

    @admin.display(description=_("last serial"), ordering="serials")
    def last(self, span: Span) -> int:
        return span.last_serial

    def has_activate_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("codes.activate_codeorder")

    @admin.action(description=_("Take back"), permissions=["activate"])
    def take_back(self, request: HttpRequest, queryset: QuerySet[Span]) -> HttpResponse | None:
        def work(span: Span, answers: dict[str, Any]) -> None:
            revoke(brand=span.brand, span_id=span.pk, actor=actor_of(request), now=clock.now(), **answers)

        rows = queryset.select_related("brand")
        return ask(self, request, rows, Question("take_back", _g("Take back"), work, TakeBackForm))
