"""The seal of a closed day: a hash over what the day left behind and over the day before. Pure."""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """What a closing seals. `balances` are fen by account id, without accounts at 0."""

    brand_id: int
    day: dt.date
    balances: Mapping[str, int]
    postings: int
    turnover_fen: int
    digest: str
    previous_hash: str


def text_of(day: Day) -> str:
    """JSON with sorted names and without spaces: the same for everybody who writes it down."""
    told = {
        "balances": dict(day.balances),
        "brand": day.brand_id,
        "day": day.day.isoformat(),
        "digest": day.digest,
        "postings": day.postings,
        "previous": day.previous_hash,
        "turnover_fen": day.turnover_fen,
    }
    return json.dumps(told, sort_keys=True, separators=(",", ":"))


def hash_of(day: Day) -> str:
    """SHA-256 of the text, in hexadecimal digits."""
    return hashlib.sha256(text_of(day).encode()).hexdigest()
