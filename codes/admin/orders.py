"""Code orders: placed by a form, taken through their steps by confirmed actions, and otherwise read-only."""

from collections.abc import Callable
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext
from unfold.admin import TabularInline

from codes.admin.files import bar
from codes.admin.forms import ActivationForm, ExportForm, OrderForm, StatementForm
from codes.admin.label_forms import RollForm, SheetForm, ZplForm
from codes.admin.role_words import words_of
from codes.admin.touched_words import preview_lines
from codes.formats.code_text import Role
from codes.models import CodeOrder, PrintFile, Roll, Span
from codes.services import ordering, spans
from codes.services.drawing import Form, WantedMark, draw_mark
from codes.services.exporting import WantedFile, request_print_file
from codes.services.rolls import WantedRoll, request_roll
from codes.services.statements import Wording
from codes.services.subjects import of_order
from core import clock
from core.errors import Forbidden, NotFound
from stores.admin.confirmed import Plain, Question, actor_of, ask, signed
from stores.admin.scoped import BrandScopedAdmin
from stores.admin.written import WrittenByServices, adopt

DRAWN = {"svg": "image/svg+xml", "eps": "application/postscript"}
KINDS = {
    "activate": Span.Kind.ACTIVE,
    "void": Span.Kind.VOIDED,
    "freeze": Span.Kind.FROZEN,
    "recall": Span.Kind.RECALLED,
}


class ReadOnlyInline(TabularInline):  # type: ignore[misc] # the package is untyped
    """Rows to look at."""

    extra = 0
    can_delete = False
    show_change_link = True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False


class PrintFileInline(ReadOnlyInline):
    model = PrintFile
    fields = ("recipient", "kind", "state", "progress", "fault")
    readonly_fields = fields

    @admin.display(description=_("progress"))
    def progress(self, file: PrintFile) -> str:
        return bar(file)


class SpanInline(ReadOnlyInline):
    model = Span
    fields = ("kind", "serials", "reason", "stated_by", "stated_at", "effective_at", "revoked_by", "revoked_at")
    readonly_fields = fields


@admin.register(CodeOrder)
class CodeOrderAdmin(WrittenByServices, BrandScopedAdmin):
    form = OrderForm
    list_display = ("__str__", "batch", "level", "quantity", "first", "last", "state", "created_at")
    list_filter = ("state", "level", "brand", "created_at")
    list_select_related = ("batch__product", "brand")
    search_fields = ("batch__lot", "batch__product__gtin", "batch__product__name", "created_by", "=id")
    autocomplete_fields: ClassVar = ["batch"]
    ordering = ("-id",)
    inlines: ClassVar = [PrintFileInline, SpanInline]
    actions: ClassVar = [
        *("review", "release", "cancel", "export", "sheets", "zpl", "roll"),
        *("activate", "void", "freeze", "recall"),
    ]
    shown = (
        *("brand", "batch", "level", "role_names", "quantity", "first", "last", "state", "key_version"),
        *("created_by", "created_at", "reviewed_by", "reviewed_at", "released_at", "exported_at", "samples"),
    )

    @admin.display(description=_("first serial"), ordering="serials")
    def first(self, order: CodeOrder) -> int:
        return order.first_serial

    @admin.display(description=_("last serial"), ordering="serials")
    def last(self, order: CodeOrder) -> int:
        return order.last_serial

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:  # noqa: ARG002
        """All of an order that is there; what a new one needs."""
        return self.shown if obj is not None else ("batch", "roles", "quantity")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:  # noqa: ARG002
        """An order is never edited."""
        return self.shown if obj is not None else ()

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:  # noqa: ARG002
        """Print files and statements, once there is an order."""
        return self.inlines if obj is not None else []

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """To see an order's page and its actions; nothing can be edited there."""
        return obj is None and super().has_change_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: CodeOrder, form: Any, change: bool) -> None:  # noqa: ARG002
        """Place the order through the service."""
        placed = ordering.place_order(
            brand=obj.batch.product.brand,
            batch=obj.batch,
            roles=[Role(number) for number in form.cleaned_data["roles"]],
            quantity=form.cleaned_data["quantity"],
            **signed(request),
        )
        adopt(obj, placed)

    @admin.display(description=_("roles"))
    def role_names(self, order: CodeOrder) -> str:
        return pgettext("between names", ", ").join(words_of(number) for number in order.roles)

    @admin.display(description=_("sample QR codes"))
    def samples(self, order: CodeOrder) -> str:
        """Links to the marks of the first unit; to follow one hands a code over, and is recorded."""
        if order.state not in spans.LEAVES_THE_HOUSE:
            return "—"
        links = [
            (reverse("admin:codes_codeorder_mark", args=[order.pk, order.first_serial, number, form]), name)
            for number in order.roles
            for form, name in (("svg", words_of(number)), ("eps", "EPS"))
        ]
        return format_html_join(" · ", '<a href="{}">{}</a>', links)

    def get_urls(self) -> Any:
        """With the drawing of one mark."""
        drawing = path(
            "<int:order_id>/marks/<int:serial>/<int:role>.<slug:form>",
            self.admin_site.admin_view(self.mark),
            name="codes_codeorder_mark",
        )
        return [drawing, *super().get_urls()]

    def mark(self, request: HttpRequest, order_id: int, serial: int, role: int, form: str) -> HttpResponse:
        """One mark as SVG or EPS, for whoever may export."""
        if not self.has_export_permission(request):
            raise Forbidden
        order = self.get_queryset(request).select_related("brand").filter(pk=order_id).first()
        if order is None or role not in order.roles or form not in DRAWN:
            raise NotFound
        wanted = WantedMark(order_id, serial, Role(role))
        shape: Form = "svg" if form == "svg" else "eps"
        drawing = draw_mark(brand=order.brand, wanted=wanted, form=shape, actor=actor_of(request), now=clock.now())
        return HttpResponse(drawing, content_type=DRAWN[form], headers={"Cache-Control": "no-store"})

    def has_review_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("codes.review_codeorder")

    def has_release_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("codes.release_codeorder")

    def has_export_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("codes.export_codeorder")

    def has_activate_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("codes.activate_codeorder")

    def asked(
        self,
        request: HttpRequest,
        rows: QuerySet[CodeOrder],
        action: str,
        service: Callable[..., object],
        form: type[forms.Form] = Plain,
        preview: Callable[[CodeOrder, dict[str, Any]], list[str]] | None = None,
    ) -> HttpResponse | None:
        """Ask, then call the service for each order with what was filled in."""

        def work(order: CodeOrder, answers: dict[str, Any]) -> None:
            service(order_id=order.pk, brand=order.brand, actor=actor_of(request), now=clock.now(), **answers)

        title = str(self.get_action(action)[2])
        return ask(self, request, rows.select_related("brand"), Question(action, title, work, form, preview))

    def said(
        self,
        request: HttpRequest,
        rows: QuerySet[CodeOrder],
        action: str,
        service: Callable[..., object],
        form: type[forms.Form] = StatementForm,
    ) -> HttpResponse | None:
        """The same for a statement: how much it touches is shown before it is made."""

        def preview(order: CodeOrder, answers: dict[str, Any]) -> list[str]:
            subject = of_order(order.brand, order.pk, answers["serials"])
            wording = Wording(KINDS[action], answers["reason"], answers.get("effective_at"))
            return preview_lines(order.brand, subject, wording)

        return self.asked(request, rows, action, service, form, preview)

    @admin.action(description=_("Review: a second person agrees"), permissions=["review"])
    def review(self, request: HttpRequest, queryset: QuerySet[CodeOrder]) -> HttpResponse | None:
        return self.asked(request, queryset, "review", ordering.review_order)

    @admin.action(description=_("Release for printing"), permissions=["release"])
    def release(self, request: HttpRequest, queryset: QuerySet[CodeOrder]) -> HttpResponse | None:
        return self.asked(request, queryset, "release", ordering.release_order)

    @admin.action(description=_("Cancel"), permissions=["release"])
    def cancel(self, request: HttpRequest, queryset: QuerySet[CodeOrder]) -> HttpResponse | None:
        return self.asked(request, queryset, "cancel", ordering.cancel_order)

    @admin.action(description=_("Have a print file or label sheet written"), permissions=["export"])
    def export(self, request: HttpRequest, queryset: QuerySet[CodeOrder]) -> HttpResponse | None:
        def request_file(*, recipient: str, kind: str, serials: Any, profile: str = "", **facts: Any) -> PrintFile:
            return request_print_file(wanted=WantedFile(recipient, kind, serials, profile), **facts)

        return self.asked(request, queryset, "export", request_file, ExportForm)

    @admin.action(description=_("Have a label sheet of other sizes written"), permissions=["export"])
    def sheets(self, request: HttpRequest, queryset: QuerySet[CodeOrder]) -> HttpResponse | None:
        return self.labelled(request, queryset, "sheets", PrintFile.Kind.LABELS, SheetForm)

    @admin.action(description=_("Have labels for a ZPL printer written"), permissions=["export"])
    def zpl(self, request: HttpRequest, queryset: QuerySet[CodeOrder]) -> HttpResponse | None:
        return self.labelled(request, queryset, "zpl", PrintFile.Kind.ZPL, ZplForm)

    def labelled(
        self, request: HttpRequest, rows: QuerySet[CodeOrder], action: str, kind: str, form: type[forms.Form]
    ) -> HttpResponse | None:
        """Ask for sizes and captions, then have the file written."""

        def request_file(
            *, recipient: str, serials: Any, actor: str, now: Any, order_id: int, brand: Any, **look: Any
        ) -> PrintFile:
            wanted = WantedFile(recipient, kind, serials, labels=look)
            return request_print_file(wanted=wanted, actor=actor, now=now, order_id=order_id, brand=brand)

        return self.asked(request, rows, action, request_file, form)

    @admin.action(description=_("Have a pre-matched roll written"), permissions=["export"])
    def roll(self, request: HttpRequest, queryset: QuerySet[CodeOrder]) -> HttpResponse | None:
        def request_file(*, recipient: str, serials: Any, cases: Any, pallets: Any, **facts: Any) -> Roll:
            return request_roll(wanted=WantedRoll(recipient, cases, pallets, serials), **facts)

        return self.asked(request, queryset, "roll", request_file, RollForm)

    @admin.action(description=_("Activate"), permissions=["activate"])
    def activate(self, request: HttpRequest, queryset: QuerySet[CodeOrder]) -> HttpResponse | None:
        return self.said(request, queryset, "activate", spans.activate, ActivationForm)

    @admin.action(description=_("Void"), permissions=["activate"])
    def void(self, request: HttpRequest, queryset: QuerySet[CodeOrder]) -> HttpResponse | None:
        return self.said(request, queryset, "void", spans.void)

    @admin.action(description=_("Freeze"), permissions=["activate"])
    def freeze(self, request: HttpRequest, queryset: QuerySet[CodeOrder]) -> HttpResponse | None:
        return self.said(request, queryset, "freeze", spans.freeze)

    @admin.action(description=_("Recall"), permissions=["activate"])
    def recall(self, request: HttpRequest, queryset: QuerySet[CodeOrder]) -> HttpResponse | None:
        return self.said(request, queryset, "recall", spans.recall)
