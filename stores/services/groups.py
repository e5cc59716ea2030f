"""The groups of staff that the product comes with."""

from collections.abc import Mapping, Sequence

from django.contrib.auth.models import Group, Permission
from django.db import transaction

from core.errors import Invalid


@transaction.atomic
def install_groups(*, groups: Mapping[str, Sequence[str]]) -> list[Group]:
    """Make each group (name -> rights, "app.codename") exactly what it is here. May be repeated; others stay.

    Raises:
        Invalid: a right that there is not.
    """
    return [install_group(name, rights) for name, rights in groups.items()]


def install_group(name: str, rights: Sequence[str]) -> Group:
    """One group with exactly these rights."""
    known = {
        f"{permission.content_type.app_label}.{permission.codename}": permission
        for permission in Permission.objects.select_related("content_type")
    }
    unknown = sorted(set(rights) - set(known))
    if unknown:
        raise Invalid(fields={"rights": unknown})
    group, _ = Group.objects.get_or_create(name=name)
    group.permissions.set([known[right] for right in rights])
    return group
