"""Handing over the list of a recall drill: it bears names and telephones, so each time is recorded."""

import csv
import datetime as dt
import io

from codes.models import Batch
from codes.selectors.recall_lists import COLUMNS, Drill, recall_drill
from core import audit

RISKY = ("=", "+", "-", "@", "\t")
"""What makes a spreadsheet take a text for a formula."""


def take_recall_list(*, batch: Batch, actor: str, now: dt.datetime) -> str:
    """The stores and dealers to call as CSV with a heading line, and an entry in the audit trail."""
    brand = batch.product.brand
    drill = recall_drill(batch)
    audit.record(
        actor=actor,
        action="recall.listed",
        subject=batch,
        at=now,
        brand_slug=brand.slug,
        after={"lot": batch.lot, "calls": len(drill.calls), "out": drill.out},
    )
    return as_csv(drill)


def as_csv(drill: Drill) -> str:
    """One line a place to call; a mark in front lets spreadsheets read Chinese."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    writer.writerows([tame(getattr(call, column)) for column in COLUMNS] for call in drill.calls)
    return "\ufeff" + out.getvalue()


def tame(value: str | int) -> str | int:
    """The value, never a spreadsheet's formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(RISKY) else value
