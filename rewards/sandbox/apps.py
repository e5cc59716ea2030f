from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SandboxConfig(AppConfig):
    """The embedded wallet: a payment provider with its own tables, for demos, tests and rehearsals."""

    name = "rewards.sandbox"
    label = "sandbox"
    verbose_name = _("Sandbox")
