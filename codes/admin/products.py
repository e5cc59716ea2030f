"""Products and batches."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from codes.admin.confirmed import Question, actor_of, ask
from codes.admin.forms import BatchForm, ProductForm, ReasonForm
from codes.models import Batch, Product, Span
from codes.services.products import BatchFacts, ProductFacts, create_batch, create_product
from codes.services.spans import say_of_batch
from core import audit, clock
from stores.admin.scoped import BrandScopedAdmin


def record_change(request: HttpRequest, row: Product | Batch, form: Any, brand_slug: str) -> None:
    """What was changed by hand, for the audit trail."""
    before = {name: str(form.initial.get(name, "")) for name in form.changed_data}
    after = {name: str(form.cleaned_data[name]) for name in form.changed_data}
    audit.record(
        actor=actor_of(request),
        action=f"{row._meta.model_name}.change",  # noqa: SLF001 - Django's documented API
        subject=row,
        at=clock.now(),
        brand_slug=brand_slug,
        before=before,
        after=after,
    )


@admin.register(Product)
class ProductAdmin(BrandScopedAdmin):
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

    def save_model(self, request: HttpRequest, obj: Product, form: Any, change: bool) -> None:
        """A new product through the service; a changed one with its audit entry."""
        if change:
            super().save_model(request, obj, form, change)
            record_change(request, obj, form, obj.brand.slug)
            return
        names = ("gtin", "name", "name_en", "specification", "margin_fen", "story")
        facts = ProductFacts(**{name: getattr(obj, name) for name in names})
        made = create_product(brand=obj.brand, facts=facts, actor=actor_of(request), now=clock.now())
        obj.pk, obj._state.adding = made.pk, False  # noqa: SLF001 - Django's documented API

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        """Printed is printed."""
        return False


@admin.register(Batch)
class BatchAdmin(BrandScopedAdmin):
    brand_path = "product__brand"
    form = BatchForm
    list_display = ("lot", "product", "produced_on", "expires_on")
    list_filter = ("product", "produced_on")
    list_select_related = ("product",)
    search_fields = ("lot", "product__name", "product__gtin")
    autocomplete_fields: ClassVar = ["product"]
    ordering = ("-id",)
    actions: ClassVar = ["freeze_batches", "recall_batches"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """A batch keeps its product and lot."""
        fixed = super().get_readonly_fields(request, obj)
        return (*fixed, "product", "lot") if obj is not None else fixed

    def save_model(self, request: HttpRequest, obj: Batch, form: Any, change: bool) -> None:
        """A new batch through the service; a changed one with its audit entry."""
        if change:
            super().save_model(request, obj, form, change)
            record_change(request, obj, form, obj.product.brand.slug)
            return
        facts = BatchFacts(obj.lot, obj.produced_on, obj.expires_on)
        made = create_batch(product=obj.product, facts=facts, actor=actor_of(request), now=clock.now())
        obj.pk, obj._state.adding = made.pk, False  # noqa: SLF001 - Django's documented API

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        """Printed is printed."""
        return False

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
        rows = queryset.select_related("product__brand")
        return ask(self, request, rows, Question(action, title, work, ReasonForm))
