"""Taking a statement back: a freeze or recall is lifted, an activation cancelled. A void is for good."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from codes.models import CodeOrder, Span
from codes.services.statements import REASON_LENGTH
from core import audit
from core.errors import Conflict, Invalid, NotFound
from stores.models import Brand


class VoidIsFinal(Conflict):
    code = "void_is_final"
    title = gettext_lazy("A void is for good. Have new codes made for these units.")


def revoke(*, brand: Brand, span_id: int, reason: str, actor: str, now: dt.datetime, together: bool = False) -> Span:
    """Take a statement back, as if it had not been made. Repeated, it answers the same.

    `together`: with all ranges that were said in the same call, such as those of a list or a batch.

    Raises:
        NotFound: the brand has no such statement.
        VoidIsFinal: it is a void.
        Invalid: no reason, or one of more than 200 characters.
    """
    why = checked_reason(reason)
    with transaction.atomic():
        span = Span.objects.filter(pk=span_id, brand=brand).first()
        if span is None:
            raise NotFound
        if span.kind == Span.Kind.VOIDED:
            raise VoidIsFinal
        meant = Span.objects.filter(call=span.call) if together else Span.objects.filter(pk=span.pk)
        orders = meant.order_by().values("order_id")
        list(CodeOrder.objects.select_for_update().filter(pk__in=orders).order_by("pk").values_list("pk", flat=True))
        live = meant.filter(revoked_at__isnull=True)
        count = live.update(revoked_by=actor, revoked_at=now, revoke_reason=why)
        span.refresh_from_db()
        if count:
            write_audit(span, count=count, actor=actor, now=now)
        return span


def checked_reason(text: str) -> str:
    """The reason without blanks around it. Raises Invalid."""
    reason = text.strip()
    if not 1 <= len(reason) <= REASON_LENGTH:
        raise Invalid(fields={"reason": [_("Say why, in 1 to %(most)d characters.") % {"most": REASON_LENGTH}]})
    return reason


def write_audit(span: Span, *, count: int, actor: str, now: dt.datetime) -> None:
    """One entry that tells the range with both ends, and how many ranges went with it."""
    audit.record(
        actor=actor,
        action="span.revoke",
        subject=span,
        at=now,
        brand_slug=span.brand.slug,
        after={
            "order": span.order_id,
            "kind": span.kind,
            "serials": [span.first_serial, span.last_serial],
            "ranges": count,
            "reason": span.revoke_reason,
        },
    )
