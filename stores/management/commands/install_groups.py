"""`install_groups`: the groups of settings.STAFF_GROUPS with their rights."""

from typing import Any

from django.conf import settings

from core.commands import OneLineCommand
from stores.services.groups import install_groups


class Command(OneLineCommand):
    help = "Make the groups of staff, or bring their rights up to date. May be repeated."

    def handle(self, **_: Any) -> None:
        for group in install_groups(groups=settings.STAFF_GROUPS):
            self.stdout.write(group.name)
