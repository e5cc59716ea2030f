"""From addresses of parts (DATABASE_URL, REDIS_URL) to what Django and Celery want to be told."""

from typing import Any
from urllib.parse import quote, urlsplit

import environ


def database_for(url: str, *, pool: int) -> dict[str, Any]:
    """Django's DATABASES entry. `pool` > 0 keeps that many connections per web process instead of one per thread."""
    settings: dict[str, Any] = environ.Env.db_url_config(url)
    settings["ENGINE"] = "django.db.backends.postgresql"
    options = settings.setdefault("OPTIONS", {})
    options["connect_timeout"] = 3
    options["prepare_threshold"] = 5  # for codes.selectors.prepared alone: Django's own cursors never prepare
    if pool:
        options["pool"] = {"min_size": 1, "max_size": pool, "timeout": 5}
    else:
        settings["CONN_MAX_AGE"] = 600
        settings["CONN_HEALTH_CHECKS"] = True
    return settings


def broker_url(url: str) -> str:
    """Celery's spelling of a Valkey address: unix://[:password@]/path?db=0 becomes redis+socket://."""
    parts = urlsplit(url)
    if parts.scheme != "unix":
        return url
    password = f":{quote(parts.password)}@" if parts.password else ""
    return f"redis+socket://{password}{parts.path}"
