"""`make bench`: a table to read, and bench/results.json."""

import tempfile
import time
from pathlib import Path

import django
from rich.console import Console

from bench.load import require_wrk
from bench.rows import Row, show, write_results
from bench.surroundings import own_database, prepare_environment

RESULTS = Path(__file__).with_name("results.json")


def main() -> None:
    require_wrk()
    prepare_environment()
    with own_database(), tempfile.TemporaryDirectory(prefix="onecode-bench-") as folder:
        django.setup()
        from bench.measures import measure_all  # noqa: PLC0415 - Django must be set up before models are imported

        started = time.monotonic()
        rows: list[Row] = measure_all(Path(folder), Console())
    write_results(rows, RESULTS)
    show(rows)
    Console().print(f"{len(rows)} rows in {time.monotonic() - started:.0f} s, kept in {RESULTS}")


if __name__ == "__main__":
    main()
