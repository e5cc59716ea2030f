"""Capture jobs: documents of events that were sent, and what became of them."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7


class CaptureJob(models.Model):
    """A document that a partner sent. The row is the queue; docs/states.md tells its states."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        CAPTURING = "capturing", _("being captured")
        CAPTURED = "captured", _("captured")
        REJECTED = "rejected", _("rejected")

    class Behaviour(models.TextChoices):
        ROLLBACK = "rollback", _("all events or none")
        PROCEED = "proceed", _("all events that can be taken")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    brand = models.ForeignKey("stores.Brand", on_delete=models.PROTECT, related_name="capture_jobs", db_index=False)
    state = models.CharField(max_length=9, choices=State, default=State.WAITING)
    behaviour = models.CharField(max_length=8, choices=Behaviour)
    is_xml = models.BooleanField(default=False)
    size_bytes = models.PositiveIntegerField()
    events = models.PositiveIntegerField(help_text=_("In the document."))
    seen = models.PositiveIntegerField(default=0, help_text=_("Of them, so far: captured, repeated or with a fault."))
    captured = models.PositiveIntegerField(default=0)
    repeated = models.PositiveIntegerField(default=0, help_text=_("Had been captured before, and say the same."))
    faulty = models.PositiveIntegerField(default=0)
    errors = models.JSONField(default=list, help_text=_("The first faults: place, code and message."))
    attempts = models.PositiveSmallIntegerField(default=0)
    captured_by = models.CharField(max_length=150)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state__in=["waiting", "capturing"], finished_at__isnull=True)
                | models.Q(state__in=["captured", "rejected"], finished_at__isnull=False),
                name="capture_job_finished",
            ),
            models.CheckConstraint(
                condition=models.Q(seen=models.F("captured") + models.F("repeated") + models.F("faulty")),
                name="capture_job_counts",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["brand", "-id"], name="capture_job_brand_newest"),
            models.Index(
                fields=["id"], name="capture_job_unfinished", condition=models.Q(state__in=["waiting", "capturing"])
            ),
        ]
        verbose_name = _("capture job")
        verbose_name_plural = _("capture jobs")

    def __str__(self) -> str:
        return str(self.pk)


class CaptureChunk(models.Model):
    """Some events of a job's document with its context, JSON packed by zlib, until the job is finished."""

    id = models.BigAutoField(primary_key=True)
    job = models.ForeignKey(CaptureJob, on_delete=models.CASCADE, related_name="chunks", db_index=False)
    first = models.PositiveIntegerField(help_text=_("Place of its first event in the document, from 0."))
    packed = models.BinaryField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["job", "first"], name="capture_chunk_once")]

    def __str__(self) -> str:
        return f"{self.job_id} {self.first}"


class EpcisEffect(models.Model):
    """A captured event that tells of our own units, and what our histories made of it."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        DONE = "done", _("taken down")
        REFUSED = "refused", _("not taken down")

    event = models.OneToOneField("codes.EpcisEvent", primary_key=True, on_delete=models.PROTECT, related_name="effect")
    state = models.CharField(max_length=7, choices=State, default=State.WAITING)
    code = models.CharField(max_length=60, blank=True, help_text=_("Of the refusal."))
    detail = models.TextField(blank=True)
    movement = models.OneToOneField("codes.Movement", null=True, on_delete=models.PROTECT, related_name="epcis_effect")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["event"], name="epcis_effect_waiting", condition=models.Q(state="waiting")),
        ]
        verbose_name = _("effect of an event")
        verbose_name_plural = _("effects of events")

    def __str__(self) -> str:
        return f"{self.event_id} {self.state}"
