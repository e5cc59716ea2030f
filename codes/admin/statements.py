"""What was said of ranges of serials; it can be taken back, never changed."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from codes.admin.files import ReadOnlyAdmin
from codes.models import Span
from codes.services.spans import revoke
from core import clock
from stores.admin.confirmed import Question, actor_of, ask


@admin.register(Span)
class SpanAdmin(ReadOnlyAdmin):
    list_display = ("kind", "first", "last", "order", "reason", "stated_by", "stated_at", "revoked_at")
    list_filter = ("kind", "brand", "stated_at", ("revoked_at", admin.EmptyFieldListFilter))
    list_select_related = ("order",)
    search_fields = ("reason", "stated_by", "order__batch__lot", "=order__id")
    ordering = ("-id",)
    actions: ClassVar = ["take_back"]

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
        def work(span: Span, _answers: dict[str, Any]) -> None:
            revoke(brand=span.brand, span_id=span.pk, actor=actor_of(request), now=clock.now())

        return ask(self, request, queryset.select_related("brand"), Question("take_back", _g("Take back"), work))
