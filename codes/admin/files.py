"""Print files with their progress, their downloads and the button that takes them away."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action

from codes.admin.forms import GrantForm, ProlongForm
from codes.admin.leaks import leaks_page, leaks_table
from codes.admin.passwords import ShowsPasswords
from codes.handover import streamed
from codes.models import Download, PrintFile
from codes.services.downloading import take_file
from codes.services.exporting import grant_downloads, prolong_file, retry_print_file
from consumers.session import address_of
from core import clock
from core.errors import Forbidden, NotFound, Problem
from stores.admin.confirmed import Question, actor_of, ask, words_of
from stores.admin.scoped import BrandScopedAdmin


def bar(file: PrintFile) -> str:
    """How far a file has come, as a bar with numbers."""
    return format_html(
        '<progress max="{}" value="{}"></progress> {} / {}',
        file.rows_total,
        file.rows_done,
        file.rows_done,
        file.rows_total,
    )


class ReadOnlyAdmin(BrandScopedAdmin):
    """Rows to look at, and to act upon by actions alone."""

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Django asks this before it shows actions; no page can be edited."""
        return obj is None and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False


@admin.register(PrintFile)
class PrintFileAdmin(ShowsPasswords, ReadOnlyAdmin):
    brand_path = "order__brand"
    list_display = (
        *("__str__", "order", "recipient", "kind", "state"),
        *("progress", "downloads_taken", "take_away", "password", "expires_at"),
    )
    list_filter = ("state", "kind", "requested_at")
    list_select_related = ("order",)
    search_fields = ("recipient", "requested_by", "order__batch__lot", "sha256")
    ordering = ("-id",)
    actions: ClassVar = ["retry", "grant", "prolong"]
    actions_list: ClassVar = ["to_leaks"]
    fields = (
        *(
            "order",
            "recipient",
            "kind",
            "profile",
            "state",
            "fault",
            "progress",
            "serials",
            "labels",
            "size_bytes",
            "sha256",
        ),
        *(
            "requested_by",
            "requested_at",
            "finished_at",
            "expires_at",
            "removed_at",
            "downloads_taken",
            "take_away",
            "password",
        ),
    )
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With the number of downloads."""
        rows: QuerySet[Any] = super().get_queryset(request)
        with_downloads: QuerySet[Any] = rows.annotate(taken=Count("downloads"))
        return with_downloads

    @admin.display(description=_("progress"))
    def progress(self, file: PrintFile) -> str:
        return bar(file)

    @admin.display(description=_("downloads"))
    def downloads_taken(self, file: Any) -> str:
        return f"{file.taken} / {file.downloads_allowed}"

    @admin.display(description=_("take away"))
    def take_away(self, file: Any) -> str:
        """The button, as long as there is something to take."""
        is_over = file.expires_at is None or file.expires_at <= clock.now()
        if file.removed_at is not None:
            return _g("off the disk")
        if file.state != PrintFile.State.READY or is_over or file.taken >= file.downloads_allowed:
            return "—"
        return format_html('<a href="{}">{}</a>', reverse("admin:codes_printfile_take", args=[file.pk]), _g("Download"))

    def get_urls(self) -> Any:
        """With the download, and the report on leaks."""
        take, leaks, table = (self.admin_site.admin_view(view) for view in (self.take, self.leaks, self.leaks_table))
        return [
            path("<int:file_id>/take/", take, name="codes_printfile_take"),
            path("leaks/", leaks, name="codes_printfile_leaks"),
            path("leaks.csv", table, name="codes_printfile_leaks_table"),
            *super().get_urls(),
        ]

    def leaks(self, request: HttpRequest) -> HttpResponse:
        """Whose files are abused."""
        return leaks_page(self, request)

    def leaks_table(self, request: HttpRequest) -> HttpResponse:
        """The same to take away."""
        return leaks_table(request)

    @action(description=_("Leaked print files"), url_path="to-leaks", permissions=["leaks"])  # type: ignore[untyped-decorator]
    def to_leaks(self, request: HttpRequest) -> HttpResponse:  # noqa: ARG002 - the theme's signature
        return redirect("admin:codes_printfile_leaks")

    def has_leaks_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("codes.view_download")

    def take(self, request: HttpRequest, file_id: int) -> HttpResponseBase:
        """Ask, since each download counts; then hand the file over."""
        if not self.has_export_permission(request):
            raise Forbidden
        rows = self.get_queryset(request).select_related("order__brand").filter(pk=file_id)
        file = rows.first()
        if file is None:
            raise NotFound
        if request.method != "POST":
            title = _g("Take the file away? The download is recorded with your name and address.")
            return self.asked(request, rows, title)
        try:
            handover = take_file(
                brand=file.order.brand,
                file_id=file_id,
                actor=actor_of(request),
                address=address_of(request),
                now=clock.now(),
            )
        except Problem as problem:
            messages.error(request, words_of(problem))
            return HttpResponseRedirect(reverse("admin:codes_printfile_changelist"))
        return streamed(handover)

    def has_export_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("codes.export_codeorder")

    def has_grant_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("codes.change_printfile")

    @admin.action(description=_("Try failed files again, or write removed ones anew"), permissions=["export"])
    def retry(self, request: HttpRequest, queryset: QuerySet[PrintFile]) -> HttpResponse | None:
        def work(file: PrintFile, _answers: dict[str, Any]) -> None:
            retry_print_file(brand=file.order.brand, file_id=file.pk, actor=actor_of(request), now=clock.now())

        rows = queryset.select_related("order__brand")
        return ask(
            self, request, rows, Question("retry", _g("Try failed files again, or write removed ones anew"), work)
        )

    @admin.action(description=_("Grant further downloads"), permissions=["grant"])
    def grant(self, request: HttpRequest, queryset: QuerySet[PrintFile]) -> HttpResponse | None:
        def work(file: PrintFile, answers: dict[str, Any]) -> None:
            grant_downloads(
                brand=file.order.brand, file_id=file.pk, actor=actor_of(request), now=clock.now(), **answers
            )

        rows = queryset.select_related("order__brand")
        return ask(self, request, rows, Question("grant", _g("Grant further downloads"), work, GrantForm))

    @admin.action(description=_("Let them be taken for longer"), permissions=["grant"])
    def prolong(self, request: HttpRequest, queryset: QuerySet[PrintFile]) -> HttpResponse | None:
        def work(file: PrintFile, answers: dict[str, Any]) -> None:
            prolong_file(brand=file.order.brand, file_id=file.pk, actor=actor_of(request), now=clock.now(), **answers)

        rows = queryset.select_related("order__brand")
        return ask(self, request, rows, Question("prolong", _g("Let them be taken for longer"), work, ProlongForm))


@admin.register(Download)
class DownloadAdmin(ReadOnlyAdmin):
    brand_path = "file__order__brand"
    list_display = ("file", "taken_by", "taken_at", "address", "sha256")
    list_filter = ("taken_at",)
    list_select_related = ("file",)
    search_fields = ("taken_by", "sha256", "file__recipient")
    ordering = ("-id",)
