"""Products and batches."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action

from codes.admin.forms import BatchForm, ProductForm, ProductLinkForm, ReasonForm
from codes.admin.recall_drills import drill_page, drill_table
from codes.admin.touched_words import preview_lines
from codes.models import Batch, Product, ProductLink, Span
from codes.services.product_links import LinkFacts, add_link, change_link, remove_link
from codes.services.products import (
    TOLD,
    BatchFacts,
    ProductFacts,
    change_batch,
    change_product,
    create_batch,
    create_product,
)
from codes.services.spans import say_of_batch
from codes.services.statements import Wording
from codes.services.subjects import whole_batch
from core import clock
from stores.admin.confirmed import Question, actor_of, ask, signed
from stores.admin.scoped import BrandScopedAdmin
from stores.admin.written import WrittenByServices, adopt


@admin.register(Product)
class ProductAdmin(WrittenByServices, BrandScopedAdmin):
    form = ProductForm
    list_display = ("name", "gtin", "specification", "brand", "created_at")
    list_filter = ("brand",)
    list_select_related = ("brand",)
    search_fields = ("name", "name_en", "gtin")
    ordering = ("-id",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """A product keeps its GTIN: it is printed."""
        fixed = super().get_readonly_fields(request, obj)
        return (*fixed, "gtin") if obj is not None else fixed

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """Where the GTIN is fixed, nothing is left to be checked of it."""
        form = super().get_form(request, obj, change, **kwargs)
        return type("FixedGtin", (form,), {"clean_gtin": None}) if obj is not None else form

    def save_model(self, request: HttpRequest, obj: Product, form: Any, change: bool) -> None:  # noqa: ARG002
        facts = ProductFacts(**{name: getattr(obj, name) for name in ("gtin", *TOLD)})
        if change:
            adopt(obj, change_product(brand=obj.brand, product_id=obj.pk, facts=facts, **signed(request)))
        else:
            adopt(obj, create_product(brand=obj.brand, facts=facts, **signed(request)))


@admin.register(Batch)
class BatchAdmin(WrittenByServices, BrandScopedAdmin):
    brand_path = "product__brand"
    form = BatchForm
    list_display = ("lot", "product", "produced_on", "expires_on")
    list_filter = ("product", "produced_on")
    list_select_related = ("product",)
    search_fields = ("lot", "product__name", "product__gtin")
    autocomplete_fields: ClassVar = ["product"]
    ordering = ("-id",)
    actions: ClassVar = ["freeze_batches", "recall_batches"]
    actions_detail: ClassVar = ["to_drill"]
    actions_row: ClassVar = ["to_drill"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """A batch keeps its product and lot."""
        fixed = super().get_readonly_fields(request, obj)
        return (*fixed, "product", "lot") if obj is not None else fixed

    def save_model(self, request: HttpRequest, obj: Batch, form: Any, change: bool) -> None:  # noqa: ARG002
        facts = BatchFacts(obj.lot, obj.produced_on, obj.expires_on)
        if change:
            adopt(obj, change_batch(brand=obj.product.brand, batch_id=obj.pk, facts=facts, **signed(request)))
        else:
            adopt(obj, create_batch(product=obj.product, facts=facts, **signed(request)))

    def get_urls(self) -> Any:
        """With the recall drill as a page and as a table."""
        page, table = self.admin_site.admin_view(self.drill), self.admin_site.admin_view(self.drill_table)
        return [
            path("<int:batch_id>/recall-drill/", page, name="codes_batch_recall_drill"),
            path("<int:batch_id>/recall-drill.csv", table, name="codes_batch_recall_list"),
            *super().get_urls(),
        ]

    def drill(self, request: HttpRequest, batch_id: int) -> HttpResponse:
        """What a recall would touch."""
        return drill_page(self, request, batch_id)

    def drill_table(self, request: HttpRequest, batch_id: int) -> HttpResponse:
        """Whom to call."""
        return drill_table(self, request, batch_id)

    @action(description=_("Recall drill"), url_path="drill", permissions=["drill"])  # type: ignore[untyped-decorator]
    def to_drill(self, request: HttpRequest, object_id: Any) -> HttpResponse:  # noqa: ARG002 - the theme's signature
        return redirect("admin:codes_batch_recall_drill", object_id)

    def has_drill_permission(self, request: HttpRequest, object_id: Any = None) -> bool:  # noqa: ARG002
        return request.user.has_perm("codes.view_movement")

    def has_activate_permission(self, request: HttpRequest) -> bool:
        """The right to speak of serials."""
        return request.user.has_perm("codes.activate_codeorder")

    @admin.action(description=_("Freeze the whole batch"), permissions=["activate"])
    def freeze_batches(self, request: HttpRequest, queryset: QuerySet[Batch]) -> HttpResponse | None:
        """Freeze all orders of the batches."""
        return self.say("freeze_batches", Span.Kind.FROZEN, request, queryset)

    @admin.action(description=_("Recall the whole batch"), permissions=["activate"])
    def recall_batches(self, request: HttpRequest, queryset: QuerySet[Batch]) -> HttpResponse | None:
        """Recall all orders of the batches."""
        return self.say("recall_batches", Span.Kind.RECALLED, request, queryset)

    def say(self, action: str, kind: Span.Kind, request: HttpRequest, queryset: QuerySet[Batch]) -> HttpResponse | None:
        """Ask, then say it of all orders of each batch."""

        def work(batch: Batch, answers: dict[str, Any]) -> None:
            say_of_batch(
                kind=kind,
                brand=batch.product.brand,
                batch_id=batch.pk,
                actor=actor_of(request),
                now=clock.now(),
                **answers,
            )

        title = str(self.get_action(action)[2])

        def preview(batch: Batch, answers: dict[str, Any]) -> list[str]:
            brand = batch.product.brand
            return preview_lines(brand, whole_batch(brand, batch.pk), Wording(kind, answers["reason"]))

        rows = queryset.select_related("product__brand")
        return ask(self, request, rows, Question(action, title, work, ReasonForm, preview))


@admin.register(ProductLink)
class ProductLinkAdmin(WrittenByServices, BrandScopedAdmin):
    """Where the Digital Links of products lead."""

    brand_path = "product__brand"
    form = ProductLinkForm
    list_display = ("title", "product", "batch", "link_type", "language", "context", "is_default", "href")
    list_filter = ("link_type", "language", "is_default")
    list_select_related = ("product", "batch")
    search_fields = ("title", "href", "product__name", "product__gtin")
    autocomplete_fields: ClassVar = ["product", "batch"]
    fields_of_service: ClassVar = {"batch_id": "batch"}
    ordering = ("product", "batch", "link_type", "id")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """A link stays with its product."""
        fixed = super().get_readonly_fields(request, obj)
        return (*fixed, "product") if obj is not None else fixed

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        """Links have no history of their own; the audit trail keeps what they said."""
        return request.user.has_perm("codes.delete_productlink")

    def save_model(self, request: HttpRequest, obj: ProductLink, form: Any, change: bool) -> None:  # noqa: ARG002
        facts = LinkFacts(**{name: getattr(obj, name) for name in LinkFacts.__slots__})
        brand = obj.product.brand
        if change:
            adopt(obj, change_link(brand=brand, link_id=obj.pk, facts=facts, **signed(request)))
        else:
            adopt(obj, add_link(brand=brand, product_id=obj.product_id, facts=facts, **signed(request)))

    def delete_model(self, request: HttpRequest, obj: ProductLink) -> None:
        remove_link(brand=obj.product.brand, link_id=obj.pk, **signed(request))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[ProductLink]) -> None:
        for link in queryset.select_related("product__brand"):
            self.delete_model(request, link)
