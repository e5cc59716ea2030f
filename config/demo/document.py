"""demo.json: what the demo tells people and programs that use it. Its names are a contract."""

from pathlib import Path
from typing import Any

import orjson

from config.launcher.home import write_private

NAME = "demo.json"
Document = dict[str, Any]


def read_document(home: Path) -> Document:
    """What was written last; empty where nothing readable is there."""
    try:
        found = orjson.loads((home / NAME).read_bytes())
    except (OSError, orjson.JSONDecodeError):
        return {}
    return found if isinstance(found, dict) else {}


def write_document(home: Path, document: Document) -> None:
    """Write it whole, for its owner's eyes alone."""
    write_private(home / NAME, orjson.dumps(document, option=orjson.OPT_INDENT_2).decode() + "\n")
