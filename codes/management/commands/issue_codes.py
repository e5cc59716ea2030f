"""Issue an order of codes straight into a print file."""

import signal
import sys
import threading
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

from django.core.management.base import CommandError
from django.utils.translation import override
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

from codes.formats.code_text import Role
from codes.services import issuing
from codes.services.ordering import check_quantity, level_of
from core import clock
from core.commands import OneLineCommand
from core.errors import Invalid
from core.json import dumps
from stores.models import Brand


class Command(OneLineCommand):
    """The last line is one JSON object; a refusal is one line on stderr and exit code 1, and leaves no file."""

    help = "Issue one order of codes to a print file (CSV: serial, role, code, url)."

    requires_system_checks = []
    """None: the checks would load every page and endpoint, which takes longer than the work."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        slugs = ", ".join(role.slug for role in Role)
        parser.add_argument("--brand", required=True, help="slug of the brand")
        parser.add_argument("--gtin", required=True, help="GTIN of a product of the brand")
        parser.add_argument("--lot", required=True, help="lot of the batch; it is made unless it is there")
        parser.add_argument("--quantity", required=True, type=int, help="units; each gets one code per role")
        parser.add_argument(
            "--roles", nargs="+", default=["item_outer,item_inner"], help=f"of one level, of {slugs} [both of item]"
        )
        parser.add_argument("--activate", action="store_true", help="activate the whole order at once")
        parser.add_argument("--output", required=True, type=Path, help="the print file; replaced if it is there")

    def handle(self, **options: Any) -> None:
        """Issue, and say what was issued."""
        started = time.monotonic()
        with override("en"), stop_on_sigterm(), faults_of_the_file():
            issue = issue_of(options)
            with progress_of(issue.quantity * len(issue.roles)) as on_progress:
                issued = issuing.issue_to_file(
                    issue=issue, output=options["output"].absolute(), clock=clock.now, on_progress=on_progress
                )
        facts = {
            "order": issued.order.pk,
            "first_serial": issued.order.first_serial,
            "last_serial": issued.order.last_serial,
            "rows": issued.file.rows,
            "seconds": round(time.monotonic() - started, 3),
            "sha256": issued.file.sha256,
        }
        self.stdout.write(dumps(facts).decode())


def issue_of(options: dict[str, Any]) -> issuing.Issue:
    """What the options ask for. Raises Invalid."""
    brand = Brand.objects.filter(slug=options["brand"]).first()
    if brand is None:
        raise Invalid(fields={"brand": [f"There is no brand {options['brand']}."]})
    roles = roles_of(options["roles"])
    level_of(roles)
    check_quantity(options["quantity"])
    return issuing.Issue(brand, options["gtin"], options["lot"], roles, options["quantity"], options["activate"])


def roles_of(words: list[str]) -> tuple[Role, ...]:
    """Roles from slugs, separated by commas or blanks. Raises Invalid."""
    slugs = [slug for word in words for slug in word.split(",") if slug]
    try:
        return tuple(Role.from_slug(slug) for slug in slugs)
    except KeyError as error:
        known = ", ".join(role.slug for role in Role)
        raise Invalid(fields={"roles": [f"There is no role {error.args[0]}; roles are {known}."]}) from error


@contextmanager
def faults_of_the_file() -> Iterator[None]:
    """Say of a fault of the disk that it is the print file's."""
    try:
        yield
    except OSError as error:
        raise CommandError(f"The print file can't be written: {error.strerror or error}.") from error


@contextmanager
def stop_on_sigterm() -> Iterator[None]:
    """While it lasts, SIGTERM is an exception, so that the half-written file is cleared away."""

    def stop(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - the signature of a handler
        raise SystemExit(128 + number)

    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread may set handlers
        return
    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def progress_of(rows: int) -> Iterator[issuing.Progress | None]:
    """A progress bar on a terminal; nothing where nobody looks."""
    if not sys.stderr.isatty():
        yield None
        return
    columns = ("codes", BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("", total=rows)
        yield lambda done: bar.update(task, completed=done)
