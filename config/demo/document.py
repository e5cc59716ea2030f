"""demo.json: what the demo tells people and programs that use it. Its names are a contract."""

from contextlib import suppress
from pathlib import Path
from typing import Any

import orjson

from config.launcher.home import write_private

NAME = "demo.json"
HALF_DONE = "demo-loading.json"
"""What a first load has made so far: whoever finds demo.json finds all of it."""
Document = dict[str, Any]


def read_document(home: Path) -> Document:
    """What was written last; empty where nothing readable is there."""
    for name in (NAME, HALF_DONE):
        with suppress(OSError, orjson.JSONDecodeError):
            found = orjson.loads((home / name).read_bytes())
            return found if isinstance(found, dict) else {}
    return {}


def write_document(home: Path, document: Document) -> None:
    """Write it whole, for its owner's eyes alone; under its name once it has codes."""
    text = orjson.dumps(document, option=orjson.OPT_INDENT_2).decode() + "\n"
    if not document.get("codes"):
        write_private(home / HALF_DONE, text)
        return
    write_private(home / NAME, text)
    (home / HALF_DONE).unlink(missing_ok=True)
