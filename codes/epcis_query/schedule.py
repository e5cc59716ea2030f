"""When a scheduled query runs: EPCIS 2.0, section 8.2.5.3 (QuerySchedule).

A schedule names seconds, minutes, hours, days of the month, months and days of the week (1 is Monday): numbers, ranges
`[2-4]`, several of them with commas between, or steps `0/30` and `*/15`. A field that is left out matches anything; one
that is finer than all that are given is 0.
"""

import datetime as dt
import re
from collections.abc import Mapping
from typing import NamedTuple
from zoneinfo import ZoneInfo

FIELDS = {
    "second": (0, 59),
    "minute": (0, 59),
    "hour": (0, 23),
    "dayOfMonth": (1, 31),
    "month": (1, 12),
    "dayOfWeek": (1, 7),
}
"""Name → least and greatest value; the first three are the finer ones, finest first."""
FINER = ("second", "minute", "hour")
ELEMENT = re.compile(r"(\d{1,2})|\[?(\d{1,2})-(\d{1,2})\]?|(\*|\d{1,2})/(\d{1,2})", re.ASCII)
HORIZON = dt.timedelta(days=366 * 5)


class BadSchedule(ValueError):  # noqa: N818 - says what is wrong with the schedule
    """A field that is unknown or has no such value, or a schedule that never comes."""


class Schedule(NamedTuple):
    """The values of each field at which the query runs."""

    seconds: frozenset[int]
    minutes: frozenset[int]
    hours: frozenset[int]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]


def read_schedule(given: Mapping[str, object]) -> Schedule:
    """The schedule that these fields make. Raises BadSchedule."""
    unknown = next((name for name in given if name not in FIELDS), None)
    if unknown is not None or not given:
        raise BadSchedule(f"A schedule has one or more of: {', '.join(FIELDS)}.")
    values: list[frozenset[int]] = []
    for name, (least, greatest) in FIELDS.items():
        if name in given:
            values.append(_values(name, given[name]))
        elif name in FINER and not any(finer in given for finer in FINER[: FINER.index(name)]):
            values.append(frozenset({least}))
        else:
            values.append(frozenset(range(least, greatest + 1)))
    return Schedule(*values)


def next_time(schedule: Schedule, after: dt.datetime, zone: str) -> dt.datetime:
    """The first moment behind `after` that the schedule names by the clocks of this IANA zone. Raises BadSchedule."""
    info = ZoneInfo(zone)
    moment = (after + dt.timedelta(seconds=1)).astimezone(info).replace(microsecond=0, tzinfo=None)
    end = moment + HORIZON
    while moment < end:
        if (
            moment.month not in schedule.months
            or moment.day not in schedule.days
            or moment.isoweekday() not in schedule.weekdays
        ):
            moment = _next_day(moment)
        elif moment.hour not in schedule.hours:
            moment = moment.replace(minute=0, second=0) + dt.timedelta(hours=1)
        elif moment.minute not in schedule.minutes:
            moment = moment.replace(second=0) + dt.timedelta(minutes=1)
        elif moment.second not in schedule.seconds:
            moment += dt.timedelta(seconds=1)
        else:
            return moment.replace(tzinfo=info).astimezone(dt.UTC)
    raise BadSchedule("This schedule never comes.")


def _next_day(moment: dt.datetime) -> dt.datetime:
    return moment.replace(hour=0, minute=0, second=0) + dt.timedelta(days=1)


def _values(name: str, text: object) -> frozenset[int]:
    least, greatest = FIELDS[name]
    values: set[int] = set()
    for element in str(text).split(",") if isinstance(text, str | int) and not isinstance(text, bool) else [""]:
        found = ELEMENT.fullmatch(element.strip())
        if found is None:
            raise BadSchedule(f"{name}: numbers, ranges like [2-4], or steps like 0/30, with commas between.")
        single, first, last, start, step = found.groups()
        if single is not None:
            values.add(int(single))
        elif first is not None:
            values |= set(range(int(first), int(last) + 1)) or {-1}
        else:
            begin = least if start == "*" else int(start)
            values |= set(range(begin, greatest + 1, max(int(step), 1))) or {-1}
    if not values or min(values) < least or max(values) > greatest:
        raise BadSchedule(f"{name}: from {least} to {greatest}.")
    return frozenset(values)
