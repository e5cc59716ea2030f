from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse

from core.valkey import valkey


def healthz(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """200 when PostgreSQL and Valkey both answer; a lost part is translated to 503 by the middleware."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    valkey().ping()
    return JsonResponse({"status": "ok"})
