"""Named EPCIS queries, and the subscriptions to them."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7


class NamedQuery(models.Model):
    """A query that a partner gave a name. It is never changed, only deleted with its subscriptions."""

    id = models.BigAutoField(primary_key=True)
    brand = models.ForeignKey("stores.Brand", on_delete=models.PROTECT, related_name="+", db_index=False)
    name = models.CharField(max_length=200)
    query = models.JSONField()
    created_by = models.CharField(max_length=150)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["brand", "name"], name="named_query_once")]
        verbose_name = _("named query")
        verbose_name_plural = _("named queries")

    def __str__(self) -> str:
        return self.name


class Subscription(models.Model):
    """Whom to tell what a named query finds: as it is captured (`is_stream`), or by a schedule.

    `reached_xid`: events of transactions below it have been told; docs/states.md tells the states.
    """

    class State(models.TextChoices):
        ACTIVE = "active", _("active")
        FAILING = "failing", _("the last call failed")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    query = models.ForeignKey(NamedQuery, on_delete=models.CASCADE, related_name="subscriptions")
    dest = models.URLField(max_length=500)
    sealed_secret = models.TextField(blank=True, help_text=_("The client's signature token, sealed."))
    is_stream = models.BooleanField()
    schedule = models.JSONField(null=True)
    report_if_empty = models.BooleanField(default=False)
    epc_format = models.CharField(max_length=30, blank=True)
    initial_record_time = models.DateTimeField(null=True)
    state = models.CharField(max_length=7, choices=State, default=State.ACTIVE)
    reached_xid = models.BigIntegerField(default=0)
    reached_event = models.BigIntegerField(default=0, help_text=_("The last event told of an unfinished run."))
    until_xid = models.BigIntegerField(null=True, help_text=_("Where the unfinished run ends."))
    next_at = models.DateTimeField(help_text=_("When it is looked after again."))
    attempts = models.PositiveIntegerField(default=0, help_text=_("Failed calls in a row."))
    fault = models.CharField(max_length=200, blank=True)
    created_by = models.CharField(max_length=150)
    created_at = models.DateTimeField()
    last_notified_at = models.DateTimeField(null=True)
    executed_at = models.DateTimeField(null=True, help_text=_("When the query last ran to its end."))

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(is_stream=True, schedule__isnull=True)
                | models.Q(is_stream=False, schedule__isnull=False),
                name="subscription_one_trigger",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["next_at"], name="subscription_due")]
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")

    def __str__(self) -> str:
        return str(self.pk)
