from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class ProductLink(models.Model):
    """Where a Digital Link of a product, or of one batch of it, can lead: one address of one link type."""

    class LinkType(models.TextChoices):
        """Of the GS1 Web vocabulary (https://gs1.org/voc/), those that a consumer brand has a use for."""

        PIP = "gs1:pip", _("product information")
        INSTRUCTIONS = "gs1:instructions", _("instructions")
        RECALL_STATUS = "gs1:recallStatus", _("recall status")
        CERTIFICATION = "gs1:certificationInfo", _("certification")
        DPP = "gs1:dpp", _("digital product passport")
        SUSTAINABILITY = "gs1:productSustainabilityInfo", _("sustainability")
        INGREDIENTS = "gs1:ingredientsInfo", _("ingredients")
        NUTRITION = "gs1:nutritionalInfo", _("nutrition")
        ALLERGENS = "gs1:allergenInfo", _("allergens")
        SAFETY = "gs1:safetyInfo", _("safety")
        TRACEABILITY = "gs1:traceability", _("traceability")
        RETAILERS = "gs1:hasRetailers", _("where to buy")
        PROMOTION = "gs1:promotion", _("promotion")
        REVIEW = "gs1:review", _("reviews")
        FAQS = "gs1:faqs", _("questions and answers")
        SUPPORT = "gs1:support", _("support")
        SOCIAL = "gs1:socialMedia", _("social media")
        MASTER_DATA = "gs1:masterData", _("master data")
        EPCIS = "gs1:epcis", _("EPCIS events")

    class Language(models.TextChoices):
        ANY = "", _("any language")
        CHINESE = "zh", _("Chinese")
        ENGLISH = "en", _("English")

    product = models.ForeignKey("codes.Product", on_delete=models.CASCADE, related_name="links")
    batch = models.ForeignKey(
        "codes.Batch",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="links",
        help_text=_("Only for this batch, such as its certificate; empty: for the whole product."),
    )
    link_type = models.CharField(max_length=40, choices=LinkType)
    language = models.CharField(max_length=5, choices=Language, default=Language.ANY, blank=True)
    context = models.CharField(
        max_length=20, blank=True, help_text=_("Where it holds, such as the country CN; empty: everywhere.")
    )
    href = models.URLField(max_length=500, help_text=_("The whole address, with https://"))
    title = models.CharField(max_length=100, help_text=_("What a person reads of it."))
    is_default = models.BooleanField(
        default=False,
        help_text=_("Where a phone is led that asks for nothing in particular. Another default gives way."),
    )
    forwards_query = models.BooleanField(
        default=True, help_text=_("Whether what stands behind the question mark goes on to the address.")
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["product", "batch", "link_type", "language", "context"],
                name="product_link_once",
                nulls_distinct=False,
            ),
            models.UniqueConstraint(
                fields=["product", "batch"],
                condition=models.Q(is_default=True),
                name="product_link_one_default",
                nulls_distinct=False,
            ),
            models.CheckConstraint(condition=models.Q(href__regex=r"^https?://[^/\s]+"), name="product_link_address"),
        ]
        verbose_name = _("product link")
        verbose_name_plural = _("product links")

    def __str__(self) -> str:
        return self.title
