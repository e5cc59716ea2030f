"""What a store's sign says to whoever scans its B-code."""

from dataclasses import dataclass

from stores.models import Region, Store


@dataclass(frozen=True, slots=True)
class Sign:
    """`kind` in the reader's language; `regions` from province to district."""

    name: str
    kind: str
    address: str
    regions: tuple[str, ...]
    brand_slug: str


def sign_of(store_id: int) -> Sign | None:
    """The sign of an active store; None where there is none. Two queries."""
    store = Store.objects.select_related("region", "brand").filter(pk=store_id, is_active=True).first()
    if store is None:
        return None
    above = Region.objects.filter(code__in=store.region.lineage, level__gt=Region.Level.NATION).order_by("level")
    names = tuple(above.values_list("name", flat=True))
    return Sign(store.name, store.get_kind_display(), store.address, names, store.brand.slug)
