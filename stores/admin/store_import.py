"""Bulk import of stores: one row a store, people and dealer by their numbers, region by its code."""

from typing import Any

from django.core.exceptions import ValidationError
from import_export import fields, resources
from import_export.widgets import ForeignKeyWidget

from core import clock
from core.errors import Problem
from stores.admin.written import adopt
from stores.models import Dealer, Region, Salesperson, Store
from stores.services.stores import change_store, details_of, new_b_code, open_store, region_of_place


class OfTheBrand(ForeignKeyWidget):  # type: ignore[misc]
    """Finds by number within the brand of the importing account only."""

    def __init__(self, model: Any, brand_id: int | None) -> None:
        super().__init__(model, field="number")
        self.brand_id = brand_id

    def get_queryset(self, value: Any, row: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: ARG002
        return self.model.objects.filter(brand_id=self.brand_id)


class StoreResource(resources.ModelResource):  # type: ignore[misc]
    """Adds stores, or brings those with the same number up to date, within the brand of the importing account.

    Each row is a call of `open_store` or `change_store`; what it refuses is reported for that row, and as long as a
    row is refused nothing is written. An empty region is found by latitude and longitude.
    """

    region = fields.Field(attribute="region", column_name="region_code", widget=ForeignKeyWidget(Region, "code"))

    class Meta:
        model = Store
        import_id_fields = ("number",)
        fields = ("number", "name", "kind", "region", "address", "latitude", "longitude", "dealer", "salesperson")
        clean_model_instances = True
        skip_unchanged = True
        report_skipped = True
        use_transactions = True

    def __init__(self, user: Any = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.user = user
        self.brand_id: Any = user.brand_id if user is not None else None
        for name, model in (("dealer", Dealer), ("salesperson", Salesperson)):
            self.fields[name] = fields.Field(attribute=name, column_name=name, widget=OfTheBrand(model, self.brand_id))

    def get_queryset(self) -> Any:
        return Store.objects.filter(brand_id=self.brand_id)

    def init_instance(self, row: Any = None) -> Store:  # noqa: ARG002
        return Store(brand_id=self.brand_id, b_code=new_b_code(), created_at=clock.now())

    def validate_instance(self, instance: Store, *args: Any, **kwargs: Any) -> None:
        """With the region that the place tells, where the table tells none."""
        if not instance.region_id:
            instance.region_id = region_of_place(details_of(instance)) or instance.region_id
        super().validate_instance(instance, *args, **kwargs)

    def do_instance_save(self, instance: Store, is_create: bool) -> None:
        """One row through the service; a refusal is reported with its row."""
        facts = {
            "brand": self.user.brand,
            "details": details_of(instance),
            "now": clock.now(),
            "actor": f"user:{self.user.get_username()}",
        }
        try:
            written = open_store(**facts) if is_create else change_store(store_id=instance.pk, **facts)
        except Problem as problem:
            raise ValidationError(problem.fields or problem.detail) from problem
        adopt(instance, written)
