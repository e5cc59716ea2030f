"""The pages of this room in the dashboard's navigation."""

from django.urls import reverse
from django.utils.translation import gettext as _

from rewards.selectors.redemptions import counters_of
from stores.links import Link
from stores.models import User


def redemptions(user: User) -> Link | None:
    """For owners of stores."""
    return Link(_("Redeem vouchers"), reverse("redemptions")) if counters_of(user) else None
