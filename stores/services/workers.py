"""The people of warehouses: the brand's own, and its dealers'."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from core import audit
from core.errors import NotFound
from stores.models import Brand, Dealer, User, WarehouseWorker
from stores.services.accounts import USERNAME_ONCE, Account, create_user
from stores.services.constraints import explaining
from stores.services.ownership import require_same_brand
from stores.services.people import require_named
from stores.services.person_changes import account_for


@dataclass(frozen=True, slots=True)
class WorkerDetails:
    """`dealer`: whose warehouse it is; None for the brand's own."""

    name: str
    phone: str = ""
    dealer: Dealer | None = None


def hire_worker(
    *, brand: Brand, details: WorkerDetails, account: Account | None, now: dt.datetime, actor: str
) -> WarehouseWorker:
    """Add a warehouse worker, with an account to sign in where one is given.

    Raises:
        Invalid: an empty name, another brand's dealer, a weak password.
        UsernameTaken: in use already.
    """
    check(brand, details)
    with explaining(USERNAME_ONCE):
        worker = WarehouseWorker.objects.create(
            brand=brand,
            user=create_user(brand, account),
            name=details.name,
            phone=details.phone,
            dealer=details.dealer,
        )
        note(worker, "warehouse_worker.hired", now=now, actor=actor, after=trail_of(worker))
    return worker


def change_worker(
    *,
    brand: Brand,
    worker_id: int,
    details: WorkerDetails,
    account: Account | None,
    now: dt.datetime,
    actor: str,
) -> WarehouseWorker:
    """Replace what is known of a worker; `account` is a sign-in for one who has none yet.

    Raises:
        NotFound: the brand has no such worker.
        Invalid: an empty name, another brand's dealer, a weak password.
        UsernameTaken: in use already.
        HasAccount: a second sign-in was asked for.
    """
    check(brand, details)
    with explaining(USERNAME_ONCE):
        worker = locked(brand, worker_id)
        before = trail_of(worker)
        worker.name, worker.phone, worker.dealer = details.name, details.phone, details.dealer
        worker.user = account_for(worker, brand, account)
        worker.save(update_fields=["name", "phone", "dealer", "user"])
        note(worker, "warehouse_worker.changed", now=now, actor=actor, before=before, after=trail_of(worker))
    return worker


def dismiss_worker(*, brand: Brand, worker_id: int, now: dt.datetime, actor: str) -> WarehouseWorker:
    """End a worker's work: no sign-in any more. Repeated, it does nothing. Raises NotFound."""
    return set_active(brand, worker_id, is_active=False, now=now, actor=actor)


def rehire_worker(*, brand: Brand, worker_id: int, now: dt.datetime, actor: str) -> WarehouseWorker:
    """Take a dismissed worker on again, with the old sign-in. Repeated, it does nothing. Raises NotFound."""
    return set_active(brand, worker_id, is_active=True, now=now, actor=actor)


@transaction.atomic
def set_active(brand: Brand, worker_id: int, *, is_active: bool, now: dt.datetime, actor: str) -> WarehouseWorker:
    """Switch a worker and the sign-in on or off."""
    worker = locked(brand, worker_id)
    if worker.is_active != is_active:
        User.objects.filter(warehouse_worker=worker).update(is_active=is_active)
        worker.is_active = is_active
        worker.save(update_fields=["is_active"])
        note(worker, f"warehouse_worker.{'rehired' if is_active else 'dismissed'}", now=now, actor=actor)
    return worker


def check(brand: Brand, details: WorkerDetails) -> None:
    """Refuse an empty name and another brand's dealer."""
    require_named(name=details.name)
    require_same_brand(brand, {"dealer": details.dealer})


def locked(brand: Brand, worker_id: int) -> WarehouseWorker:
    """The brand's worker, locked until the transaction ends. Raises NotFound."""
    worker = WarehouseWorker.objects.select_for_update(of=("self",)).filter(brand=brand, pk=worker_id).first()
    if worker is None:
        raise NotFound
    return worker


def trail_of(worker: WarehouseWorker) -> dict[str, Any]:
    """What the audit trail keeps of a worker."""
    return {
        "name": worker.name,
        "phone": worker.phone,
        "dealer": worker.dealer.number if worker.dealer else "",
        "username": worker.user.username if worker.user else "",
    }


def note(worker: WarehouseWorker, action: str, *, now: dt.datetime, actor: str, **states: dict[str, Any]) -> None:
    """Tell the audit trail."""
    audit.record(actor=actor, action=action, subject=worker, at=now, brand_slug=worker.brand.slug, **states)
