"""B-codes: the codes on the counters of stores."""

from dataclasses import dataclass

from codes.models import Scan
from codes.selectors.facts import StoreFacts
from stores.models import Store


@dataclass(frozen=True, slots=True)
class CounterFacts:
    """The store of a B-code, and whether this visitor scanned it before."""

    store: StoreFacts
    brand_id: int
    brand_slug: str
    scanned_before: bool


def counter_of(b_code: str, visitor: str) -> CounterFacts | None:
    """The active store whose B-code this is; None where there is none."""
    store = Store.objects.filter(b_code=b_code, is_active=True).select_related("brand").first()
    if store is None:
        return None
    before = bool(visitor) and Scan.objects.filter(visitor=visitor, store=store).exists()
    return CounterFacts(StoreFacts(store.pk, store.name, store.address), store.brand_id, store.brand.slug, before)
