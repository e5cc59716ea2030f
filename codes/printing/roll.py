"""The print file of a pre-matched roll: each pallet's row, its cases' rows, and behind each case those of its items.

`serial,role,code,url,first_inside,last_inside`: of cases and pallets the last two say what is inside, of items they are
empty. Every case takes equally many bytes, so that any chunk starts at a known place.
"""

from dataclasses import dataclass

import numpy as np

from codes.formats.code_text import CodeCipher
from codes.printing.print_file import rendered_units
from codes.printing.run import CHUNK_UNITS, PrintRun

MOST_IN_ONE = 100_000
"""Items on one pallet, or in one case: what is put together in memory."""


@dataclass(frozen=True)
class RollRun:
    """Runs of items, of cases (`inside` says how many items each) and perhaps of pallets (how many cases each)."""

    items: PrintRun
    cases: PrintRun
    pallets: PrintRun | None = None

    def __post_init__(self) -> None:
        if self.cases.inside is None or (self.pallets is not None and self.pallets.inside is None):
            raise ValueError("cases and pallets say what is inside")
        if self.items.quantity != self.cases.quantity * self.items_per_case:
            raise ValueError("every case is full")
        if self.items_per_case * self.cases_per_pallet > MOST_IN_ONE:
            raise ValueError(f"at most {MOST_IN_ONE} items in one case or on one pallet")

    @property
    def items_per_case(self) -> int:
        """How many items a case holds."""
        assert self.cases.inside is not None
        return self.cases.inside.each

    @property
    def cases_per_pallet(self) -> int:
        """How many cases a pallet holds; 1 without pallets."""
        return self.pallets.inside.each if self.pallets and self.pallets.inside else 1

    @property
    def chunk_cases(self) -> int:
        """Cases in a chunk: whole pallets of them."""
        together = self.items_per_case * self.cases_per_pallet
        return self.cases_per_pallet * max(1, CHUNK_UNITS // together)

    @property
    def chunks(self) -> int:
        """How many chunks the file is written in."""
        return -(-self.cases.quantity // self.chunk_cases)

    @property
    def header(self) -> bytes:
        """The file's first line."""
        return b"serial,role,code,url,first_inside,last_inside\r\n"

    @property
    def rows(self) -> int:
        """How many marks the file holds."""
        return self.items.rows + self.cases.rows + (self.pallets.rows if self.pallets else 0)

    def rows_before(self, chunk: int) -> int:
        """How many marks stand before a chunk."""
        cases = min(chunk * self.chunk_cases, self.cases.quantity)
        own = cases * (len(self.cases.roles) + self.items_per_case * len(self.items.roles))
        return own + self._pallets_before(cases) * (len(self.pallets.roles) if self.pallets else 0)

    def chunk_after(self, rows: int) -> int:
        """The first chunk behind so many marks."""
        return min(-(-rows // self.rows_before(1)), self.chunks)

    def byte_offset(self, chunk: int) -> int:
        """Where a chunk begins in the file."""
        cases = min(chunk * self.chunk_cases, self.cases.quantity)
        pallet_bytes = self.pallets.template.itemsize if self.pallets else 0
        return len(self.header) + cases * self._case_bytes + self._pallets_before(cases) * pallet_bytes

    def render(self, cipher: CodeCipher, chunk: int) -> bytes:
        """The bytes of one chunk of rows."""
        first = chunk * self.chunk_cases
        count = min(self.chunk_cases, self.cases.quantity - first)
        own = rendered_units(cipher, self.cases, first, count)
        held = rendered_units(cipher, self.items, first * self.items_per_case, count * self.items_per_case)
        groups = np.concatenate([own, held.reshape(count, -1)], axis=1)
        if self.pallets is None:
            return groups.tobytes()
        heads = rendered_units(cipher, self.pallets, self._pallets_before(first), self._pallets_before(count))
        size = self.cases_per_pallet
        pieces = ((head.tobytes(), groups[n * size : (n + 1) * size].tobytes()) for n, head in enumerate(heads))
        return b"".join(part for piece in pieces for part in piece)

    @property
    def _case_bytes(self) -> int:
        return self.cases.template.itemsize + self.items_per_case * self.items.template.itemsize

    def _pallets_before(self, cases: int) -> int:
        return -(-cases // self.cases_per_pallet) if self.pallets else 0
