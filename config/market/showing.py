"""Showing how far a long command has come: bars on a terminal, a line for each finished part elsewhere."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from config.market.play import Report


@contextmanager
def shown_progress() -> Iterator[Report]:
    """While it lasts, what is reported is shown on stderr."""
    if not sys.stderr.isatty():
        yield line_when_done
        return
    columns = (TextColumn("{task.description:<14}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as bars:
        tasks: dict[str, TaskID] = {}

        def report(name: str, done: int, total: int) -> None:
            if name not in tasks:
                tasks[name] = bars.add_task(name, total=total)
            bars.update(tasks[name], completed=done, total=total)

        yield report


def line_when_done(name: str, done: int, total: int) -> None:
    """One line when a part is finished."""
    if done == total:
        sys.stderr.write(f"{name}: {total} done\n")
        sys.stderr.flush()
