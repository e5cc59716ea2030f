"""What people do with market cases: take them up, remark, close, and go on with a closed one."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from codes.models import CaseRemark, MarketCase
from codes.services.case_findings import lock_subjects, subject_of
from core import audit
from core.errors import Conflict, Invalid, NotFound
from stores.models import Brand, User

State = MarketCase.State
LONGEST_REMARK = 1_000


class CaseClosed(Conflict):
    code = "case_closed"
    title = gettext_lazy("The case is closed. Reopen it to go on.")


class CaseNotClosed(Conflict):
    code = "case_not_closed"
    title = gettext_lazy("A case about this is open already.")


@transaction.atomic
def assign(*, brand: Brand, case_id: int, assignee: User, actor: str, now: dt.datetime) -> MarketCase:
    """Let somebody of the brand's staff look into a case.

    Raises:
        NotFound: the brand has no such case.
        CaseClosed: it is closed.
        Invalid: the assignee is none of the brand's active staff.
    """
    case = locked_case(brand, case_id)
    if not (assignee.is_active and assignee.is_staff and assignee.brand_id == brand.pk):
        raise Invalid(fields={"assignee": [_("Somebody of the brand's staff is expected.")]})
    before = {"state": case.state, "assignee": case.assignee.get_username() if case.assignee else None}
    case.state, case.assignee = State.LOOKING, assignee
    case.save(update_fields=["state", "assignee"])
    after = {"state": case.state, "assignee": assignee.get_username()}
    record("market_case.assigned", case, before=before, after=after, actor=actor, at=now)
    return case


@transaction.atomic
def remark(*, brand: Brand, case_id: int, text: str, actor: str, now: dt.datetime) -> CaseRemark:
    """Write down what was found out. Also of a closed case.

    Raises:
        NotFound: the brand has no such case.
        Invalid: no text, or more than 1,000 characters.
    """
    case = locked_case(brand, case_id, closed_too=True)
    return write_remark(case, text, actor=actor, now=now)


@transaction.atomic
def close(*, brand: Brand, case_id: int, outcome: str, text: str = "", actor: str, now: dt.datetime) -> MarketCase:
    """Close a case with its outcome, and with a remark where there is one. What happened so far counts no more.

    Raises:
        NotFound: the brand has no such case.
        CaseClosed: it is closed already.
        Invalid: no such outcome, or too long a remark.
    """
    if outcome not in MarketCase.Outcome.values:
        raise Invalid(fields={"outcome": [_("One of: %(values)s.") % {"values": ", ".join(MarketCase.Outcome.values)}]})
    case = locked_case(brand, case_id)
    if text.strip():
        write_remark(case, text, actor=actor, now=now)
    before = {"state": case.state}
    case.state, case.outcome, case.closed_at, case.closed_by = State.CLOSED, outcome, now, actor
    case.save(update_fields=["state", "outcome", "closed_at", "closed_by"])
    record("market_case.closed", case, before=before, after={"outcome": outcome}, actor=actor, at=now)
    return case


@transaction.atomic
def reopen(*, brand: Brand, case_id: int, text: str, actor: str, now: dt.datetime) -> MarketCase:
    """Go on with a closed case: a new one about the same that names it. The closed one stays as it is.

    Raises:
        NotFound: the brand has no such case.
        CaseNotClosed: a case about this is open.
        Invalid: no reason is given, or too long a one.
    """
    old = locked_case(brand, case_id, closed_too=True)
    same = MarketCase.objects.filter(brand=brand, kind=old.kind, subject=old.subject)
    if same.exclude(state=State.CLOSED).exists():
        raise CaseNotClosed
    kept = ("kind", "subject", "score", "reasons", "figures", "serial", "role", "newest_at")
    things = ("dealer_id", "shipment_id", "region_id")
    facts: dict[str, Any] = {name: getattr(old, name) for name in (*kept, *things)}
    case = MarketCase.objects.create(brand=brand, previous=old, counted_from=old.counted_from, opened_at=now, **facts)
    write_remark(case, text, actor=actor, now=now)
    record("market_case.reopened", case, before={"case": old.pk}, after={"state": case.state}, actor=actor, at=now)
    return case


def locked_case(brand: Brand, case_id: int, *, closed_too: bool = False) -> MarketCase:
    """The brand's case; nobody judges or changes it until the transaction ends.

    Raises:
        NotFound: there is none.
        CaseClosed: it is closed, and that matters.
    """
    cases = MarketCase.objects.filter(brand=brand, pk=case_id)
    found = cases.first()
    if found is None:
        raise NotFound
    lock_subjects([subject_of(found)])
    case = cases.select_for_update(of=("self",)).select_related("assignee", "brand").get()
    if case.state == State.CLOSED and not closed_too:
        raise CaseClosed
    return case


def write_remark(case: MarketCase, text: str, *, actor: str, now: dt.datetime) -> CaseRemark:
    """The row, checked.

    Raises:
        Invalid: see `remark`.
    """
    said = text.strip()
    if not 1 <= len(said) <= LONGEST_REMARK:
        raise Invalid(fields={"remark": [_("Between 1 and %(most)d characters.") % {"most": LONGEST_REMARK}]})
    return CaseRemark.objects.create(case=case, author=actor, text=said, written_at=now)


def record(
    action: str, case: MarketCase, *, before: dict[str, Any], after: dict[str, Any], actor: str, at: dt.datetime
) -> None:
    """The entry in the audit trail."""
    audit.record(
        actor=actor, action=action, subject=case, at=at, brand_slug=case.brand.slug, before=before, after=after
    )
