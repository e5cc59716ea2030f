"""From addresses of parts (DATABASE_URL, REDIS_URL) to what Django and Celery want to be told."""

from typing import Any
from urllib.parse import quote, urlsplit

import environ


def database_for(url: str, *, pool: int, patience: float) -> dict[str, Any]:
    """Django's DATABASES entry. `pool` > 0 keeps that many connections per web process instead of one per thread.

    `patience` > 0 ends each wait for an answer after so many seconds (not with a pool).
    """
    settings: dict[str, Any] = environ.Env.db_url_config(url)
    settings["ENGINE"] = "django.db.backends.postgresql"
    options = settings.setdefault("OPTIONS", {})
    options["connect_timeout"] = 3
    # For core.prepared alone, since Django's own cursors never prepare: planning a statement of the way of a scan
    # takes longer than running it, and its look-ups by index need no other plan for other parameters.
    options["options"] = f"{options.get('options', '')} -c plan_cache_mode=force_generic_plan".strip()
    if pool:
        options["pool"] = {"min_size": 1, "max_size": pool, "timeout": 5}
    else:
        settings["ENGINE"] = "config.patient_postgres"
        options["patience"] = patience
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
