"""An order straight into a print file, for an operator at the server: placed, reviewed, released, written, handed over.

The operator's two hands have two names, PLACER and REVIEWER, so that the rule of the second person holds in form; in
substance whoever may run commands on the server may do anything, and the audit trail says that it was done this way.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import structlog
from django.conf import settings
from django.db import DatabaseError, transaction

from codes.ciphers import code_cipher
from codes.formats.code_text import Role
from codes.formats.digital_link import short_prefix
from codes.models import CodeOrder
from codes.printing.print_file import PrintFileSummary, write_print_file
from codes.services import parts
from codes.services.ordering import cancel_order, mark_exported, place_order, release_order, review_order
from codes.services.products import BatchFacts, batch_for
from codes.services.rekeying import KeyWithdrawn
from codes.services.runs import run_of
from codes.services.spans import activate
from core import audit
from core.errors import Invalid
from stores.models import Brand

PLACER = "system:issue_codes"
REVIEWER = "system:issue_codes-review"

log = structlog.get_logger(__name__)
Clock = Callable[[], dt.datetime]
Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Issue:
    """What is to be issued: of the brand's product under `gtin`, in a lot that is made unless it is there."""

    brand: Brand
    gtin: str
    lot: str
    roles: tuple[Role, ...]
    quantity: int
    is_activated: bool


@dataclass(frozen=True, slots=True)
class Issued:
    """The order, and the file that was written for it."""

    order: CodeOrder
    file: PrintFileSummary


def issue_to_file(*, issue: Issue, output: Path, clock: Clock, on_progress: Progress | None = None) -> Issued:
    """Place an order and write its print file to `output` (replaced if it is there; mode 0600).

    The file appears under its name only when it is whole. If anything goes wrong before, no file is left and the
    order is cancelled; its serials are not used again. `on_progress` is told the number of rows written.

    Raises:
        Invalid: what was asked for, or an output that is there and is no file.
        KeyWithdrawn: the key was withdrawn meanwhile.
        OSError: the file can't be written.
    """
    if output.exists() and not output.is_file():
        raise Invalid(fields={"output": [f"{output} is not a file."]})
    part = lying = parts.part_of(output)
    order: CodeOrder | None = None
    out = parts.open_part(part)
    try:
        with out:
            out.truncate(0)
            order = released_order(issue, now=clock())
            summary = write_whole(out, order, on_progress)
        with transaction.atomic():
            hand_over(order, summary, output, now=clock())
            parts.complete(part, output)
            lying = output
    except BaseException:
        parts.discard(lying)
        if order is not None:
            give_up(order, now=clock())
        raise
    if issue.is_activated:
        activate(brand=order.brand, order_id=order.pk, serials=None, actor=PLACER, now=clock())
    return Issued(order, summary)


def released_order(issue: Issue, *, now: dt.datetime) -> CodeOrder:
    """A new order on its way as far as released, and its batch; all steps or none."""
    brand = issue.brand
    with transaction.atomic():
        batch = batch_for(brand=brand, gtin=issue.gtin, facts=BatchFacts(lot=issue.lot), actor=PLACER, now=now)
        order = place_order(brand=brand, batch=batch, roles=issue.roles, quantity=issue.quantity, actor=PLACER, now=now)
        review_order(order_id=order.pk, brand=brand, actor=REVIEWER, now=now)
        return release_order(order_id=order.pk, brand=brand, actor=PLACER, now=now)


def write_whole(out: BinaryIO, order: CodeOrder, on_progress: Progress | None) -> PrintFileSummary:
    """All marks of the order, on the disk."""
    run = run_of(order, (order.first_serial, order.last_serial + 1), short_prefix(settings.PUBLIC_URL))
    summary = write_print_file(out=out, cipher=code_cipher(), run=run, on_progress=on_progress)
    parts.keep(out)
    return summary


def hand_over(order: CodeOrder, summary: PrintFileSummary, output: Path, *, now: dt.datetime) -> None:
    """The order's codes leave the house: in which file, by its hash.

    Raises:
        KeyWithdrawn: the order has got another key since the file was begun, so its codes are none of the order's.
    """
    present = mark_exported(order_id=order.pk, brand=order.brand, actor=PLACER, now=now)
    if present.key_version != order.key_version:
        raise KeyWithdrawn
    audit.record(
        actor=PLACER,
        action="order.hand_over",
        subject=order,
        at=now,
        brand_slug=order.brand.slug,
        after={"file": output.name, "rows": summary.rows, "sha256": summary.sha256},
    )


def give_up(order: CodeOrder, *, now: dt.datetime) -> None:
    """Cancel an order whose file was not written. A lost database leaves it released, and none of its codes good."""
    try:
        cancel_order(order_id=order.pk, brand=order.brand, actor=PLACER, now=now)
    except DatabaseError as error:
        log.warning("an order without a file was not cancelled", order=order.pk, fault=str(error))
