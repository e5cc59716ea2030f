"""Whom a provider pays: the accounts of people, which the database keeps without being able to read them."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class PayeeAccount(models.Model):
    """A person's account at a provider, as one app of ours knows it (an openid differs from app to app).

    Account and real name are sealed (`core.sealing`): equal accounts are equal texts, which can be looked for.
    """

    id = models.BigAutoField(primary_key=True)
    brand = models.ForeignKey("stores.Brand", on_delete=models.PROTECT, related_name="+")
    consumer = models.ForeignKey(
        "consumers.Consumer", null=True, on_delete=models.CASCADE, related_name="payee_accounts", db_index=False
    )
    store_owner = models.ForeignKey(
        "stores.StoreOwner", null=True, on_delete=models.PROTECT, related_name="payee_accounts", db_index=False
    )
    salesperson = models.ForeignKey(
        "stores.Salesperson", null=True, on_delete=models.PROTECT, related_name="payee_accounts", db_index=False
    )
    provider = models.CharField(max_length=20)
    app = models.CharField(max_length=64, blank=True, help_text=_("The app under which the account is known."))
    account = models.CharField(max_length=255, help_text=_("Sealed."))
    name = models.CharField(max_length=255, blank=True, help_text=_("The real name, sealed; large amounts need it."))
    hint = models.CharField(max_length=12, help_text=_("What lists show of the account."))
    verified_at = models.DateTimeField(help_text=_("When the person last proved it."))

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["consumer", "provider"], name="payee_consumer_once"),
            models.UniqueConstraint(fields=["store_owner", "provider"], name="payee_owner_once"),
            models.UniqueConstraint(fields=["salesperson", "provider"], name="payee_salesperson_once"),
            models.CheckConstraint(
                condition=models.Q(consumer__isnull=False, store_owner__isnull=True, salesperson__isnull=True)
                | models.Q(consumer__isnull=True, store_owner__isnull=False, salesperson__isnull=True)
                | models.Q(consumer__isnull=True, store_owner__isnull=True, salesperson__isnull=False),
                name="payee_is_one_person",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["provider", "account"], name="payee_by_account")]
        verbose_name = _("payee account")
        verbose_name_plural = _("payee accounts")

    def __str__(self) -> str:
        return f"{self.provider} {self.hint}"
