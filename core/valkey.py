"""The process's connection to Valkey."""

from functools import cache

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

PATIENCE_SECONDS = 1.0
"""Far above what a busy Valkey needs; a hanging one must not hold up a scan for longer."""


@cache
def valkey() -> "redis.Redis":
    """A thread-safe client over a pool.

    A lost connection is tried once more, since Valkey may have been started anew; an answer that does not come is
    not waited for again, since the limits' counters may have counted the call already.
    """
    return redis.Redis.from_url(
        settings.REDIS_URL,
        socket_timeout=PATIENCE_SECONDS,
        socket_connect_timeout=PATIENCE_SECONDS,
        retry=Retry(NoBackoff(), 1, supported_errors=(redis.ConnectionError,)),
    )
