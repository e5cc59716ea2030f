"""Questions whose answers must not take longer the more is kept, asked among a great deal of it."""

from pathlib import Path

from django.core.management import call_command
from rich.console import Console

from bench import epcis, histories
from bench.rows import Row

CASES, EVENTS = 2_000_000, 1_000_000


def measure_all(_folder: Path, console: Console) -> list[Row]:
    """The rows of the table."""
    call_command("migrate", verbosity=0)
    console.print(f"{CASES:,} cases …")
    rows = histories.measure(CASES)
    console.print(f"{EVENTS:,} EPCIS events …")
    return rows + epcis.measure(EVENTS)
