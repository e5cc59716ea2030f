"""Admin pages that show each brand its own rows and nothing of the others."""

from collections import deque
from functools import cache
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from unfold.admin import ModelAdmin, StackedInline, TabularInline

from stores.admin.keys import SoundKeys
from stores.models import Brand
from stores.selectors.rights import sees_all_brands


@cache
def brand_path_of(model: type[models.Model]) -> str | None:
    """The shortest look-up path from a model to its brand: "brand", "order__brand"; "pk" for Brand itself.

    None: no foreign key leads to a brand, so its rows are shared by all brands (regions, groups).
    """
    waiting: deque[tuple[type[models.Model], str]] = deque([(model, "")])
    seen = {model}
    while waiting:
        here, path = waiting.popleft()
        if here is Brand:
            return path.removesuffix("__") or "pk"
        for field in here._meta.concrete_fields:  # noqa: SLF001 - Django's documented API
            target = field.related_model
            if isinstance(field, models.ForeignKey) and isinstance(target, type) and target not in seen:
                seen.add(target)
                waiting.append((target, f"{path}{field.name}__"))
    return None


def scoped_to(user: Any, rows: models.QuerySet[Any], path: str | None) -> models.QuerySet[Any]:
    """The rows that `user` may see: all for the platform and for shared models, else those of the user's brand."""
    if path is None or sees_all_brands(user):
        return rows
    return rows.filter(**{path: user.brand_id}) if user.brand_id else rows.none()


def brand_id_of(thing: models.Model) -> int | None:
    """The brand of a loaded object along its brand path; None where it is shared by all brands."""
    path = brand_path_of(type(thing))
    value: Any = thing
    for step in path.split("__") if path else []:
        value = getattr(value, step, None)
    return value.pk if isinstance(value, Brand) else value if path == "pk" else None


class OneBrandForm(forms.ModelForm):  # type: ignore[type-arg] # not subscriptable at run time
    """A form that refuses to tie things of different brands together, also for the platform's own people."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        brand = cleaned.get("brand") or getattr(self.instance, "brand", None)
        for name, value in list(cleaned.items()):
            chosen = [value] if isinstance(value, models.Model) else value
            if brand is None or not isinstance(chosen, list | models.QuerySet):
                continue
            things = [thing for thing in chosen if isinstance(thing, models.Model)]
            if any(brand_id_of(thing) not in {None, brand.pk} for thing in things):
                self.add_error(name, ValidationError(_("This belongs to another brand."), code="other_brand"))
        return cleaned


class BrandScopedChoices:
    """For admins and inlines: foreign-key and many-to-many choices are those of the user's brand."""

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs["queryset"] = self.choices(db_field, request, kwargs.get("queryset"))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs["queryset"] = self.choices(db_field, request, kwargs.get("queryset"))
        return super().formfield_for_manytomany(db_field, request, **kwargs)  # type: ignore[misc]

    def choices(self, db_field: Any, request: HttpRequest, rows: models.QuerySet[Any] | None) -> models.QuerySet[Any]:
        """The related rows that may be chosen; `rows` where the caller narrowed them already."""
        related = db_field.related_model
        everything = related._default_manager.all() if rows is None else rows  # noqa: SLF001 - Django's own name
        return scoped_to(request.user, everything, brand_path_of(related))


class BrandScopedTabular(BrandScopedChoices, TabularInline):  # type: ignore[misc]
    """Rows of the parent, which is scoped already; with scoped choices."""


class BrandScopedStacked(BrandScopedChoices, StackedInline):  # type: ignore[misc]
    """Rows of the parent, which is scoped already; with scoped choices."""


class BrandScopedAdmin(SoundKeys, BrandScopedChoices, ModelAdmin):  # type: ignore[misc]
    """Rows, choices and filters are the user's brand's own; another brand's object answers 404.

    `brand_path` is the look-up from the model to its brand. Where it is "brand", that field is filled in by itself
    for people of a brand; the platform chooses it when adding, and nobody changes it afterwards.
    """

    brand_path: ClassVar[str] = "brand"
    form = OneBrandForm

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        return scoped_to(request.user, super().get_queryset(request), self.brand_path)

    def get_exclude(self, request: HttpRequest, obj: Any = None) -> Any:
        exclude = tuple(super().get_exclude(request, obj) or ())
        return exclude if sees_all_brands(request.user) else (*exclude, "brand")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Without the brand field for people who have but one brand."""
        fieldsets = super().get_fieldsets(request, obj)
        if sees_all_brands(request.user):
            return fieldsets
        return [(title, {**options, "fields": without_brand(options["fields"])}) for title, options in fieldsets]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        fixed = tuple(super().get_readonly_fields(request, obj))
        return (*fixed, "brand") if obj is not None and self.brand_path == "brand" else fixed

    def get_list_filter(self, request: HttpRequest) -> Any:
        """Filters by a relation offer only values that the visible rows have."""
        return [self.narrowed(entry) for entry in super().get_list_filter(request)]

    def narrowed(self, entry: Any) -> Any:
        if isinstance(entry, str) and "__" not in entry and self.opts.get_field(entry).is_relation:
            return (entry, admin.RelatedOnlyFieldListFilter)
        return entry

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """The form; for people of a brand the new object has its brand before it is validated."""
        form = super().get_form(request, obj, change=change, **kwargs)
        if change or self.brand_path != "brand" or sees_all_brands(request.user):
            return form
        brand_id = request.user.brand_id  # type: ignore[union-attr]

        class OfTheBrand(form):  # type: ignore[misc, valid-type]
            def __init__(self, *args: Any, **options: Any) -> None:
                super().__init__(*args, **options)
                self.instance.brand_id = brand_id

            def _get_validation_exclusions(self) -> set[str]:
                excluded: set[str] = super()._get_validation_exclusions()
                return excluded - {"brand"}

        return OfTheBrand

    def _get_obj_does_not_exist_redirect(self, request: HttpRequest, opts: Any, object_id: str) -> HttpResponse:  # noqa: ARG002
        raise Http404


def without_brand(fields: Any) -> list[Any]:
    """A fieldset's fields, flat or grouped in lines, without "brand"."""
    kept = [without_brand(line) if isinstance(line, tuple | list) else line for line in fields if line != "brand"]
    return [line for line in kept if line != []]
