"""`make bench`: a table to read, and bench/results.json; `make bench LARGE=1`: the same of a great deal of data."""

import sys
import tempfile
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import django
from rich.console import Console

from bench.load import require_wrk
from bench.rows import Row, show, write_results
from bench.surroundings import own_database, prepare_environment

MEASURES = {"": ("bench.measures", "results.json"), "large": ("bench.large", "results-large.json")}
"""By the command line's word: what measures, and where the rows are kept."""


def main(which: str) -> None:
    module, results = MEASURES[which]
    path = Path(__file__).with_name(results)
    require_wrk()
    prepare_environment()
    with own_database(), tempfile.TemporaryDirectory(prefix="onecode-bench-") as folder:
        django.setup()
        # Django must be set up before models are imported
        measure_all: Callable[[Path, Console], list[Row]] = import_module(module).measure_all
        started = time.monotonic()
        rows = measure_all(Path(folder), Console())
    write_results(rows, path)
    show(rows)
    Console().print(f"{len(rows)} rows in {time.monotonic() - started:.0f} s, kept in {path}")


if __name__ == "__main__":
    main(*(sys.argv[1:] or [""]))
