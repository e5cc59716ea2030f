"""GS1's own example documents (github.com/gs1/EPCIS), unchanged; see codes/epcis/gs1/NOTICE.md."""

import json
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "data" / "epcis"
NAMES = sorted(str(path.relative_to(FOLDER)) for path in FOLDER.rglob("*.jsonld"))


def example(name):
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))


def events_of(document):
    body = document["epcisBody"]
    return body["eventList"] if "eventList" in body else body["queryResults"]["resultsBody"]["eventList"]
