"""Who may see and change what in the admin: nobody reaches beyond the own brand, or gives more than the own rights."""

from typing import Any

from django.contrib.auth.models import Group, Permission
from django.db.models import QuerySet

from stores.models import User


def sees_all_brands(user: Any) -> bool:
    """Whether this account is the platform's own: a superuser without a brand."""
    return bool(user.is_superuser and user.brand_id is None)


def governs(person: User, account: User) -> bool:
    """Whether `person` may change `account`: one of the own brand that has no right which the person has not."""
    if sees_all_brands(person):
        return True
    if person.brand_id is None or account.brand_id != person.brand_id:
        return False
    if account.is_superuser and not person.is_superuser:
        return False
    return account.get_all_permissions() <= person.get_all_permissions()


def grantable_groups(person: User) -> QuerySet[Group]:
    """The groups that `person` may put others into: those that hold none but the person's own rights."""
    if person.is_superuser:
        return Group.objects.all()
    return Group.objects.exclude(permissions__in=Permission.objects.exclude(pk__in=own_permissions(person)))


def own_permissions(person: User) -> QuerySet[Permission]:
    """The single rights of a person who is no superuser, by groups or given singly."""
    held = Permission.objects.filter(user=person) | Permission.objects.filter(group__user=person)
    return held.order_by().distinct()
