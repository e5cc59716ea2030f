"""What a partner's tokens may do: the scopes written at its client, none for an application that is no partner."""

from typing import Any

from oauth2_provider.scopes import SettingsScopes

from stores.models import PartnerClient


class PartnerScopes(SettingsScopes):  # type: ignore[misc] # the package is untyped
    """OAuth2 toolkit's scopes backend, narrowed to each client's own scopes."""

    def get_available_scopes(self, application: Any = None, request: Any = None, *args: Any, **kwargs: Any) -> Any:  # noqa: ARG002
        """The scopes that the client may ask for."""
        return scopes_of(application)

    def get_default_scopes(self, application: Any = None, request: Any = None, *args: Any, **kwargs: Any) -> Any:  # noqa: ARG002
        """The scopes of a token that was asked for without naming any: all that the client has."""
        return scopes_of(application)


def scopes_of(application: Any) -> list[str]:
    """Scopes of the partner behind an OAuth2 application; none while it is switched off."""
    partner = PartnerClient.objects.filter(application=application, is_active=True).only("scopes").first()
    return list(partner.scopes) if partner else []
