"""Run by a process of its own: captures what waits, and tells how much memory that took.

Usage: python -m tests.faults.capturing
"""

import datetime as dt
import json
import resource
import sys
import time

import django

django.setup()

from codes.services.epcis_capturing import capture_waiting  # noqa: E402 - Django is set up first
from core import clock  # noqa: E402


def main() -> None:
    before, begun = peak_mib(), time.process_time()
    capture_waiting(clock=clock.now, until=clock.now() + dt.timedelta(minutes=5))
    told = {"grown_mib": peak_mib() - before, "cpu_seconds": time.process_time() - begun}
    sys.stdout.write(json.dumps(told) + "\n")


def peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


main()
