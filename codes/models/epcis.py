"""EPCIS events as they were captured, and the index that answers queries. Append-only.

All of it is found by brand first, so that the tables can be partitioned by brand without another key.
"""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import APPEND_ONLY


class EpcisEvent(models.Model):
    """One event of a brand: as it came, and its normal form. An error declaration is a row beside its event's."""

    id = models.BigAutoField(primary_key=True)
    brand = models.ForeignKey("stores.Brand", on_delete=models.PROTECT, related_name="+", db_index=False)
    job = models.ForeignKey(
        "codes.CaptureJob",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        help_text=_("Empty for single events and for those of our own histories."),
    )
    event_id = models.TextField(help_text=_("A URI: the sender's, or the hash of the event."))
    key = models.UUIDField(help_text=_("Hash of the event's ID."))
    declaration = models.UUIDField(null=True, help_text=_("Hash of the error declaration, where there is one."))
    content = models.UUIDField(help_text=_("Hash of what the event says, without ID and error declaration."))
    type = models.TextField()
    action = models.CharField(max_length=7)
    biz_step = models.TextField()
    disposition = models.TextField()
    read_point = models.TextField()
    biz_location = models.TextField()
    event_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    captured_by = models.CharField(max_length=150)
    document = models.TextField(help_text=_("JSON-LD, as it came, with the namespaces that it uses."))
    normal = models.TextField(help_text=_("JSON: the form in which equal events are equal."))
    written_xid = models.BigIntegerField(
        help_text=_("Of the transaction: rows below the oldest running one are all there.")
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["brand", "key", "declaration"], nulls_distinct=False, name="epcis_event_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["brand", "event_at", "id"], name="epcis_event_in_time"),
            models.Index(fields=["brand", "recorded_at", "id"], name="epcis_event_as_recorded"),
            models.Index(fields=["brand", "written_xid"], name="epcis_event_as_written"),
        ]
        triggers: ClassVar = [APPEND_ONLY]
        verbose_name = _("EPCIS event")
        verbose_name_plural = _("EPCIS events")

    def __str__(self) -> str:
        return self.event_id


class EpcisTerm(models.Model):
    """What an event can be found by: one row for each exact text. `kind` is a codes.epcis_query.terms.Kind.

    The key is the only index: of one text, the events in order of their time. A foreign key's check for each row would
    cost more than the row, and events are never deleted.
    """

    pk = models.CompositePrimaryKey("brand_id", "kind", "value", "event_at", "event_id")
    brand = models.ForeignKey(
        "stores.Brand", on_delete=models.DO_NOTHING, related_name="+", db_index=False, db_constraint=False
    )
    kind = models.PositiveSmallIntegerField()
    value = models.TextField(db_collation="C")
    event_at = models.DateTimeField()
    event = models.ForeignKey(
        EpcisEvent, on_delete=models.DO_NOTHING, related_name="+", db_index=False, db_constraint=False
    )

    class Meta:
        triggers: ClassVar = [APPEND_ONLY]

    def __str__(self) -> str:
        return f"{self.kind} {self.value}"


class EpcisFigure(models.Model):
    """A number or moment of an event that queries compare: quantities, measured values, fields of extensions.

    Moments are seconds since 1970.
    """

    pk = models.CompositePrimaryKey("brand_id", "field", "value", "event_id")
    brand = models.ForeignKey(
        "stores.Brand", on_delete=models.DO_NOTHING, related_name="+", db_index=False, db_constraint=False
    )
    field = models.TextField(db_collation="C")
    value = models.FloatField()
    event = models.ForeignKey(
        EpcisEvent, on_delete=models.DO_NOTHING, related_name="+", db_index=False, db_constraint=False
    )

    class Meta:
        indexes: ClassVar = [models.Index(fields=["event", "field", "value"], name="epcis_figure_of_event")]
        triggers: ClassVar = [APPEND_ONLY]

    def __str__(self) -> str:
        return f"{self.field} {self.value}"


class EpcisPlace(models.Model):
    """By a partner's master data: `place` lies directly inside of `inside`. Both are URIs in canonical form."""

    id = models.BigAutoField(primary_key=True)
    brand = models.ForeignKey("stores.Brand", on_delete=models.PROTECT, related_name="+", db_index=False)
    inside = models.CharField(max_length=500)
    place = models.CharField(max_length=500)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["brand", "inside", "place"], name="epcis_place_once")]
        triggers: ClassVar = [APPEND_ONLY]

    def __str__(self) -> str:
        return f"{self.place} < {self.inside}"


class EpcisFollower(models.Model):
    """How far a brand's own histories have been written as events: a cursor of codes.selectors.epcis_events."""

    brand = models.OneToOneField("stores.Brand", primary_key=True, on_delete=models.CASCADE, related_name="+")
    cursor = models.TextField(blank=True)
    followed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.brand_id)
