"""Partners for tests: a registered client, and requests with its token."""

import datetime as dt
import secrets

from django.test import Client
from django.utils import timezone
from oauth2_provider.models import AccessToken

from stores.services.partners import register_partner
from tests.factories.stores import NOON


class Partner(Client):
    """A test client that sends the token of a partner of `brand`, and JSON in English."""

    def __init__(self, brand, scopes=("codes",), granted=None):
        super().__init__(headers={"accept-language": "en"})
        self.registered = register_partner(
            brand=brand, name=secrets.token_hex(4), scopes=list(scopes), actor="user:boss", now=NOON
        )
        self.brand, self.partner = brand, self.registered.partner
        self.actor = f"client:{self.registered.client_id}"
        token = AccessToken.objects.create(
            token=secrets.token_hex(),
            application=self.partner.application,
            scope=" ".join(scopes if granted is None else granted),
            expires=timezone.now() + dt.timedelta(hours=1),
        )
        self.defaults["HTTP_AUTHORIZATION"] = f"Bearer {token.token}"

    def send(self, path, body=None, **options):
        return self.post(f"/api/v1/{path}", body or {}, content_type="application/json", **options)

    def read(self, path, **options):
        return self.get(f"/api/v1/{path}", **options)
