"""The one place that asks what time it is; services are told."""

import datetime as dt
from zoneinfo import ZoneInfo

from django.utils import timezone


def now() -> dt.datetime:
    """The current moment, aware, UTC."""
    return timezone.now()


def business_day(moment: dt.datetime, zone: str) -> dt.date:
    """The calendar day of an aware `moment` in the IANA time zone `zone` (a brand's business day)."""
    return moment.astimezone(ZoneInfo(zone)).date()


def day_bounds(day: dt.date, zone: str) -> tuple[dt.datetime, dt.datetime]:
    """First moment of `day` in `zone` and first moment of the day after, both aware."""
    info = ZoneInfo(zone)
    start = dt.datetime.combine(day, dt.time(), tzinfo=info)
    return start, dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), tzinfo=info)
