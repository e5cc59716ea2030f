"""The people of the field: salespeople, squad leaders, store owners."""

import datetime as dt
from collections.abc import Collection
from dataclasses import asdict, dataclass, replace

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import audit
from core.errors import Conflict, Invalid, NotFound
from core.sealing import seal, unseal
from stores.models import Brand, Salesperson, StoreOwner, User
from stores.services.accounts import USERNAME_ONCE, Account, create_user
from stores.services.constraints import explaining
from stores.services.ownership import region_named


class StaffNumberTaken(Conflict):
    code = "staff_number_taken"
    title = gettext_lazy("Another salesperson of the brand has this number.")


@dataclass(frozen=True, slots=True)
class SalespersonDetails:
    number: str
    name: str
    region_code: str
    phone: str = ""


@dataclass(frozen=True, slots=True)
class OwnerDetails:
    """`wallet`: account at the payment provider; empty while it is unknown, and grants wait."""

    name: str
    phone: str = ""
    wallet: str = ""


def hire_salesperson(
    *, brand: Brand, details: SalespersonDetails, account: Account | None, now: dt.datetime, actor: str
) -> Salesperson:
    """Add a salesperson, with an account to sign in where one is given.

    Raises:
        Invalid: an empty number or name, an unknown region, a weak password.
        StaffNumberTaken, UsernameTaken: in use already.
    """
    require_named(number=details.number, name=details.name)
    region = region_named(details.region_code)
    with explaining({"salesperson_number_once": StaffNumberTaken, **USERNAME_ONCE}):
        person = Salesperson.objects.create(
            brand=brand,
            user=create_user(brand, account),
            number=details.number,
            name=details.name,
            phone=details.phone,
            region=region,
        )
        audit.record(
            actor=actor,
            action="salesperson.hired",
            subject=person,
            at=now,
            brand_slug=brand.slug,
            after=asdict(details) | {"username": account.username if account else ""},
        )
    return person


@transaction.atomic
def appoint_squad_leader(
    *, brand: Brand, leader_id: int, squad_ids: Collection[int], now: dt.datetime, actor: str
) -> Salesperson:
    """Make a salesperson the leader of exactly these: others of the former squad lose their leader.

    Raises:
        NotFound: somebody is not an active salesperson of the brand.
        Invalid: the leader would lead himself, directly or through his own leader.
    """
    people = active_people(brand, {leader_id, *squad_ids})
    leader = people[leader_id]
    if leader_id in squad_ids or leads(squad_ids, leader):
        raise Invalid(fields={"squad": [_("Nobody can lead himself, nor his own leader.")]})
    before = sorted(leader.squad.values_list("pk", flat=True))
    leader.squad.exclude(pk__in=squad_ids).update(leader=None)
    Salesperson.objects.filter(pk__in=squad_ids).update(leader=leader)
    leader.is_squad_leader = True
    leader.save(update_fields=["is_squad_leader"])
    audit.record(
        actor=actor,
        action="salesperson.appointed_leader",
        subject=leader,
        at=now,
        brand_slug=brand.slug,
        before={"squad": before},
        after={"squad": sorted(squad_ids)},
    )
    return leader


@transaction.atomic
def dismiss_salesperson(*, brand: Brand, salesperson_id: int, now: dt.datetime, actor: str) -> Salesperson:
    """End a salesperson's work: no sign-in, no squad; stores and squad go without until they are given to another.

    Raises:
        NotFound: no active salesperson of the brand.
    """
    person = active_people(brand, {salesperson_id})[salesperson_id]
    stores = sorted(person.stores.values_list("pk", flat=True))
    person.stores.update(salesperson=None)
    person.squad.update(leader=None)
    User.objects.filter(salesperson=person).update(is_active=False)
    person.is_active, person.is_squad_leader, person.leader = False, False, None
    person.save(update_fields=["is_active", "is_squad_leader", "leader"])
    audit.record(
        actor=actor,
        action="salesperson.dismissed",
        subject=person,
        at=now,
        brand_slug=brand.slug,
        before={"stores": stores},
    )
    return person


def register_owner(
    *, brand: Brand, details: OwnerDetails, account: Account | None, now: dt.datetime, actor: str
) -> StoreOwner:
    """Add a store owner, with an account to sign in where one is given.

    Raises:
        Invalid: an empty name, a weak password.
        UsernameTaken: in use already.
    """
    require_named(name=details.name)
    with explaining(USERNAME_ONCE):
        owner = StoreOwner.objects.create(brand=brand, user=create_user(brand, account), **asdict(sealed(details)))
        audit.record(
            actor=actor,
            action="store_owner.registered",
            subject=owner,
            at=now,
            brand_slug=brand.slug,
            after={"name": details.name, "has_wallet": bool(details.wallet)},
        )
    return owner


@transaction.atomic
def change_wallet(*, brand: Brand, owner_id: int, wallet: str, now: dt.datetime, actor: str) -> StoreOwner:
    """Have the owner paid to another account from now on. The audit trail keeps but the last four characters.

    Raises:
        NotFound: the brand has no such owner.
    """
    owner = StoreOwner.objects.select_for_update().filter(brand=brand, pk=owner_id).first()
    if owner is None:
        raise NotFound
    before, owner.wallet = ends_of_wallet(owner), seal(wallet) if wallet else ""
    owner.save(update_fields=["wallet"])
    audit.record(
        actor=actor,
        action="store_owner.wallet_changed",
        subject=owner,
        at=now,
        brand_slug=brand.slug,
        before={"wallet_ends": before},
        after={"wallet_ends": ends_of_wallet(owner)},
    )
    return owner


def sealed(details: OwnerDetails) -> OwnerDetails:
    """With the wallet as the database keeps it."""
    return replace(details, wallet=seal(details.wallet) if details.wallet else "")


def ends_of_wallet(owner: StoreOwner) -> str:
    """What the audit trail may keep of it: its last four characters."""
    return unseal(owner.wallet)[-4:]


def active_people(brand: Brand, ids: Collection[int]) -> dict[int, Salesperson]:
    """The brand's active salespeople of these ids, locked in one order.

    Raises:
        NotFound: one is missing.
    """
    rows = Salesperson.objects.select_for_update().filter(brand=brand, is_active=True, pk__in=ids).order_by("pk")
    people = {person.pk: person for person in rows}
    if len(people) != len(set(ids)):
        raise NotFound
    return people


def leads(squad_ids: Collection[int], person: Salesperson) -> bool:
    """Whether one of `squad_ids` stands above `person`."""
    above, seen = person.leader, {person.pk}
    while above is not None and above.pk not in seen:
        if above.pk in squad_ids:
            return True
        seen.add(above.pk)
        above = above.leader
    return False


def require_named(**values: str) -> None:
    """Refuse empty values.

    Raises:
        Invalid: `fields` names them.
    """
    empty = {name: [_("This must not be empty.")] for name, value in values.items() if not value.strip()}
    if empty:
        raise Invalid(fields=empty)
