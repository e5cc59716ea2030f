"""The process's connection to Valkey."""

from collections.abc import Sequence
from functools import cache
from typing import Any

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


def answer_to(*words: str | int) -> Any:
    """The answer to one command, tried once more where the connection was lost.

    As by the client, without the way through it: policies and observers take longer than the command.

    Raises:
        redis.RedisError: Valkey is away, hangs, or refuses.
    """
    try:
        return asked(words)
    except redis.ConnectionError:
        return asked(words)


def asked(words: Sequence[str | int]) -> Any:
    """One attempt, over a connection of the client's pool."""
    pool = valkey().connection_pool
    connection: Any = pool.get_connection()
    try:
        connection.send_command(*words)
        return connection.read_response()
    finally:
        pool.release(connection)
