"""Orders of codes: placed, reviewed by a second person, released; or cancelled.

Every step may be repeated: a step that was taken already answers the order as it is. An impossible step is refused
by `OrderState`. The step and its audit entry are one transaction.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from codes.ciphers import code_cipher
from codes.formats.code_text import Role
from codes.models import Batch, CodeOrder, PrintFile, Roll, Span
from codes.models.order import LAST_SERIAL
from codes.services.holds import HOLDS, inherit_holds, lock_batch
from codes.services.locking import lock_order
from core import audit
from core.errors import Conflict, Forbidden, Invalid, NotFound
from stores.models import Brand

State = CodeOrder.State

# One statement takes the whole block, and makes the counter's row where it is not there yet.
TAKE_BLOCK = """
INSERT INTO codes_serialcounter AS counter (id, next_serial) VALUES (1, 1 + %(quantity)s)
ON CONFLICT (id) DO UPDATE SET next_serial = counter.next_serial + %(quantity)s
WHERE counter.next_serial + %(quantity)s <= %(end)s
RETURNING counter.next_serial - %(quantity)s
"""


class OrderState(Conflict):
    code = "order_state"
    title = gettext_lazy("The order's state does not allow this step.")


class SecondPerson(Forbidden):
    code = "second_person_needed"
    title = gettext_lazy("An order is reviewed by somebody other than who placed it.")


@dataclass(frozen=True, slots=True)
class Step:
    """A step of an order: from which states it can be taken, and in which states it was taken already."""

    action: str
    sources: frozenset[str]
    target: str
    taken: frozenset[str]


REVIEW = Step("review", frozenset({State.DRAFT}), State.REVIEWED, frozenset({"reviewed", "released", "exported"}))
RELEASE = Step("release", frozenset({State.REVIEWED}), State.RELEASED, frozenset({"released", "exported"}))
EXPORT = Step("export", frozenset({State.RELEASED}), State.EXPORTED, frozenset({"exported"}))
CANCEL = Step("cancel", frozenset({"draft", "reviewed", "released"}), State.CANCELLED, frozenset({"cancelled"}))


def place_order(
    *, brand: Brand, batch: Batch, roles: Sequence[Role], quantity: int, actor: str, now: dt.datetime
) -> CodeOrder:
    """Order codes for `quantity` units of a batch, each with one mark per role; takes their serial block.

    Raises:
        NotFound: the batch is another brand's.
        Invalid: roles that are none, doubled or of several levels; a quantity below 1 or above the serials left.
    """
    if batch.product.brand_id != brand.pk:
        raise NotFound
    level = level_of(roles)
    check_quantity(quantity)
    with transaction.atomic():
        lock_batch(batch.pk)
        first = take_block(quantity)
        order = CodeOrder.objects.create(
            brand=brand,
            batch=batch,
            level=level,
            roles=[int(role) for role in roles],
            quantity=quantity,
            serials=(first, first + quantity),
            key_version=code_cipher().issuing_version,
            created_by=actor,
            created_at=now,
        )
        order.refresh_from_db(fields=["serials"])
        inherit_holds(order, now=now)
        audit.record(
            actor=actor, action="order.place", subject=order, at=now, brand_slug=brand.slug, after=facts_of(order)
        )
    return order


def review_order(*, order_id: int, brand: Brand, actor: str, now: dt.datetime) -> CodeOrder:
    """A second person has looked at the order. Raises NotFound, OrderState, SecondPerson."""
    with transaction.atomic():
        order = lock_order(order_id, brand)
        if order.state == State.DRAFT and order.created_by == actor:
            raise SecondPerson
        order.reviewed_by, order.reviewed_at = order.reviewed_by or actor, order.reviewed_at or now
        return take(REVIEW, order, actor=actor, now=now)


def release_order(*, order_id: int, brand: Brand, actor: str, now: dt.datetime) -> CodeOrder:
    """The order may be printed and activated from now on. Raises NotFound, OrderState."""
    with transaction.atomic():
        order = lock_order(order_id, brand)
        order.released_at = order.released_at or now
        return take(RELEASE, order, actor=actor, now=now)


def mark_exported(*, order_id: int, brand: Brand, actor: str, now: dt.datetime) -> CodeOrder:
    """The order's codes have left the house. Raises NotFound, OrderState."""
    with transaction.atomic():
        order = lock_order(order_id, brand)
        order.exported_at = order.exported_at or now
        return take(EXPORT, order, actor=actor, now=now)


def cancel_order(*, order_id: int, brand: Brand, actor: str, now: dt.datetime) -> CodeOrder:
    """The order comes to nothing; its serials are never used again.

    Raises:
        NotFound: there is no such order.
        OrderState: its codes have left the house, or some of them are under a statement (see `statements_in_the_way`).
    """
    with transaction.atomic():
        order = lock_order(order_id, brand)
        if order.state != State.CANCELLED and statements_in_the_way(order).exists():
            message = _("Some of its codes are activated or voided, or frozen or recalled other than with the batch.")
            raise OrderState(message, state=order.state)
        files = PrintFile.objects.filter(files_with_codes_of(order), state__in=["waiting", "writing"])
        files.update(state="failed", fault="Order cancelled.")
        return take(CANCEL, order, actor=actor, now=now)


def statements_in_the_way(order: CodeOrder) -> QuerySet[Span]:
    """Unrevoked statements that somebody relies on: all but a freeze or recall of the whole batch.

    That one is of the goods, not of this order, which may have been placed after it; it stays said of the order.
    """
    return order.spans.filter(revoked_at__isnull=True).exclude(batch__isnull=False, kind__in=HOLDS)


def files_with_codes_of(order: CodeOrder) -> Q:
    """The condition on print files that hold codes of an order: its own, and rolls that it gives cases or pallets."""
    rolls = Roll.objects.filter(Q(case_order=order) | Q(pallet_order=order))
    return Q(order=order) | Q(pk__in=rolls.values("file_id"))


def take(step: Step, order: CodeOrder, *, actor: str, now: dt.datetime) -> CodeOrder:
    """Take a step of a locked order, or answer it unchanged where the step was taken before."""
    if order.state in step.taken:
        order.refresh_from_db(fields=["reviewed_by", "reviewed_at", "released_at", "exported_at"])
        return order
    if order.state not in step.sources:
        raise OrderState(
            _("The order is in state %(state)s; this step needs %(needed)s.")
            % {"state": order.state, "needed": ", ".join(sorted(step.sources))},
            state=order.state,
        )
    before, order.state = order.state, step.target
    order.save(update_fields=["state", "reviewed_by", "reviewed_at", "released_at", "exported_at"])
    audit.record(
        actor=actor,
        action=f"order.{step.action}",
        subject=order,
        at=now,
        brand_slug=order.brand.slug,
        before={"state": before},
        after={"state": order.state},
    )
    return order


def level_of(roles: Sequence[Role]) -> str:
    """The one level that all roles are of."""
    known = ", ".join(role.slug for role in Role)
    if not roles or len(set(roles)) != len(roles):
        message = _("Give at least one role, and each but once. Roles are: %(known)s.")
        raise Invalid(fields={"roles": [message % {"known": known}]})
    levels = {role.level for role in roles}
    if len(levels) > 1:
        message = _("All roles of an order are of one level (item, case or pallet); these are of %(levels)s.")
        raise Invalid(fields={"roles": [message % {"levels": ", ".join(sorted(levels))}]})
    return str(levels.pop())


def check_quantity(quantity: int) -> None:
    """Refuse what no counter could ever give."""
    if not 1 <= quantity <= LAST_SERIAL:
        message = _("%(quantity)d units can't be ordered: order 1 to %(most)d.")
        raise Invalid(fields={"quantity": [message % {"quantity": quantity, "most": LAST_SERIAL}]})


def take_block(quantity: int) -> int:
    """First serial of a block of `quantity` serials, taken for good by one statement."""
    with connection.cursor() as cursor:
        cursor.execute(TAKE_BLOCK, {"quantity": quantity, "end": LAST_SERIAL + 1})
        row = cursor.fetchone()
        if row is not None:
            return int(row[0])
        cursor.execute("SELECT %s - next_serial FROM codes_serialcounter", [LAST_SERIAL + 1])
        left = int(cursor.fetchone()[0])
    message = _("%(quantity)d units are more than the serials left: order at most %(left)d.")
    raise Invalid(fields={"quantity": [message % {"quantity": quantity, "left": left}]})


def facts_of(order: CodeOrder) -> dict[str, object]:
    """An order for the audit trail."""
    return {
        "state": order.state,
        "batch": order.batch_id,
        "roles": [Role(number).slug for number in order.roles],
        "quantity": order.quantity,
        "serials": [order.first_serial, order.last_serial],
        "key_version": order.key_version,
    }
