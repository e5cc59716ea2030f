"""Bulk import of stores: one row a store, people and dealer by their numbers, region by its code."""

from typing import Any

from import_export import fields, resources
from import_export.widgets import ForeignKeyWidget

from core import clock
from stores.models import Dealer, Region, Salesperson, Store
from stores.services.stores import new_b_code, require_place


class OfTheBrand(ForeignKeyWidget):  # type: ignore[misc]
    """Finds by number within the brand of the importing account only."""

    def __init__(self, model: Any, brand_id: int | None) -> None:
        super().__init__(model, field="number")
        self.brand_id = brand_id

    def get_queryset(self, value: Any, row: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: ARG002
        return self.model.objects.filter(brand_id=self.brand_id)


class StoreResource(resources.ModelResource):  # type: ignore[misc]
    """Adds stores, or brings those with the same number up to date, within the brand of the importing account."""

    region = fields.Field(attribute="region", column_name="region_code", widget=ForeignKeyWidget(Region, "code"))

    class Meta:
        model = Store
        import_id_fields = ("number",)
        fields = ("number", "name", "kind", "region", "address", "latitude", "longitude", "dealer", "salesperson")
        clean_model_instances = True

    def __init__(self, user: Any = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.brand_id: Any = user.brand_id if user is not None else None
        for name, model in (("dealer", Dealer), ("salesperson", Salesperson)):
            self.fields[name] = fields.Field(attribute=name, column_name=name, widget=OfTheBrand(model, self.brand_id))

    def get_queryset(self) -> Any:
        return Store.objects.filter(brand_id=self.brand_id)

    def init_instance(self, row: Any = None) -> Store:  # noqa: ARG002
        return Store(brand_id=self.brand_id, b_code=new_b_code(), created_at=clock.now())

    def before_save_instance(self, instance: Store, row: Any, **kwargs: Any) -> None:  # noqa: ARG002
        """Refuse a place off the earth in words rather than by the database."""
        require_place(instance.latitude, instance.longitude)
