"""Partners' API clients."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from oauth2_provider.generators import generate_client_secret
from oauth2_provider.models import Application
from oauth2_provider.scopes import get_scopes_backend

from core import audit
from core.errors import Conflict, Invalid, NotFound
from stores.models import Brand, PartnerClient
from stores.services.constraints import explaining


class PartnerNameTaken(Conflict):
    code = "partner_name_taken"
    title = gettext_lazy("The brand has a partner of this name.")


@dataclass(frozen=True, slots=True)
class PartnerDetails:
    """`scopes`: names of OAUTH2_PROVIDER's scopes, at least one."""

    name: str
    scopes: Sequence[str]
    is_active: bool = True


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


def change_partner(
    *, brand: Brand, partner_id: int, details: PartnerDetails, actor: str, now: dt.datetime
) -> PartnerClient:
    """Replace a partner's name and rights, or switch it off or on. The audit trail keeps what changed.

    Raises:
        NotFound: the brand has no such partner.
        Invalid: an empty name, no scope or an unknown one.
        PartnerNameTaken: the brand has another partner of this name.
    """
    check(details.name, details.scopes)
    with explaining({"partner_client_name_once": PartnerNameTaken}):
        partner = PartnerClient.objects.select_for_update().filter(brand=brand, pk=partner_id).first()
        if partner is None:
            raise NotFound
        wanted = {"name": details.name.strip(), "scopes": list(details.scopes), "is_active": details.is_active}
        changed = {name: value for name, value in wanted.items() if value != getattr(partner, name)}
        before = {name: getattr(partner, name) for name in changed}
        for name, value in changed.items():
            setattr(partner, name, value)
        partner.save(update_fields=list(wanted))
        audit.record(
            actor=actor,
            action="partner.change",
            subject=partner,
            at=now,
            brand_slug=brand.slug,
            before=before,
            after=changed,
        )
    return partner


def check(name: str, scopes: Sequence[str]) -> None:
    """Refuse a partner without a name or without rights that there are."""
    known = list(get_scopes_backend().get_all_scopes())
    if not name.strip():
        raise Invalid(fields={"name": [_("A partner needs a name.")]})
    if not scopes or set(scopes) - set(known):
        message = _("Give at least one of: %(known)s.") % {"known": ", ".join(known)}
        raise Invalid(fields={"scopes": [message]})
