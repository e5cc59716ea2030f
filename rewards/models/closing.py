"""The end of a business day in the books: what stood where, sealed and chained to the day before."""

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import APPEND_ONLY

BOOKS_LOCK = 5_183
"""First number of the advisory locks of the books; the second is the brand. Postings share it, a closing excludes."""

IN_ORDER = f"""
    PERFORM pg_advisory_xact_lock({BOOKS_LOCK}, NEW.brand_id::int);
    SELECT c.day, c.hash INTO last_day, last_hash
        FROM rewards_closing c WHERE c.brand_id = NEW.brand_id ORDER BY c.day DESC LIMIT 1;
    IF last_day IS NOT NULL AND (NEW.day <> last_day + 1 OR NEW.previous_hash <> last_hash)
        OR last_day IS NULL AND NEW.previous_hash <> '' THEN
        RAISE EXCEPTION 'closing_in_order: the day does not follow the last closed one'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'closing_in_order';
    END IF;
    IF NEW.day >= (SELECT (NEW.closed_at AT TIME ZONE b.timezone)::date FROM stores_brand b WHERE b.id = NEW.brand_id)
    THEN
        RAISE EXCEPTION 'closing_of_a_past_day: the day is not over'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'closing_of_a_past_day';
    END IF;
    RETURN NEW;
"""  # noqa: S608 - a constant of ours

DATED = f"""
    PERFORM pg_advisory_xact_lock_shared({BOOKS_LOCK}, NEW.brand_id::int);
    SELECT (NEW.posted_at AT TIME ZONE b.timezone)::date,
        (SELECT max(c.day) FROM rewards_closing c WHERE c.brand_id = b.id)
        INTO own, closed FROM stores_brand b WHERE b.id = NEW.brand_id;
    IF NEW.day IS NULL THEN
        NEW.day = GREATEST(own, closed + 1);
    ELSIF NEW.day <= closed THEN
        RAISE EXCEPTION 'posting_in_an_open_day: % is closed', NEW.day
            USING ERRCODE = 'check_violation', CONSTRAINT = 'posting_in_an_open_day';
    END IF;
    RETURN NEW;
"""  # noqa: S608 - a constant of ours
"""A posting's day: its own business day, or the first open one where that is closed. A closed day is refused.

The lock makes a closing wait for the postings under way; whoever posts during a closing sees it before choosing.
"""
DATED_IN_AN_OPEN_DAY = pgtrigger.Trigger(
    name="dated_in_an_open_day",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert,
    declare=[("own", "DATE"), ("closed", "DATE")],
    func=DATED,
)


class Closing(models.Model):
    """A closed business day of a brand's books. Append-only: there is no reopening. No day is left out."""

    id = models.BigAutoField(primary_key=True)
    brand = models.ForeignKey("stores.Brand", on_delete=models.PROTECT, related_name="+", db_index=False)
    day = models.DateField()
    balances = models.JSONField(help_text=_("Account → balance in fen at the day's end; accounts at 0 are left out."))
    postings = models.PositiveBigIntegerField(help_text=_("How many the day has."))
    turnover_fen = models.PositiveBigIntegerField(help_text=_("Sum of the day's postings."))
    digest = models.CharField(max_length=64, help_text=_("SHA-256 of the day's postings, one line each."))
    previous_hash = models.CharField(max_length=64, blank=True, help_text=_("Of the day before; empty at the first."))
    hash = models.CharField(max_length=64, help_text=_("SHA-256 of all of this, and so of all days before."))
    closed_by = models.CharField(max_length=150)
    closed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["brand", "day"], name="closing_once"),
            models.CheckConstraint(condition=Q(hash__regex="^[0-9a-f]{64}$"), name="closing_has_a_hash"),
        ]
        triggers: ClassVar = [
            APPEND_ONLY,
            pgtrigger.Trigger(
                name="in_order",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                declare=[("last_day", "DATE"), ("last_hash", "TEXT")],
                func=IN_ORDER,
            ),
        ]
        verbose_name = _("closed day")
        verbose_name_plural = _("closed days")

    def __str__(self) -> str:
        return f"{self.brand_id} {self.day}"
