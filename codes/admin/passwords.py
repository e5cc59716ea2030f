"""The password of an encrypted print file, for somebody else than whoever takes the file away."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from codes.models import PasswordReveal, PrintFile
from codes.services.revealing import reveal_password
from consumers.session import address_of
from core.errors import Forbidden, NotFound, Problem
from stores.admin.confirmed import Plain, Question, signed, words_of
from stores.admin.scoped import BrandScopedAdmin
from stores.admin.written import ReadOnly


class ShowsPasswords:
    """To stand before the ModelAdmin of print files: the link, the question and the page with the password."""

    opts: Any
    admin_site: Any

    @admin.display(description=_("password"))
    def password(self, file: PrintFile) -> str:
        """The way to it, where there is one."""
        if file.kind != PrintFile.Kind.ZIP or file.state != PrintFile.State.READY:
            return "—"
        address = reverse("admin:codes_printfile_password", args=[file.pk])
        return format_html('<a href="{}">{}</a>', address, _g("Show"))

    def get_urls(self) -> Any:
        """With the password's page."""
        show = self.admin_site.admin_view(self.show_password)
        found: Any = super().get_urls()  # type: ignore[misc]
        return [path("<int:file_id>/password/", show, name="codes_printfile_password"), *found]

    def has_reveal_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("codes.reveal_printfile")

    def show_password(self, request: HttpRequest, file_id: int) -> HttpResponse:
        """Ask, since each showing is recorded and bars from the download; then show it, on a page that nobody keeps."""
        if not self.has_reveal_permission(request):
            raise Forbidden
        rows = self.get_queryset(request).select_related("order__brand").filter(pk=file_id)  # type: ignore[attr-defined]
        file = rows.first()
        if file is None:
            raise NotFound
        if request.method != "POST":
            title = _g("Show the password? It is recorded, and you can not take this file away afterwards.")
            return self.asked(request, rows, title)
        try:
            password = reveal_password(
                brand=file.order.brand, file_id=file_id, address=address_of(request), **signed(request)
            )
        except Problem as problem:
            messages.error(request, words_of(problem))
            return HttpResponseRedirect(reverse("admin:codes_printfile_changelist"))
        facts = {"title": _g("Password of print file %(file)s") % {"file": file}, "password": password}
        page = self.admin_site.each_context(request) | facts | {"opts": self.opts}
        return TemplateResponse(request, "admin/codes/password.html", page, headers={"Cache-Control": "no-store"})

    def asked(self, request: HttpRequest, rows: QuerySet[Any], title: str) -> HttpResponse:
        """The question before something is handed over."""
        question = Question("", title, lambda _row, _answers: None)
        facts = {"title": title, "question": question, "rows": rows, "form": Plain(), "opts": self.opts}
        return TemplateResponse(request, "admin/stores/confirm.html", self.admin_site.each_context(request) | facts)


@admin.register(PasswordReveal)
class PasswordRevealAdmin(ReadOnly, BrandScopedAdmin):
    """To whom passwords were shown."""

    brand_path = "file__order__brand"
    list_display = ("file", "shown_to", "shown_at", "address")
    list_filter = ("shown_at",)
    list_select_related = ("file",)
    search_fields = ("shown_to", "file__recipient")
    ordering = ("-id",)
