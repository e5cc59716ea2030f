"""Allowances of settings.LIMITS as limits on one subject."""

from django.conf import settings

from core.limits import Limit


def allowance_of(name: str, subject: str) -> Limit:
    """The limit `name` of settings.LIMITS for this subject, scaled by settings.LIMIT_SCALE."""
    count, seconds = settings.LIMITS[name]
    return Limit(name=name, subject=subject, allowance=max(1, round(count * settings.LIMIT_SCALE)), seconds=seconds)
