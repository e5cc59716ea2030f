"""Choosing a brand on pages of the platform's people; everybody else has but one."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget

from stores.models import Brand
from stores.selectors.rights import sees_all_brands


class BrandField(forms.ModelChoiceField):  # type: ignore[type-arg] # not subscriptable at run time
    """The brands that a user may choose, once `narrow` was called."""

    def __init__(self) -> None:
        super().__init__(queryset=Brand.objects.none(), label=_("Brand"), widget=UnfoldAdminSelectWidget)

    def narrow(self, user: Any) -> None:
        """All brands for the platform; for others their own, and nothing to be seen of the choice."""
        brands = Brand.objects.order_by("name")
        if sees_all_brands(user):
            self.queryset = brands
            return
        self.queryset = brands.filter(pk=user.brand_id)
        self.initial, self.widget = user.brand_id, forms.HiddenInput()
