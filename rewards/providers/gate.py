"""How many calls a provider takes from all workers together, and when it is to be left alone. Pure but for its store.

The rate is a token bucket. What the calls report opens and closes a circuit: after `MANY` calls in a row without an
answer, or one that says "not now", nobody calls for a second, then one tries; while that fails, the pause doubles up to
a minute. All of it is one script each, so that any number of workers share it.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from rewards.providers.interface import Answer, Outcome

MANY = 10
PAUSE_MS, LONGEST_PAUSE_MS = 1_000, 60_000
TRIAL_MS = 15_000
DAY_MS = 86_400_000
GIVE_UP_AFTER = 3
NO_ANSWER = frozenset({"timeout", "no_answer", "SYSTEM_ERROR"})

# KEYS: the gate. ARGV: calls wanted, calls a second, burst, now (ms), how long one trial may take (ms), expiry (ms).
# Answers how many calls are free, and after how many ms to ask again. Behind a pause one call alone is let through.
TAKE = """
local kept = redis.call('HMGET', KEYS[1], 'tokens', 'at', 'until', 'pause')
local rate, burst, now = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local shut = tonumber(kept[3] or 0)
if shut > now then return {0, shut - now} end
local at = tonumber(kept[2] or now)
if at > now then now = at end
local tokens = math.min(burst, tonumber(kept[1] or burst) + (now - at) * rate / 1000)
local free = math.floor(math.min(tonumber(ARGV[1]), tokens))
if tonumber(kept[4] or 0) > 0 and free > 0 then
  free = 1
  redis.call('HSET', KEYS[1], 'until', now + tonumber(ARGV[5]))
end
redis.call('HSET', KEYS[1], 'tokens', tostring(tokens - free), 'at', now)
redis.call('PEXPIRE', KEYS[1], ARGV[6])
if free > 0 then return {free, 0} end
return {0, math.ceil((1 - tokens) * 1000 / rate)}
"""

# KEYS: the gate. ARGV: calls not made after all, faults at the end in a row, whether any call was answered,
# whether "not now" was said, now (ms), many, first pause, longest pause (ms).
REPORT = """
local tokens = redis.call('HGET', KEYS[1], 'tokens')
if tokens then redis.call('HSET', KEYS[1], 'tokens', tostring(tonumber(tokens) + tonumber(ARGV[1]))) end
local faults = tonumber(ARGV[2])
if ARGV[3] == '1' and ARGV[4] == '0' then redis.call('HSET', KEYS[1], 'pause', 0, 'until', 0, 'faults', 0) end
if faults > 0 then faults = redis.call('HINCRBY', KEYS[1], 'faults', faults) end
local pause = tonumber(redis.call('HGET', KEYS[1], 'pause') or 0)
if ARGV[4] == '1' or faults >= tonumber(ARGV[6]) or (faults > 0 and pause > 0) then
  pause = math.min(tonumber(ARGV[8]), math.max(tonumber(ARGV[7]), pause * 2))
  redis.call('HSET', KEYS[1], 'pause', pause, 'until', tonumber(ARGV[5]) + pause)
end
return pause
"""


class Store(Protocol):
    """Where the gate is kept: a Valkey's EVAL."""

    def __call__(self, script: str, key: str, *arguments: str | int) -> Any:
        """What the script answers."""


@dataclass(frozen=True, slots=True)
class Pass:
    """So many calls may be made now; where there are none, it is worth asking again after `wait`."""

    calls: int
    wait: dt.timedelta = dt.timedelta()


@dataclass(slots=True)
class Tally:
    """What the calls of one pass have come to. `over` says that no further one should be made."""

    made: int = 0
    faults: int = 0
    answered: bool = False
    not_now: bool = False

    def note(self, answer: Answer) -> None:
        """Count one answer."""
        self.made += 1
        if answer.outcome is Outcome.NOT_NOW:
            self.not_now = True
        elif is_away(answer):
            self.faults += 1
        else:
            self.faults, self.answered = 0, True

    @property
    def over(self) -> bool:
        return self.not_now or self.faults >= GIVE_UP_AFTER


def is_away(answer: Answer) -> bool:
    """Whether an answer says that the provider itself is not well: none came, or a 5xx."""
    return answer.outcome is Outcome.UNKNOWN and (answer.fault in NO_ANSWER or answer.fault.startswith("HTTP_5"))


class Gate(Protocol):
    """The way to one provider, shared by all who go it."""

    def take(self, wanted: int, *, now: dt.datetime) -> Pass:
        """Permission for at most `wanted` calls."""

    def report(self, taken: int, tally: Tally, *, now: dt.datetime) -> None:
        """What became of a pass of `taken` calls."""


class OpenGate:
    """To a provider that takes whatever comes."""

    def take(self, wanted: int, *, now: dt.datetime) -> Pass:  # noqa: ARG002 - the protocol's
        return Pass(wanted)

    def report(self, taken: int, tally: Tally, *, now: dt.datetime) -> None:
        """Nothing is kept."""


@dataclass(frozen=True, slots=True)
class SharedGate:
    """To a provider that takes `rate` calls a second from all workers together; `key` names it and the merchant."""

    store: Store
    key: str
    rate: int
    burst: int = field(default=0)

    def take(self, wanted: int, *, now: dt.datetime) -> Pass:
        """None while the store is away: too many calls would be worse than late ones. The store's errors pass."""
        arguments = (wanted, self.rate, self.burst or self.rate, milliseconds(now), TRIAL_MS, DAY_MS)
        answer: Sequence[int] = self.store(TAKE, self.key, *arguments)
        return Pass(int(answer[0]), dt.timedelta(milliseconds=int(answer[1])))

    def report(self, taken: int, tally: Tally, *, now: dt.datetime) -> None:
        arguments = (
            max(0, taken - tally.made),
            tally.faults,
            int(tally.answered),
            int(tally.not_now),
            milliseconds(now),
            MANY,
            PAUSE_MS,
            LONGEST_PAUSE_MS,
        )
        self.store(REPORT, self.key, *arguments)


def milliseconds(now: dt.datetime) -> int:
    """Since 1970."""
    return int(now.timestamp() * 1000)
