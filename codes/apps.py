from django.apps import AppConfig

from codes.ciphers import code_cipher


class CodesConfig(AppConfig):
    name = "codes"

    def ready(self) -> None:
        """A missing or malformed code key stops the start, not the first scan."""
        code_cipher()
