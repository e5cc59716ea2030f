"""Partners: programs of factories, printers and warehouses that use the API for one brand."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class PartnerClient(models.Model):
    """The brand, and the rights, of an OAuth2 client. A client acts for one brand alone."""

    application = models.OneToOneField(
        settings.OAUTH2_PROVIDER_APPLICATION_MODEL, on_delete=models.PROTECT, related_name="partner"
    )
    brand = models.ForeignKey("stores.Brand", on_delete=models.PROTECT, related_name="partners")
    name = models.CharField(max_length=80)
    scopes = ArrayField(
        models.CharField(max_length=30), help_text=_("What its tokens may do: names of OAUTH2_PROVIDER's scopes.")
    )
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["brand", "name"], name="partner_client_name_once"),
            models.CheckConstraint(condition=~models.Q(scopes=[]), name="partner_client_may_something"),
        ]
        verbose_name = _("partner client")
        verbose_name_plural = _("partner clients")

    def __str__(self) -> str:
        return self.name
