"""The process's connection to Valkey."""

from functools import cache

import redis
from django.conf import settings


@cache
def valkey() -> "redis.Redis":
    """A thread-safe client over a pool. Short timeouts: a lost Valkey must not hold up a scan."""
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=0.5, socket_connect_timeout=0.5)
