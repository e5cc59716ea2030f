"""Handing over the report on leaks: it accuses people, so each time is recorded."""

import csv
import datetime as dt
import io

from codes.selectors.leaks import FileFinding, leak_report
from codes.services.recall_lists import tame
from core import audit
from stores.models import Brand

HEADINGS = (
    *("file", "recipient", "order", "product", "lot", "first_serial", "last_serial", "taken_at", "alarms"),
    *("order_scans", "order_pairs", "order_statistic", "order_z", "order_p"),
    *("following_scans", "following_seen", "following_p", "order_q"),
    *("shipping_scans", "shipping_early", "shipping_p", "shipping_q"),
    *("activation_scans", "activation_early", "activation_p", "activation_q"),
)


def take_leak_list(*, brand: Brand, actor: str, now: dt.datetime) -> str:
    """The report as CSV with a heading line, and an entry in the audit trail."""
    report = leak_report(brand.pk)
    audit.record(
        actor=actor,
        action="leaks.listed",
        subject=brand,
        at=now,
        brand_slug=brand.slug,
        after={"files": len(report.findings), "suspects": report.suspects},
    )
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEADINGS)
    writer.writerows(map(row_of, report.findings))
    return "\ufeff" + out.getvalue()


def row_of(found: FileFinding) -> list[str | int | float]:
    """One file, never a spreadsheet's formula."""
    file, order = found.file, found.order
    return [
        *(file.id, tame(file.recipient), file.order, tame(file.product), tame(file.lot), file.first, file.end - 1),
        *(file.taken_at.isoformat(), " ".join(found.alarms)),
        *(order.scans, order.pairs, order.statistic, round(order.z, 3), order.p),
        *(found.following.scans, found.following.seen, found.following.p, found.q_order),
        *(found.unshipped.scans, found.unshipped.seen, found.unshipped.p, found.q_unshipped),
        *(found.inactive.scans, found.inactive.seen, found.inactive.p, found.q_inactive),
    ]
