"""JSON as providers send it. Total: whatever comes, something is made of it."""

import json
import re
from typing import Any

CODE = re.compile(r"[A-Za-z0-9_.-]{2,64}")


def document_of(body: bytes | str) -> dict[str, Any]:
    """The body as JSON object; empty where it is none."""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return document if isinstance(document, dict) else {}


def code_of(value: object, otherwise: str) -> str:
    """A code as the provider gave it; `otherwise` where that is none."""
    return value if isinstance(value, str) and CODE.fullmatch(value) else otherwise
