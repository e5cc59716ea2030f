"""Pages of a list, newest first; `next` and `previous` are addresses, or null."""

from typing import Any

from django.core.exceptions import ValidationError
from rest_framework.exceptions import NotFound
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.request import Request


class NewestFirst(CursorPagination):
    """By primary key, or by the time in the field `by`. A cursor that is none of ours leads nowhere (404)."""

    page_size_query_param = "page_size"

    def __init__(self, by: str = "pk") -> None:
        self.by = by
        self.ordering = (f"-{by}",) if by == "pk" else (f"-{by}", "-pk")

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any] | None:
        """The page's rows."""
        meta = queryset.model._meta  # noqa: SLF001 - Django's documented API
        self.key = meta.pk if self.by == "pk" else meta.get_field(self.by)
        return super().paginate_queryset(queryset, request, view)

    def decode_cursor(self, request: Request) -> Cursor | None:
        """The cursor, once its position is known to be one."""
        cursor = super().decode_cursor(request)
        if cursor is not None and cursor.position is not None:
            try:
                self.key.to_python(cursor.position)
            except ValidationError as error:
                raise NotFound(self.invalid_cursor_message) from error
        return cursor
