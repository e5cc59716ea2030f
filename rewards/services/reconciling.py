"""Runs of the reconciliation are kept, and what people make of its differences. Nothing is mended silently."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from core import audit
from core.errors import Invalid, NotFound
from rewards.models import BillDifference, DifferenceRemark, Payout, Reconciliation
from rewards.providers.comparison import Difference
from rewards.providers.interface import Provider
from rewards.refusals import WorkedOff
from rewards.selectors.reconciliation import compare_day, portions
from stores.models import Brand

LONGEST = 200


@dataclass(frozen=True, slots=True)
class Run:
    """A run as it was kept, and all that it found, known differences included."""

    kept: Reconciliation
    differences: Sequence[Difference]


def run_reconciliation(*, bank: Provider, day: dt.date, actor: str, now: dt.datetime) -> Run:
    """Compare the bank's bill list of `day` with our payouts, and keep what was found.

    No transaction may be open around it, since it calls the provider. A difference that an earlier run of the day
    found is not written again: its remarks stay with it. May raise what the provider raises; nothing is kept then.
    """
    compared = compare_day(bank=bank, day=day)
    with transaction.atomic():
        run = Reconciliation.objects.create(
            provider=bank.name,
            day=day,
            lines=compared.lines,
            found=len(compared.differences),
            ran_by=actor,
            ran_at=now,
        )
        keep(run, compared.differences)
        audit.record(
            actor=actor,
            action="reconciliation.ran",
            subject=run,
            at=now,
            after={"provider": run.provider, "day": day.isoformat(), "lines": run.lines, "found": run.found},
        )
    return Run(run, compared.differences)


def keep(run: Reconciliation, differences: Sequence[Difference]) -> None:
    """The work list's rows, each with the bill of ours that it is about."""
    own: dict[str, tuple[UUID, int]] = {}
    for portion in portions(sorted({difference.bill_no for difference in differences})):
        bills = Payout.objects.filter(provider=run.provider, bill_no__in=portion)
        own |= {number: (pk, brand) for number, pk, brand in bills.values_list("bill_no", "pk", "brand_id")}
    BillDifference.objects.bulk_create(
        [
            BillDifference(
                run=run,
                provider=run.provider,
                day=run.day,
                kind=difference.kind,
                bill_no=difference.bill_no[:64],
                payout_id=own.get(difference.bill_no, (None, None))[0],
                brand_id=own.get(difference.bill_no, (None, None))[1],
                ours=difference.ours[:LONGEST],
                theirs=difference.theirs[:LONGEST],
            )
            for difference in differences
        ],
        ignore_conflicts=True,
    )


@transaction.atomic
def remark_difference(
    *, difference_id: int, brand: Brand | None, text: str, outcome: str, actor: str, now: dt.datetime
) -> DifferenceRemark:
    """Say something about a difference; with an `outcome` it is worked off. `brand` None: the platform's own people.

    Raises:
        NotFound: the brand has no such difference.
        WorkedOff: it has its outcome already.
        Invalid: nothing was said.
    """
    rows = BillDifference.objects.filter(pk=difference_id).select_for_update(of=("self",))
    difference = (rows if brand is None else rows.filter(brand=brand)).select_related("brand").first()
    if difference is None:
        raise NotFound
    if difference.remarks.exclude(outcome="").exists():
        raise WorkedOff
    if not text.strip():
        raise Invalid(fields={"text": [_("Say in a few words what you found out.")]})
    remark = DifferenceRemark.objects.create(
        difference=difference, outcome=outcome, text=text.strip(), written_by=actor, written_at=now
    )
    audit.record(
        actor=actor,
        action="difference.worked_off" if outcome else "difference.remarked",
        subject=difference,
        at=now,
        brand_slug=difference.brand.slug if difference.brand else "",
        after={"bill_no": difference.bill_no, "kind": difference.kind, "outcome": outcome, "text": remark.text},
    )
    return remark
