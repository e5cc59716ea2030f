"""Reading the token of a partner's request: with its client, its partner and its brand by one statement."""

import hashlib
from typing import Any

from django.db import DEFAULT_DB_ALIAS, models
from oauth2_provider.models import AccessToken, Application
from oauth2_provider.oauth2_validators import OAuth2Validator

from core.prepared import Row, row_of
from stores.models import Brand, PartnerClient

READ: dict[str, type[models.Model]] = {
    "token": AccessToken,
    "application": Application,
    "partner": PartnerClient,
    "brand": Brand,
}
FIELDS = {name: [field.attname for field in model._meta.concrete_fields] for name, model in READ.items()}  # noqa: SLF001 - Django's documented API
COLUMNS = ", ".join(f'{name}.{field} AS "{name}.{field}"' for name, fields in FIELDS.items() for field in fields)
BY_CHECKSUM = f"""
SELECT {COLUMNS}
FROM {AccessToken._meta.db_table} token
LEFT JOIN {Application._meta.db_table} application ON application.id = token.application_id
LEFT JOIN {PartnerClient._meta.db_table} partner ON partner.application_id = application.id
LEFT JOIN {Brand._meta.db_table} brand ON brand.id = partner.brand_id
WHERE token.token_checksum = %(checksum)s
"""  # noqa: S608, SLF001 - our own names


class PartnerTokens(OAuth2Validator):  # type: ignore[misc] # the package is untyped
    """OAuth2 toolkit's validator; a token is read together with whom it speaks for."""

    def _load_access_token(self, token: str) -> AccessToken | None:
        """The token, whose `application.partner.brand` needs no further statement; None of an unknown one."""
        row = row_of(BY_CHECKSUM, {"checksum": hashlib.sha256(token.encode()).hexdigest()})
        if row is None:
            return None
        found, application, partner, brand = (made(row, name) for name in READ)
        if partner:
            partner.brand, partner.application = brand, application
        found.application = application
        return found


def made(row: Row, name: str) -> Any:
    """The model's instance that lies in the row under this name, as if the ORM had read it; None where it is not."""
    fields = FIELDS[name]
    values = [row[f"{name}.{field}"] for field in fields]
    return READ[name].from_db(DEFAULT_DB_ALIAS, fields, values) if row[f"{name}.id"] is not None else None
