"""The sealed draw: a prize table laid over a campaign's units, committed to before the start. Pure."""

import hashlib
import hmac
import json
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from functools import cached_property
from itertools import accumulate
from typing import Protocol

from rewards.draw.permutation import DrawError, Permutation
from rewards.draw.prizes import PrizeTerms


@dataclass(frozen=True, slots=True)
class Row(PrizeTerms):
    """So many prizes of such a kind; `amount_fen` is what each takes from the budget, 0 for a thank-you."""

    rank: int
    name: str
    amount_fen: int
    quantity: int


@dataclass(frozen=True, slots=True)
class Block:
    """Serials that take part, first and last included; positions go on from block to block."""

    first_serial: int
    last_serial: int


@dataclass(frozen=True)
class Table:
    """What is sealed: the prizes by rank, and the serials by position."""

    rows: tuple[Row, ...]
    blocks: tuple[Block, ...]

    @cached_property
    def bounds(self) -> list[int]:
        """Cumulative quantities: row i has the places from bounds[i - 1] up to below bounds[i]."""
        return list(accumulate(row.quantity for row in self.rows))

    @property
    def prizes(self) -> int:
        return sum(row.quantity for row in self.rows)

    @property
    def units(self) -> int:
        return sum(block.last_serial - block.first_serial + 1 for block in self.blocks)

    @property
    def liability_fen(self) -> int:
        """What all prizes together cost."""
        return sum(row.quantity * row.amount_fen for row in self.rows)

    def canonical(self) -> bytes:
        """The one JSON text of this table: sorted names, no spaces, UTF-8."""
        document = {"blocks": [asdict(block) for block in self.blocks], "prizes": [asdict(row) for row in self.rows]}
        return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()

    def position_of(self, serial: int) -> int:
        """The position of a serial that takes part.

        Raises:
            DrawError: it does not.
        """
        before = 0
        for block in self.blocks:
            if block.first_serial <= serial <= block.last_serial:
                return before + serial - block.first_serial
            before += block.last_serial - block.first_serial + 1
        raise DrawError(f"serial {serial} does not take part")


class SealedDraw:
    """Says which row of the table each unit has won."""

    def __init__(self, key: bytes, table: Table) -> None:
        if table.prizes != table.units:
            raise DrawError(f"{table.prizes} prizes do not cover {table.units} units exactly")
        self.table = table
        self._permutation = Permutation(key, table.units)

    def row_at(self, position: int) -> Row:
        """The prize of a position in [0, units)."""
        return self.table.rows[bisect_right(self.table.bounds, self._permutation(position))]

    def row_of(self, serial: int) -> Row:
        """The prize of a unit."""
        return self.row_at(self.table.position_of(serial))


class Committed(Protocol):
    """A table with one canonical text."""

    def canonical(self) -> bytes:
        """The text."""
        ...


def commitment_of(key: bytes, table: Committed) -> str:
    """SHA-256, in hexadecimal, of the key followed by the table's canonical JSON: published before the start."""
    return hashlib.sha256(key + table.canonical()).hexdigest()


def verify(key: bytes, table: Committed, commitment: str) -> bool:
    """Whether key and table, published after the end, are those that were committed to."""
    return hmac.compare_digest(commitment_of(key, table), commitment)


def table_of(rows: Iterable[Row], blocks: Iterable[Block]) -> Table:
    """A table with its rows in order of rank and its blocks in the order given."""
    return Table(tuple(sorted(rows, key=lambda row: row.rank)), tuple(blocks))
