from django.apps import AppConfig


class SandboxConfig(AppConfig):
    """The embedded wallet: a payment provider with its own tables, for demos, tests and rehearsals."""

    name = "rewards.sandbox"
    label = "sandbox"
