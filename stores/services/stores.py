"""Opening, changing and closing stores."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import audit
from core.errors import Conflict, Invalid, NotFound
from stores.earth import Place, is_on_earth
from stores.models import Brand, Dealer, Salesperson, Store, StoreOwner
from stores.public_codes import new_code
from stores.selectors.places import district_of
from stores.services.constraints import explaining
from stores.services.ownership import region_named, require_same_brand
from stores.services.region_sums import rehome


class StoreNumberTaken(Conflict):
    code = "store_number_taken"
    title = gettext_lazy("Another store of the brand has this number.")


@dataclass(frozen=True, slots=True)
class StoreDetails:
    """What is known of a store.

    `region_code` may be left empty where the place tells it; `latitude` and `longitude` (WGS-84, degrees) are both
    given or both None; `kind` is a value of Store.Kind.
    """

    number: str
    name: str
    kind: str = Store.Kind.OTHER.value
    region_code: str = ""
    address: str = ""
    latitude: float | None = None
    longitude: float | None = None
    owner: StoreOwner | None = None
    dealer: Dealer | None = None
    salesperson: Salesperson | None = None


def new_b_code() -> str:
    """B and 16 random symbols of Crockford's base32: 80 bits."""
    return new_code("B")


def open_store(*, brand: Brand, details: StoreDetails, now: dt.datetime, actor: str) -> Store:
    """Add a store with a fresh B-code.

    Raises:
        Invalid: a wrong place, an unknown region or kind, or somebody of another brand.
        StoreNumberTaken: the number is in use within the brand.
    """
    values = values_of(brand, details)
    with explaining({"store_number_once": StoreNumberTaken}):
        store = Store.objects.create(brand=brand, b_code=new_b_code(), created_at=now, **values)
        audit.record(
            actor=actor,
            action="store.opened",
            subject=store,
            at=now,
            brand_slug=brand.slug,
            after=readable(details) | {"b_code": store.b_code},
        )
    return store


def change_store(*, brand: Brand, store_id: int, details: StoreDetails, now: dt.datetime, actor: str) -> Store:
    """Replace what is known of a store by `details`; start from `details_of(store)` to change a part.

    Figures of the past follow the store into another region.

    Raises:
        NotFound: the brand has no such store.
        Invalid, StoreNumberTaken: as for `open_store`.
    """
    values = values_of(brand, details)
    with explaining({"store_number_once": StoreNumberTaken}):
        store = locked_store(brand, store_id)
        before, left = readable(details_of(store)), store.region_id
        for name, value in values.items():
            setattr(store, name, value)
        store.save(update_fields=list(values))
        if store.region_id != left:
            rehome(store_id=store.pk, from_region=left, to_region=store.region_id)
        audit.record(
            actor=actor,
            action="store.changed",
            subject=store,
            at=now,
            brand_slug=brand.slug,
            before=before,
            after=readable(details_of(store)),
        )
    return store


def close_store(*, brand: Brand, store_id: int, now: dt.datetime, actor: str) -> Store:
    """End a store; its history stays. Closing a closed store changes nothing."""
    return set_active(brand=brand, store_id=store_id, active=False, now=now, actor=actor)


def reopen_store(*, brand: Brand, store_id: int, now: dt.datetime, actor: str) -> Store:
    """Take a closed store into service again."""
    return set_active(brand=brand, store_id=store_id, active=True, now=now, actor=actor)


@transaction.atomic
def set_active(*, brand: Brand, store_id: int, active: bool, now: dt.datetime, actor: str) -> Store:
    """Close or reopen; the audit trail tells of a real change only."""
    store = locked_store(brand, store_id)
    if store.is_active != active:
        store.is_active = active
        store.save(update_fields=["is_active"])
        audit.record(
            actor=actor,
            action="store.reopened" if active else "store.closed",
            subject=store,
            at=now,
            brand_slug=brand.slug,
            before={"is_active": not active},
            after={"is_active": active},
        )
    return store


def locked_store(brand: Brand, store_id: int) -> Store:
    """The brand's store, locked until the transaction ends.

    Raises:
        NotFound: the brand has none of this id.
    """
    store = Store.objects.select_for_update().filter(brand=brand, pk=store_id).first()
    if store is None:
        raise NotFound
    return store


def details_of(store: Store) -> StoreDetails:
    """What is known of a store now, to be changed by `dataclasses.replace`."""
    return StoreDetails(region_code=store.region_id, **{name: getattr(store, name) for name in COPIED})


def values_of(brand: Brand, details: StoreDetails) -> dict[str, Any]:
    """Model fields from checked details.

    Raises:
        Invalid: see `open_store`.
    """
    require_place(details.latitude, details.longitude)
    require_same_brand(brand, {"owner": details.owner, "dealer": details.dealer, "salesperson": details.salesperson})
    wrong = {name: [_("This must not be empty.")] for name in ("number", "name") if not getattr(details, name).strip()}
    if details.kind not in Store.Kind.values:
        wrong["kind"] = [_("One of: %(values)s.") % {"values": ", ".join(Store.Kind.values)}]
    if wrong:
        raise Invalid(fields=wrong)
    details = replace(details, region_code=details.region_code or region_of_place(details))
    return {name: getattr(details, name) for name in COPIED} | {"region": region_named(details.region_code)}


def region_of_place(details: StoreDetails) -> str:
    """The code of the district in which the details' place lies, "" without a place or outside China."""
    if details.latitude is None or details.longitude is None:
        return ""
    return district_of(details.latitude, details.longitude)


def require_place(latitude: float | None, longitude: float | None) -> None:
    """Refuse half a place, and one that is not on the earth.

    Raises:
        Invalid: `fields` says what would be right.
    """
    if latitude is None and longitude is None:
        return
    if latitude is None or longitude is None:
        missing = "latitude" if latitude is None else "longitude"
        raise Invalid(fields={missing: [_("Give both latitude and longitude, or neither.")]})
    wrong: Mapping[str, list[str]] = {
        **({} if is_on_earth(Place(latitude, 0)) else {"latitude": [_("Between -90 and 90 degrees.")]}),
        **({} if is_on_earth(Place(0, longitude)) else {"longitude": [_("Between -180 and 180 degrees.")]}),
    }
    if wrong:
        raise Invalid(fields=wrong)


def readable(details: StoreDetails) -> dict[str, Any]:
    """JSON-ready, people by their ids."""
    return {
        name: value.pk if isinstance(value, models.Model) else value
        for name, value in ((field.name, getattr(details, field.name)) for field in fields(details))
    }


COPIED = [field.name for field in fields(StoreDetails) if field.name != "region_code"]
