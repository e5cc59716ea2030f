from django.db import models
from django.utils.translation import gettext_lazy as _


class Brand(models.Model):
    """The tenant. Every row of the product belongs to one brand, and is invisible to the others."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80, blank=True)
    timezone = models.CharField(
        max_length=40, default="Asia/Shanghai", help_text=_("IANA zone; a business day begins and ends in it.")
    )
    is_active = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("brand")
        verbose_name_plural = _("brands")

    def __str__(self) -> str:
        return self.name
