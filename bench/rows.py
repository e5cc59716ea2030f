"""Rows of the result: how fast, beside what, and what limits it."""

import json
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

Row = dict[str, str | float]


def row_of(*, name: str, unit: str, value: float, floor: tuple[str, float], limit: str, aim: str) -> Row:
    """A row; `ratio` is value / floor: for rates the share of the floor that is reached, for durations the multiple."""
    floor_name, bare = floor
    return {
        "name": name,
        "value": round(value, 1) if value < 1000 else round(value),
        "unit": unit,
        "floor_name": floor_name,
        "floor": round(bare, 1) if bare < 1000 else round(bare),
        "ratio": round(value / bare, 2) if bare else 0.0,
        "limit": limit,
        "aim": aim,
    }


def write_results(rows: Sequence[Row], path: Path) -> None:
    path.write_text(json.dumps(rows, ensure_ascii=False, indent=2) + "\n")


def show(rows: Sequence[Row]) -> None:
    table = Table(title="OneCode: product beside floor, measured in turns", show_lines=True)
    table.add_column("what")
    for title in ("value", "aim", "floor", "ratio", "p50 / p99 ms"):
        table.add_column(title, justify="right")
    for row in rows:
        waits = f"{row['p50_ms']} / {row['p99_ms']}" if "p50_ms" in row else ""
        table.add_row(
            str(row["name"]),
            f"{row['value']:,} {row['unit']}",
            str(row.get("aim", "")),
            f"{row['floor']:,}\n{row['floor_name']}",
            str(row["ratio"]),
            waits,
        )
    console = Console()
    console.print(table)
    for row in rows:
        console.print(f"{row['name']}: limited by {row['limit']}")
