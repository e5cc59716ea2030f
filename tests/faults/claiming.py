"""A process of people who claim at once, each by direct calls of the service on a connection of their own."""

import datetime as dt
import json
import sys
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import UUID

from django.db import connection

from codes.models import Scan
from consumers.models import Consumer
from core.errors import Problem, Unavailable
from rewards.services.claims import open_claim
from tests.faults.processes import Process

START = "import django; django.setup(); from tests.faults.claiming import main; main()"


def claiming_process(folder: Path, number: int, scans: Sequence[UUID], *, people: int, now: dt.datetime) -> Process:
    """Start a process that claims all of `scans`; `answers_of` tells what it was answered."""
    told = {"scans": [str(scan) for scan in scans], "people": people, "now": now.isoformat()}
    work = folder / f"claims-{number}.json"
    work.write_text(json.dumps(told))
    return Process(("-c", START, str(work)), folder / f"claims-{number}.log", DJANGO_SETTINGS_MODULE="tests.settings")


def answers_of(process: Process, *, patience: float) -> Counter[str]:
    """How often each answer came, once the process has ended."""
    status = process.running.wait(timeout=patience)
    text = process.log.read_text()
    assert status == 0, text
    return Counter(json.loads(text.splitlines()[-1]))


def main() -> None:
    """The work of the process: its file's scans, shared out among its people."""
    told = json.loads(Path(sys.argv[1]).read_text())
    now, people = dt.datetime.fromisoformat(told["now"]), told["people"]
    with ThreadPoolExecutor(people) as pool:
        shares = pool.map(lambda number: claim_each(told["scans"][number::people], now), range(people))
        answers = sum(shares, Counter())
    sys.stdout.write(json.dumps(answers) + "\n")


def claim_each(scans: Sequence[str], now: dt.datetime) -> Counter[str]:
    """One person's claims, one after the other."""
    answers: Counter[str] = Counter()
    for scan in Scan.objects.select_related("consumer").filter(pk__in=scans):
        assert scan.consumer is not None
        answers[answer_to(scan, scan.consumer, now)] += 1
    connection.close()
    return answers


def answer_to(scan: Scan, consumer: Consumer, now: dt.datetime) -> str:
    """What one claim is answered; where a part of ours is too busy to say, the person taps again."""
    while True:
        try:
            open_claim(scan_id=scan.pk, consumer=consumer, visitor="", now=now)
        except Unavailable:
            continue
        except Problem as refusal:
            return refusal.code
        return "promised"
