"""What every room may lean on: the audit trail and the memory of idempotent calls."""

from typing import ClassVar

import pgtrigger
from django.db import models
from django.utils.translation import gettext

APPEND_ONLY = pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
"""Trigger that refuses UPDATE and DELETE: the table is a history."""


class AuditEntry(models.Model):
    """Who did what to which thing, with its state before and after. Append-only.

    The actor is kept as text, so that an entry outlives the account it names.
    """

    id = models.BigAutoField(primary_key=True)
    brand_slug = models.CharField(max_length=50, blank=True, db_index=True)
    actor = models.CharField(max_length=150, help_text="user:name, client:id, consumer:id or system:part")
    action = models.CharField(max_length=80)
    object_kind = models.CharField(max_length=60)
    object_id = models.CharField(max_length=60)
    before = models.JSONField(default=dict, blank=True)
    after = models.JSONField(default=dict, blank=True)
    happened_at = models.DateTimeField(db_index=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["object_kind", "object_id"], name="audit_object")]
        triggers: ClassVar = [APPEND_ONLY]
        verbose_name_plural = "audit entries"

    def __str__(self) -> str:
        return f"{gettext(self.action)}: {self.object_id} ({self.actor})"


class IdempotentCall(models.Model):
    """One POST under an Idempotency-Key: its request's hash and, once finished, the answer to repeat."""

    id = models.BigAutoField(primary_key=True)
    client = models.CharField(max_length=150)
    key = models.CharField(max_length=200)
    request_hash = models.BinaryField(max_length=32)
    status = models.PositiveSmallIntegerField(null=True)
    answer = models.JSONField(null=True)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client", "key"], name="idempotent_call_once"),
            models.CheckConstraint(
                condition=models.Q(status__isnull=True, finished_at__isnull=True)
                | models.Q(status__isnull=False, finished_at__isnull=False),
                name="idempotent_call_finished_with_answer",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["started_at"], name="idempotent_call_age")]

    def __str__(self) -> str:
        return f"{self.client} {self.key}"
