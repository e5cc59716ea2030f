"""Writing the audit trail, in the transaction of the change that it tells of."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import models

from core.models import AuditEntry


def record(
    *,
    actor: str,
    action: str,
    subject: models.Model,
    at: dt.datetime,
    brand_slug: str = "",
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> AuditEntry:
    """Append one entry about `subject`; `before` and `after` are JSON-ready."""
    return AuditEntry.objects.create(
        brand_slug=brand_slug,
        actor=actor,
        action=action,
        object_kind=subject._meta.model_name or "",  # noqa: SLF001 - Django's documented API
        object_id=str(subject.pk),
        before=dict(before or {}),
        after=dict(after or {}),
        happened_at=at,
    )
