"""The pages of the codes' room in the dashboard's navigation."""

from django.urls import reverse
from django.utils.translation import gettext as _

from codes.selectors.workplaces import workplaces_of
from stores.links import Link
from stores.models import User


def warehouse(user: User) -> Link | None:
    """For those who handle goods."""
    return Link(_("Warehouse"), reverse("warehouse")) if workplaces_of(user) else None
