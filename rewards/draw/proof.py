"""The proof of a draw from what is published of it: a JSON document, and nothing else. Pure.

Anybody can run it without our site: `python -m rewards.draw.proof FILE [SERIAL…]`.
"""

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rewards.draw.live import LiveDraw, LiveRow, LiveTable
from rewards.draw.permutation import KEY_BYTES, DrawError
from rewards.draw.prizes import TERM_TYPES, terms_in
from rewards.draw.sealed import Block, Row, SealedDraw, Table, commitment_of, table_of, verify

FORM = "onecode sealed draw 1"
"""Names the document, the commitment and the permutation together."""
LIVE_FORM = "onecode live draw 1"
"""The same of a draw by weights: no serials are committed to, since each is drawn by itself."""


@dataclass(frozen=True, slots=True)
class Published:
    """What is published of a draw. `key` is None until the campaign has ended; `won` counts prizes claimed by rank."""

    campaign: str
    commitment: str
    table: Table | LiveTable
    key: bytes | None
    won: Mapping[int, int]


def document_of(published: Published) -> dict[str, Any]:
    """The JSON document. Which serials take part is published with the key: until then they are sealed too."""
    key, table = published.key, published.table
    told = {
        "campaign": published.campaign,
        "commitment": published.commitment,
        "prizes": [asdict(row) for row in table.rows],
        "key": None if key is None else key.hex(),
        "won": None if key is None else {str(rank): count for rank, count in sorted(published.won.items())},
    }
    if isinstance(table, LiveTable):
        return {"form": LIVE_FORM} | told
    blocks = None if key is None else [asdict(block) for block in table.blocks]
    return {"form": FORM, "units": table.prizes, "blocks": blocks} | told


def published_of(text: bytes) -> Published:
    """Read the document.

    Raises:
        DrawError: it is none, in one line that says what is wrong.
    """
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise DrawError("the file is not JSON: save the campaign's published data and try again") from error
    if not isinstance(document, dict) or document.get("form") not in {FORM, LIVE_FORM}:
        raise DrawError(f"the file is no published draw: its form must be {FORM!r} or {LIVE_FORM!r}")
    key = key_of(document.get("key"))
    table = live_table_in(document) if document["form"] == LIVE_FORM else table_in(document, revealed=key is not None)
    told = fields({name: document.get(name) for name in ("campaign", "commitment")}, campaign=str, commitment=str)
    return Published(**told, table=table, key=key, won=won_of(document.get("won")))


def table_in(document: Mapping[str, Any], *, revealed: bool) -> Table:
    """The table of a sealed draw; its serials are there once it is revealed."""
    kinds = {"rank": int, "name": str, "amount_fen": int, "quantity": int} | TERM_TYPES
    rows = [Row(**fields(row, **kinds)) for row in listed(document, "prizes")]
    blocks = listed(document, "blocks") if revealed else []
    return table_of(rows, [Block(**fields(one, first_serial=int, last_serial=int)) for one in blocks])


def live_table_in(document: Mapping[str, Any]) -> LiveTable:
    """The table of a live draw."""
    kinds = {"rank": int, "name": str, "amount_fen": int, "most_fen": int, "weight": int} | TERM_TYPES
    rows = [LiveRow(**fields(row, **kinds)) for row in listed(document, "prizes")]
    return LiveTable(tuple(sorted(rows, key=lambda row: row.rank)))


def key_of(text: object) -> bytes | None:
    """The key; None before the end."""
    if text is None:
        return None
    try:
        key = bytes.fromhex(text) if isinstance(text, str) else b""
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise DrawError(f"key must be {2 * KEY_BYTES} hexadecimal digits")
    return key


def won_of(counts: object) -> dict[int, int]:
    """Prizes claimed by rank."""
    if counts is None:
        return {}
    if not isinstance(counts, dict) or not all(
        rank.isdecimal() and type(count) is int for rank, count in counts.items()
    ):
        raise DrawError("won must give a number for each rank")
    return {int(rank): count for rank, count in counts.items()}


def listed(document: Mapping[str, Any], name: str) -> list[Any]:
    """A list of the document."""
    found = document.get(name)
    if not isinstance(found, list):
        raise DrawError(f"{name} must be a list")
    return found


IN_WORDS = {str: "a text", int: "a whole number from 0", bool: "true or false"}


def fields(given: object, **kinds: type) -> dict[str, Any]:
    """The fields of a part of the document, each of its kind; numbers are not below zero."""
    if not isinstance(given, dict):
        raise DrawError(f"expected an object with {', '.join(kinds)}")
    for name, kind in kinds.items():
        value = given.get(name)
        if type(value) is not kind or (isinstance(value, int) and value < 0):
            raise DrawError(f"{name} must be {IN_WORDS[kind]}")
    return {name: given[name] for name in kinds}


def faults_of(published: Published) -> list[str]:
    """What is wrong with the draw; empty where it holds.

    Raises:
        NotRevealedError: the key is not published yet.
    """
    if published.key is None:
        raise NotRevealedError
    table = published.table
    faults: list[str] = []
    if not verify(published.key, table, published.commitment):
        found = commitment_of(published.key, table)
        faults.append(f"key and table give {found}, but {published.commitment} was published: something was changed")
    return faults if isinstance(table, LiveTable) else faults + faults_of_table(table, published.won)


def faults_of_table(table: Table, won: Mapping[int, int]) -> list[str]:
    """What does not add up in a sealed table."""
    faults = []
    if table.prizes != table.units:
        faults.append(f"{table.prizes} prizes for {table.units} items: each item must have exactly one")
    quantities = {row.rank: row.quantity for row in table.rows}
    return faults + [
        f"prize {rank} was won {count} times, but there are {quantities.get(rank, 0)} of it"
        for rank, count in sorted(won.items())
        if not 0 <= count <= quantities.get(rank, 0)
    ]


class NotRevealedError(DrawError):
    """The campaign has not ended: only its commitment is published."""

    def __init__(self) -> None:
        super().__init__("the key is published when the campaign has ended: keep this file, and compare then")


def findings_of(published: Published, serials: Sequence[int] = ()) -> dict[str, Any]:
    """What holds, and which prize each of these serials has.

    Raises:
        NotRevealedError: the key is not published yet.
        DrawError: something does not hold, or a serial does not take part.
    """
    faults = faults_of(published)
    if faults:
        raise DrawError("; ".join(faults))
    assert published.key is not None
    table = published.table
    told = {"campaign": published.campaign, "verdict": "holds", "commitment": published.commitment}
    if isinstance(table, LiveTable):
        live = LiveDraw(published.key, table)
        return told | {"items": [live_item(live, serial) for serial in serials]}
    draw = SealedDraw(published.key, table) if serials else None
    items = [{"serial": serial} | asdict(draw.row_of(serial)) for serial in serials] if draw else []
    return told | {"units": table.units, "liability_fen": table.liability_fen, "items": items}


def live_item(draw: LiveDraw, serial: int) -> dict[str, Any]:
    """What a live draw has for an item."""
    outcome = draw.outcome_of(serial)
    told = {"serial": serial, "rank": outcome.row.rank, "name": outcome.row.name}
    return told | terms_in(outcome.row) | {"amount_fen": outcome.amount_fen}


def main(arguments: Sequence[str]) -> int:
    """Print the findings as JSON; 1 where the draw does not hold, 2 where that can't be told."""
    if not arguments or not all(serial.isascii() and serial.isdecimal() for serial in arguments[1:]):
        sys.stderr.write("usage: python -m rewards.draw.proof FILE [SERIAL…]\n")
        return 2
    try:
        published = published_of(Path(arguments[0]).read_bytes())
        findings = findings_of(published, [int(serial) for serial in arguments[1:]])
    except (OSError, NotRevealedError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    except DrawError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(json.dumps(findings, ensure_ascii=False) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
