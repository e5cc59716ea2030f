"""Partners' API clients."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _
from oauth2_provider.generators import generate_client_secret
from oauth2_provider.models import Application
from oauth2_provider.scopes import get_scopes_backend

from core import audit
from core.errors import Conflict, Invalid
from stores.models import Brand, PartnerClient


class PartnerNameTaken(Conflict):
    code = "partner_name_taken"
    title = "The brand has a partner of this name."


@dataclass(frozen=True, slots=True)
class Registered:
    """A new partner and its secret, which is shown this once: only a hash of it is kept."""

    partner: PartnerClient
    client_id: str
    client_secret: str


def register_partner(*, brand: Brand, name: str, scopes: Sequence[str], actor: str, now: dt.datetime) -> Registered:
    """Give a partner of the brand an OAuth2 client (client credentials) with these scopes.

    Raises:
        Invalid: an empty name, no scope or an unknown one.
        PartnerNameTaken: the brand has a partner of this name.
    """
    check(name, scopes)
    secret = generate_client_secret()
    with transaction.atomic():
        if PartnerClient.objects.filter(brand=brand, name=name.strip()).exists():
            raise PartnerNameTaken
        application = Application.objects.create(
            name=f"{brand.slug}: {name.strip()}",
            client_type=Application.CLIENT_CONFIDENTIAL,
            authorization_grant_type=Application.GRANT_CLIENT_CREDENTIALS,
            client_secret=secret,
        )
        partner = PartnerClient.objects.create(
            application=application, brand=brand, name=name.strip(), scopes=list(scopes), created_at=now
        )
        audit.record(
            actor=actor,
            action="partner.register",
            subject=partner,
            at=now,
            brand_slug=brand.slug,
            after={"name": partner.name, "client_id": application.client_id, "scopes": partner.scopes},
        )
    return Registered(partner, application.client_id, secret)


def check(name: str, scopes: Sequence[str]) -> None:
    """Refuse a partner without a name or without rights that there are."""
    known = list(get_scopes_backend().get_all_scopes())
    if not name.strip():
        raise Invalid(fields={"name": [_("A partner needs a name.")]})
    if not scopes or set(scopes) - set(known):
        message = _("Give at least one of: %(known)s.") % {"known": ", ".join(known)}
        raise Invalid(fields={"scopes": [message]})
