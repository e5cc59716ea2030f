"""What changes in the life of salespeople and store owners after they have come."""

import datetime as dt
from dataclasses import asdict

from django.db import transaction
from django.utils.translation import gettext_lazy

from core import audit
from core.errors import Conflict, NotFound
from stores.models import Brand, Salesperson, StoreOwner, User, WarehouseWorker
from stores.services.accounts import USERNAME_ONCE, Account, create_user
from stores.services.constraints import explaining
from stores.services.ownership import region_named
from stores.services.people import (
    OwnerDetails,
    SalespersonDetails,
    StaffNumberTaken,
    ends_of_wallet,
    require_named,
    sealed,
)


class HasAccount(Conflict):
    code = "has_account"
    title = gettext_lazy("This person has an account already.")


def change_salesperson(
    *,
    brand: Brand,
    salesperson_id: int,
    details: SalespersonDetails,
    account: Account | None,
    now: dt.datetime,
    actor: str,
) -> Salesperson:
    """Replace what is known of a salesperson; `account` is a sign-in for one who has none yet.

    Raises:
        NotFound: the brand has no such salesperson.
        Invalid: an empty number or name, an unknown region, a weak password.
        StaffNumberTaken, UsernameTaken: in use already.
        HasAccount: a second sign-in was asked for.
    """
    require_named(number=details.number, name=details.name)
    region = region_named(details.region_code)
    with explaining({"salesperson_number_once": StaffNumberTaken, **USERNAME_ONCE}):
        person = Salesperson.objects.select_for_update().filter(brand=brand, pk=salesperson_id).first()
        if person is None:
            raise NotFound
        before = {
            "number": person.number,
            "name": person.name,
            "region_code": person.region_id,
            "phone": person.phone,
        }
        person.number, person.name, person.phone = details.number, details.name, details.phone
        person.region, person.user = region, account_for(person, brand, account)
        person.save(update_fields=["number", "name", "phone", "region", "user"])
        audit.record(
            actor=actor,
            action="salesperson.changed",
            subject=person,
            at=now,
            brand_slug=brand.slug,
            before=before,
            after=asdict(details) | {"username": person.user.username if person.user else ""},
        )
    return person


@transaction.atomic
def rehire_salesperson(*, brand: Brand, salesperson_id: int, now: dt.datetime, actor: str) -> Salesperson:
    """Take a dismissed salesperson on again, with the old sign-in; stores and squad are given anew.

    Raises:
        NotFound: the brand has no such salesperson.
    """
    person = Salesperson.objects.select_for_update().filter(brand=brand, pk=salesperson_id).first()
    if person is None:
        raise NotFound
    if not person.is_active:
        User.objects.filter(salesperson=person).update(is_active=True)
        person.is_active = True
        person.save(update_fields=["is_active"])
        audit.record(actor=actor, action="salesperson.rehired", subject=person, at=now, brand_slug=brand.slug)
    return person


def change_owner(
    *, brand: Brand, owner_id: int, details: OwnerDetails, account: Account | None, now: dt.datetime, actor: str
) -> StoreOwner:
    """Replace what is known of an owner; from now on it is paid to the wallet in `details`.

    The audit trail keeps but the last four characters of a wallet. `account` is a sign-in for one who has none yet.

    Raises:
        NotFound: the brand has no such owner.
        Invalid: an empty name, a weak password.
        UsernameTaken: in use already.
        HasAccount: a second sign-in was asked for.
    """
    require_named(name=details.name)
    with explaining(USERNAME_ONCE):
        owner = StoreOwner.objects.select_for_update().filter(brand=brand, pk=owner_id).first()
        if owner is None:
            raise NotFound
        before = trail_of(owner)
        owner.name, owner.phone, owner.wallet = details.name, details.phone, sealed(details).wallet
        owner.user = account_for(owner, brand, account)
        owner.save(update_fields=["name", "phone", "wallet", "user"])
        audit.record(
            actor=actor,
            action="store_owner.changed",
            subject=owner,
            at=now,
            brand_slug=brand.slug,
            before=before,
            after=trail_of(owner),
        )
    return owner


def trail_of(owner: StoreOwner) -> dict[str, str]:
    """What the audit trail may keep of an owner."""
    return {"name": owner.name, "phone": owner.phone, "wallet_ends": ends_of_wallet(owner)}


def account_for(
    person: Salesperson | StoreOwner | WarehouseWorker, brand: Brand, account: Account | None
) -> User | None:
    """The person's sign-in: the one that there is, or the new one.

    Raises:
        HasAccount: there would be two.
    """
    if account is None:
        return person.user
    if person.user is not None:
        raise HasAccount
    return create_user(brand, account)
