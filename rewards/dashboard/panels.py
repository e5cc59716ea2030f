"""What this room shows on one store's page."""

from django.http import HttpRequest
from django.utils.translation import gettext as _

from rewards.selectors.store_rewards import store_rewards_of
from stores.models import Store
from stores.panels import Panel


def store_rewards(request: HttpRequest, store: Store) -> Panel:  # noqa: ARG001 - the signature of a panel
    """Envelopes of the store's consumers, and the owner's share."""
    return Panel(
        title=_("Rewards"),
        template="rewards/dashboard/store_rewards.html",
        context={"rewards": store_rewards_of(store.pk)},
    )
