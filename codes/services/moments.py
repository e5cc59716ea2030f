"""When something happened, by the clocks of those who report it."""

import datetime as dt

from django.utils.translation import gettext as _

from core.errors import Invalid

AHEAD = dt.timedelta(minutes=5)
"""How far a partner's clock may differ from ours."""


def is_to_come(moment: dt.datetime, now: dt.datetime) -> bool:
    """Whether it cannot have happened yet; so too without a time zone, when it happened is not told."""
    return moment.tzinfo is None or moment > now + AHEAD


def moment_told(happened_at: dt.datetime | None, now: dt.datetime) -> dt.datetime:
    """When it happened: now where nothing was told, or by a clock that runs a little ahead.

    Raises:
        Invalid: a moment to come, or one without time zone.
    """
    if happened_at is None:
        return now
    if is_to_come(happened_at, now):
        raise Invalid(fields={"happened_at": [_("A moment with its time zone, not in the future.")]})
    return min(happened_at, now)
