import datetime as dt

import pytest
from django.db import DatabaseError, transaction

from core import audit, clock
from core.models import AuditEntry, IdempotentCall
from core.tasks import forget_old_calls

NOW = dt.datetime(2026, 1, 2, 17, 0, tzinfo=dt.UTC)


def test_the_business_day_is_the_brands_not_utc():
    assert clock.business_day(NOW, "Asia/Shanghai") == dt.date(2026, 1, 3)
    assert clock.business_day(NOW, "UTC") == dt.date(2026, 1, 2)


def test_a_day_begins_and_ends_in_the_brands_zone():
    start, end = clock.day_bounds(dt.date(2026, 1, 3), "Asia/Shanghai")
    assert (start, end) == (dt.datetime(2026, 1, 2, 16, tzinfo=dt.UTC), dt.datetime(2026, 1, 3, 16, tzinfo=dt.UTC))


def an_entry() -> AuditEntry:
    subject = IdempotentCall(pk=5)
    return audit.record(actor="user:a", action="changed", subject=subject, at=NOW, before={"x": 1}, after={"x": 2})


@pytest.mark.django_db
def test_an_audit_entry_tells_who_what_before_and_after():
    entry = an_entry()
    assert (entry.object_kind, entry.object_id, entry.before, entry.after) == (
        "idempotentcall",
        "5",
        {"x": 1},
        {"x": 2},
    )


@pytest.mark.django_db
@pytest.mark.parametrize("change", [lambda rows: rows.update(actor="user:b"), lambda rows: rows.delete()])
def test_the_database_refuses_to_change_the_audit_trail(change):
    an_entry()
    with pytest.raises(DatabaseError), transaction.atomic():
        change(AuditEntry.objects.all())
    assert AuditEntry.objects.get().actor == "user:a"


@pytest.mark.django_db
def test_idempotent_calls_are_forgotten_after_three_days():
    for days in (1, 4):
        IdempotentCall.objects.create(
            client="c", key=str(days), request_hash=b"x", started_at=clock.now() - dt.timedelta(days=days)
        )
    forget_old_calls()
    assert list(IdempotentCall.objects.values_list("key", flat=True)) == ["1"]
