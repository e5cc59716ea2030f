"""Stores around a place, however far one has to look for them."""

from core.prepared import row_of
from stores.earth import Place
from stores.models import Store
from stores.selectors.around import IN_BOX, StoreInBox, box_parameters, nearest

REACHES_M = (1_000.0, 7_000.0, 50_000.0)
"""How far to look, step by step: in a city the first holds enough, and the last would hold far too much."""
STATEMENT = IN_BOX.format(brand="%(brand)s::bigint")


def nearest_stores(brand_id: int, here: Place, *, limit: int) -> list[tuple[Store, float]]:
    """The brand's nearest active stores within the last of REACHES_M and how far each is (metres), nearest first.

    One statement for each reach that holds fewer than `limit`, one more, and one for the stores found.
    """
    found: list[tuple[StoreInBox, float]] = []
    for reach_m in REACHES_M:
        row = row_of(STATEMENT, {"brand": brand_id} | box_parameters(here, reach_m))
        in_box = row["in_box"] if row else None
        found = nearest((StoreInBox(*parts) for parts in in_box or ()), here, reach_m, limit)
        if len(found) == limit:
            break
    stores = Store.objects.in_bulk([store.id for store, _ in found])
    return [(stores[store.id], metres) for store, metres in found]
