"""Taking print files off the disk when their time is over; their rows, hashes and downloads stay."""

import datetime as dt
from itertools import takewhile

from django.db import transaction

from codes.models import PrintFile
from codes.services import parts
from codes.services.exporting import write_audit
from core.sweeping import go_through

ACTOR = "system:print-files"
KEPT_AFTER = dt.timedelta(days=7)
"""For so long after its time a file can still be prolonged."""

MOST_AT_ONCE = 200


def remove_expired(*, now: dt.datetime) -> int:
    """Remove files whose time was over seven days ago, at most 200; how many were removed.

    One that can't be removed is gone past, and takes no other's place.
    """
    over = PrintFile.objects.filter(
        state=PrintFile.State.READY, removed_at__isnull=True, expires_at__lte=now - KEPT_AFTER
    )
    numbers = list(over.order_by("expires_at").values_list("pk", flat=True))
    removed: list[bool] = []
    go_through(
        takewhile(lambda _: sum(removed) < MOST_AT_ONCE, numbers),
        lambda number: removed.append(remove(number, now)),
        sweep="print_files.remove",
    )
    return sum(removed)


def remove(file_id: int, now: dt.datetime) -> bool:
    """Remove one file, unless it was prolonged meanwhile or another worker has it.

    The file goes before the commit: what a crash between the two leaves is a row that says too much, mended next time.
    """
    with transaction.atomic():
        rows = PrintFile.objects.select_for_update(of=("self",), skip_locked=True).select_related("order__brand")
        file = rows.filter(pk=file_id, removed_at__isnull=True, expires_at__lte=now - KEPT_AFTER).first()
        if file is None:
            return False
        parts.path_of(file).unlink(missing_ok=True)
        file.removed_at = now
        file.save(update_fields=["removed_at"])
        write_audit(file, file.order, actor=ACTOR, action="print_file.removed", now=now)
    return True
