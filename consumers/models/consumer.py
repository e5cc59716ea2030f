"""The C end: a person as one brand knows them."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7


class Consumer(models.Model):
    """A person who scans, within one brand. Two brands never share a row."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    brand = models.ForeignKey("stores.Brand", on_delete=models.PROTECT, related_name="consumers")
    c_code = models.CharField(
        max_length=17, unique=True, help_text=_("The member code: C and 16 random Crockford characters.")
    )
    name = models.CharField(max_length=60, blank=True)
    session_epoch = models.PositiveIntegerField(default=0, help_text=_("Raised to end all sessions at once."))
    created_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(c_code__regex=r"^C[0-9A-HJKMNP-TV-Z]{16}$"), name="consumer_c_code_form"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["brand", "-created_at"], name="consumer_brand_newest")]

    def __str__(self) -> str:
        return self.name or str(self.id)


class Identity(models.Model):
    """How a consumer proves who they are: a subject at an identity provider (local, wechat, …)."""

    id = models.BigAutoField(primary_key=True)
    brand = models.ForeignKey("stores.Brand", on_delete=models.PROTECT, related_name="+")
    consumer = models.ForeignKey(Consumer, on_delete=models.CASCADE, related_name="identities")
    provider = models.CharField(max_length=20)
    subject = models.CharField(max_length=128)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["brand", "provider", "subject"], name="identity_once"),
        ]
        verbose_name_plural = "identities"

    def __str__(self) -> str:
        return f"{self.provider}:{self.subject[:4]}…"


class Consent(models.Model):
    """What a consumer agreed to, in which version of the text, and when it was taken back."""

    class Purpose(models.TextChoices):
        TERMS = "terms", _("terms of use")
        PLACE = "place", _("use of the place")
        CONTACT = "contact", _("being contacted")

    id = models.BigAutoField(primary_key=True)
    consumer = models.ForeignKey(Consumer, on_delete=models.CASCADE, related_name="consents")
    purpose = models.CharField(max_length=10, choices=Purpose)
    version = models.CharField(max_length=20)
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["consumer", "purpose"], condition=models.Q(withdrawn_at__isnull=True), name="consent_open_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.consumer_id} {self.purpose}"
