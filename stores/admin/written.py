"""Admin pages whose saving is a service's work."""

from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest, HttpResponse

from core.errors import Problem


class ReadOnly:
    """For tables that are written elsewhere."""

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:  # noqa: ARG002
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False


class WrittenByServices:
    """To stand before the ModelAdmin: `save_model` calls one service, and nothing else is written.

    What the service refuses is told at the form's fields. Things with a history are never deleted: they are closed.

    Attributes:
        fields_of_service: the service's name of a field -> the form's, where they differ.
    """

    fields_of_service: ClassVar[dict[str, str]] = {}

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Where the service refuses, all is rolled back and the form comes again with the reasons."""
        view: Any = super().changeform_view  # type: ignore[misc]
        try:
            page: HttpResponse = view(request, object_id, form_url, extra_context)
        except Problem as problem:
            if request.method != "POST":
                raise
            setattr(request, REFUSAL, problem)
            page = view(request, object_id, form_url, extra_context)
        return page

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """The form; on its way back to who filled it in, with what the service refused."""
        form = super().get_form(request, obj, change=change, **kwargs)  # type: ignore[misc]
        problem = getattr(request, REFUSAL, None)
        if problem is None:
            return form
        reasons = problem.fields or {"": [problem.detail]}
        renamed = self.fields_of_service

        class Refused(form):  # type: ignore[misc, valid-type]
            def _post_clean(self) -> None:
                super()._post_clean()
                for name, messages in reasons.items():
                    field = renamed.get(name, name)
                    self.add_error(field if field in self.fields else None, messages)

        return Refused

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """The service has written all of it."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False


REFUSAL = "_refusal_of_the_service"


def adopt(shown: models.Model, written: models.Model) -> None:
    """Let the form's object be the one that the service wrote."""
    shown.__dict__.update(written.__dict__)
