"""Rate limits, atomic in Valkey: a fixed allowance per window, counted by one script call."""

import enum
from collections.abc import Sequence
from dataclasses import dataclass

import redis
import structlog

from core.errors import TooManyRequests, Unavailable
from core.valkey import answer_to

log = structlog.get_logger(__name__)

# KEYS: counters; ARGV: cost, then allowance and window (ms) for each key. Answers the wait in ms, or 0.
SCRIPT = """
local wait = 0
for i, key in ipairs(KEYS) do
  local used = redis.call('INCRBY', key, ARGV[1])
  if used == tonumber(ARGV[1]) then redis.call('PEXPIRE', key, ARGV[i * 2 + 1]) end
  if used > tonumber(ARGV[i * 2]) then
    local left = redis.call('PTTL', key)
    if left < 0 then redis.call('PEXPIRE', key, ARGV[i * 2 + 1]); left = tonumber(ARGV[i * 2 + 1]) end
    if left > wait then wait = left end
  end
end
return wait
"""


class OnLoss(enum.Enum):
    """What to do while Valkey is away."""

    ALLOW = "allow"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `allowance` calls of `name` by one `subject` in each window of `seconds`."""

    name: str
    subject: str
    allowance: int
    seconds: int


def spend(limits: Sequence[Limit], *, on_loss: OnLoss, cost: int = 1) -> None:
    """Count a call against all limits at once.

    Raises:
        TooManyRequests: with the seconds until the longest exceeded window ends.
        Unavailable: Valkey is away and `on_loss` is REFUSE.
    """
    arguments: list[int] = [cost]
    for limit in limits:
        arguments += [limit.allowance, limit.seconds * 1000]
    try:
        keys = [f"limit:{limit.name}:{limit.subject}" for limit in limits]
        wait_ms = int(answer_to("EVAL", SCRIPT, len(keys), *keys, *arguments))
    except redis.RedisError as error:
        log.warning("rate limits are away", fault=str(error))
        if on_loss is OnLoss.REFUSE:
            raise Unavailable(retry_after=2) from error
        return
    if wait_ms:
        raise TooManyRequests(retry_after=-(-wait_ms // 1000))
