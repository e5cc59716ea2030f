"""The live draw: each item by itself, by weights and ranges, under a key that was committed to. Pure.

What an item wins is HMAC-SHA-256 of its serial under the campaign's secret key: as good as chance for who does not have
the key, and the same however often it is asked, so that nobody can draw again by claiming again.
"""

import hashlib
import hmac
import json
from bisect import bisect_right
from dataclasses import asdict, dataclass
from functools import cached_property
from itertools import accumulate

from rewards.draw.permutation import KEY_BYTES, DrawError
from rewards.draw.prizes import PrizeTerms

HALF = hashlib.sha256().digest_size // 2


@dataclass(frozen=True, slots=True)
class LiveRow(PrizeTerms):
    """A prize with its weight. It takes from `amount_fen` up to `most_fen` from the budget, both included."""

    rank: int
    name: str
    amount_fen: int
    most_fen: int
    weight: int


@dataclass(frozen=True)
class LiveTable:
    """What is committed to: the prizes by rank."""

    rows: tuple[LiveRow, ...]

    @cached_property
    def bounds(self) -> list[int]:
        """Cumulative weights: row i has the numbers from bounds[i - 1] up to below bounds[i]."""
        return list(accumulate(row.weight for row in self.rows))

    @property
    def weights(self) -> int:
        return self.bounds[-1] if self.rows else 0

    def canonical(self) -> bytes:
        """The one JSON text of this table: sorted names, no spaces, UTF-8."""
        document = {"draw": "live", "prizes": [asdict(row) for row in self.rows]}
        return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an item has won."""

    row: LiveRow
    amount_fen: int


class LiveDraw:
    """Says what each item wins. Two numbers of 128 bits: what their remainders favour is below 2**-80."""

    def __init__(self, key: bytes, table: LiveTable) -> None:
        if len(key) != KEY_BYTES:
            raise DrawError(f"a draw's key has {KEY_BYTES} bytes, not {len(key)}")
        if not table.weights:
            raise DrawError("a live draw needs a prize with a weight")
        self.table = table
        self._key = key

    def outcome_of(self, serial: int) -> Outcome:
        """The prize of a unit, and how much it is."""
        drawn = hmac.digest(self._key, b"%d" % serial, "sha256")
        chosen = int.from_bytes(drawn[:HALF]) % self.table.weights
        row = self.table.rows[bisect_right(self.table.bounds, chosen)]
        span = row.most_fen - row.amount_fen + 1
        return Outcome(row, row.amount_fen + int.from_bytes(drawn[HALF:]) % span)
