"""Accounts of staff and their rights. Nobody raises the own rights, or gives what he has not himself."""

import datetime as dt
from collections.abc import Collection
from dataclasses import asdict, dataclass, replace
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.utils.translation import gettext_lazy

from core import audit
from core.errors import Forbidden, NotFound
from stores.models import Brand, User
from stores.selectors.rights import governs, grantable_groups, sees_all_brands
from stores.services.accounts import USERNAME_ONCE
from stores.services.constraints import explaining


class RightsNotYours(Forbidden):
    code = "rights_not_yours"
    title = gettext_lazy("You can't give rights that you don't have, nor change your own.")


@dataclass(frozen=True, slots=True)
class StaffDetails:
    """An account and what it may do. `group_ids` and `permission_ids` are of django.contrib.auth."""

    username: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    is_staff: bool = False
    is_active: bool = True
    is_superuser: bool = False
    group_ids: frozenset[int] = frozenset()
    permission_ids: frozenset[int] = frozenset()


RIGHTS = ("is_staff", "is_active", "is_superuser", "group_ids", "permission_ids")
WRITTEN = ("username", "first_name", "last_name", "email", "is_staff", "is_active", "is_superuser")


def add_staff(*, by: User, brand: Brand | None, details: StaffDetails, password: str | None, now: dt.datetime) -> User:
    """An account of the brand (None: of the platform); without a password nobody can sign in until one is set.

    Raises:
        RightsNotYours: another brand's, or with rights that `by` does not have.
        UsernameTaken: usernames are unique over all brands.
    """
    none = StaffDetails(username="")
    if not sees_all_brands(by) and (brand is None or by.brand_id != brand.pk):
        raise RightsNotYours
    require_own_rights(by, none, details)
    with explaining(USERNAME_ONCE):
        user = User(brand=brand, **{name: getattr(details, name) for name in WRITTEN})
        user.set_password(password)
        user.save()
        user.groups.set(details.group_ids)
        user.user_permissions.set(details.permission_ids)
        note(user, "user.added", by=by, now=now, after=readable(details))
    return user


def change_staff(*, by: User, user_id: int, details: StaffDetails, now: dt.datetime) -> User:
    """Replace what is known of an account, and its rights.

    Raises:
        NotFound: there is no such account, or not in the brand of `by`.
        RightsNotYours: one with more rights than `by`, rights that `by` does not have, or the own rights.
        UsernameTaken: usernames are unique over all brands.
    """
    with explaining(USERNAME_ONCE):
        user = locked_account(by, user_id)
        before = details_of(user)
        require_own_rights(by, before, details)
        if user.pk == by.pk and any(getattr(before, name) != getattr(details, name) for name in RIGHTS):
            raise RightsNotYours
        for name in WRITTEN:
            setattr(user, name, getattr(details, name))
        user.save(update_fields=WRITTEN)
        user.groups.set(details.group_ids)
        user.user_permissions.set(details.permission_ids)
        note(user, "user.changed", by=by, now=now, before=readable(before), after=readable(details))
    return user


@transaction.atomic
def set_password(*, by: User, user_id: int, password: str | None, now: dt.datetime) -> User:
    """Give an account another password; None: nobody signs in with one any more.

    Raises:
        NotFound: there is no such account, or not in the brand of `by`.
        RightsNotYours: it has more rights than `by`.
    """
    user = locked_account(by, user_id)
    user.set_password(password)
    user.save(update_fields=["password"])
    note(user, "user.password_set", by=by, now=now)
    return user


def details_of(user: User) -> StaffDetails:
    """An account as it is now."""
    return StaffDetails(
        **{name: getattr(user, name) for name in WRITTEN},
        group_ids=frozenset(user.groups.values_list("pk", flat=True)),
        permission_ids=frozenset(user.user_permissions.values_list("pk", flat=True)),
    )


def locked_account(by: User, user_id: int) -> User:
    """The account, locked until the transaction ends.

    Raises:
        NotFound, RightsNotYours: see `change_staff`.
    """
    accounts = User.objects.select_for_update(of=("self",))
    if not sees_all_brands(by):
        accounts = accounts.filter(brand=by.brand) if by.brand else accounts.none()
    user = accounts.filter(pk=user_id).first()
    if user is None:
        raise NotFound
    if not governs(by, user):
        raise RightsNotYours
    return user


def require_own_rights(by: User, before: StaffDetails, after: StaffDetails) -> None:
    """Refuse what `by` can't give.

    Raises:
        RightsNotYours: a group or right that `by` does not have; only the platform makes superusers and gives
            single rights.
    """
    if sees_all_brands(by):
        return
    alike = replace(after, is_superuser=before.is_superuser, permission_ids=before.permission_ids)
    if alike != after or not holds_all(by, after.group_ids - before.group_ids):
        raise RightsNotYours


def holds_all(by: User, group_ids: Collection[int]) -> bool:
    """Whether `by` has every right of these groups."""
    return grantable_groups(by).filter(pk__in=group_ids).count() == len(group_ids)


def readable(details: StaffDetails) -> dict[str, Any]:
    """JSON-ready, groups and rights by their names."""
    groups = Group.objects.filter(pk__in=details.group_ids).order_by("name")
    rights = Permission.objects.filter(pk__in=details.permission_ids).order_by("codename")
    return asdict(replace(details, group_ids=frozenset(), permission_ids=frozenset())) | {
        "group_ids": list(groups.values_list("name", flat=True)),
        "permission_ids": list(rights.values_list("codename", flat=True)),
    }


def note(user: User, action: str, *, by: User, now: dt.datetime, **states: dict[str, Any]) -> None:
    """Tell the audit trail."""
    slug = user.brand.slug if user.brand else ""
    audit.record(actor=f"user:{by.username}", action=action, subject=user, at=now, brand_slug=slug, **states)
