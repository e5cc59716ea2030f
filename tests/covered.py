"""Whether the tests ran every line and branch of the code that moves money or codes: `python -m tests.covered FILE`.

The file is slipcover's, as JSON.
"""

import json
import sys
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

WHOLE = (
    *(f"codes/{name}.py" for name in ("ciphers", "handover", "offers", "reading", "sealing", "tasks")),
    *(
        f"codes/{part}/*"
        for part in (
            *("api", "cases", "dashboard", "epcis", "epcis_query", "forensics", "formats", "fusion", "management"),
            *("pages", "printing", "selectors", "services"),
        )
    ),
    "consumers/session.py",
    "consumers/selectors/*",
    "consumers/services/*",
    "core/*",
    *(
        f"rewards/{name}.py"
        for name in (
            *("campaign_moves", "chain", "downloads", "moves", "payout_moves", "refusals"),
            *("voucher_codes", "voucher_moves"),
        )
    ),
    *(
        f"rewards/{part}/*"
        for part in (
            *("api", "dashboard", "draw", "management", "pages", "providers", "risk", "sandbox", "selectors"),
            *("services", "sheets", "tasks"),
        )
    ),
    "stores/management/commands/recount.py",
    *(f"stores/{part}/*" for part in ("earth", "figures", "ladder", "selectors", "services")),
)
"""What is covered whole."""


def main(file: str) -> int:
    """Say what was not run; how many files have such a thing is 0 for a whole run."""
    seen = json.loads(Path(file).read_text())["files"]
    gaps = [gap for name, told in sorted(seen.items()) if is_whole(name) for gap in gaps_of(name, told)]
    ran = sum(len(told["executed_lines"]) for name, told in seen.items() if is_whole(name))
    branches = sum(len(told["executed_branches"]) for name, told in seen.items() if is_whole(name))
    sys.stdout.writelines(f"{gap}\n" for gap in gaps)
    sys.stdout.write(f"Money and codes: {ran:,} lines and {branches:,} branches run, {len(gaps)} files with gaps\n")
    return 1 if gaps else 0


def is_whole(name: str) -> bool:
    """Whether nothing of this file may be missed."""
    return any(fnmatch(name, pattern) for pattern in WHOLE)


def gaps_of(name: str, told: dict[str, Any]) -> Iterator[str]:
    """The file with its lines, and its branches between lines that were run, that were missed."""
    lines = set(told["missing_lines"])
    branches = [f"{start}→{end or 'exit'}" for start, end in told["missing_branches"] if not {start, end} & lines]
    if lines or branches:
        yield f"{name}: {', '.join([*map(str, sorted(lines)), *branches])}"


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
