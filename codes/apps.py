from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from codes.ciphers import code_cipher


class CodesConfig(AppConfig):
    name = "codes"
    verbose_name = _("Codes and supply")

    def ready(self) -> None:
        """A missing or malformed code key stops the start, not the first scan."""
        code_cipher()
