"""Keys in what a browser posts. Django looks rows up by them before any form has judged them."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import BadRequest, FieldDoesNotExist, ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse


def require_keys(key: Any, values: Iterable[str]) -> None:
    """Each value, where there is one, reads as a value of the key field.

    Raises:
        BadRequest: one does not; answered 400.
    """
    for value in filter(None, values):
        try:
            key.to_python(value)
        except (ValidationError, ValueError) as error:
            raise BadRequest("A key that is none was sent.") from error


class SoundKeys:
    """To stand before a ModelAdmin: what is no key is refused before it reaches a query."""

    model: type[models.Model]

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        for name in request.POST:
            related = self.related_model(name)
            if related is not None:
                require_keys(related._meta.pk, request.POST.getlist(name))  # noqa: SLF001 - Django's documented API
        view: Any = super().changeform_view  # type: ignore[misc]
        answer: HttpResponse = view(request, object_id, form_url, extra_context)
        return answer

    def response_action(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> HttpResponse | None:
        require_keys(self.model._meta.pk, request.POST.getlist("_selected_action"))  # noqa: SLF001 - as above
        answer: HttpResponse | None = super().response_action(request, queryset)  # type: ignore[misc]
        return answer

    def related_model(self, name: str) -> Any:
        """The model that a field of ours refers to; None for other fields and other names."""
        try:
            return self.model._meta.get_field(name).related_model  # noqa: SLF001 - as above
        except FieldDoesNotExist:
            return None
