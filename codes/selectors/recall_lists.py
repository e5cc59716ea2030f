"""A recall drill: what a batch's recall would touch, and whom to call."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from codes.models import Batch, Movement
from codes.models.movement import GONE
from codes.selectors.recalls import Held, Place, issued_items, places_of_batch
from stores.models import Dealer, Store

SENT, RECEIVED = Movement.Kind.SHIP.value, Movement.Kind.RECEIVE.value
PLACE = ("kind", "number", "name", "on_the_way", "received", "opened", "unsold", "address", "dealer")
"""What may be told of a place without a record: nothing of a person."""
COLUMNS = (*PLACE, "phone", "contact", "salesperson", "salesperson_phone")


@dataclass(slots=True)
class Call:
    """A store or dealer to be called, with whom to ask for. Numbers are items; `unsold` are those not yet opened."""

    kind: str
    number: str
    name: str
    on_the_way: int
    received: int
    opened: int
    address: str = ""
    phone: str = ""
    contact: str = ""
    salesperson: str = ""
    salesperson_phone: str = ""
    dealer: str = ""

    @property
    def unsold(self) -> int:
        """Items sent to or received by it that nobody has opened."""
        return self.on_the_way + self.received - self.opened


@dataclass(frozen=True, slots=True)
class Drill:
    """The whole batch: `issued` items = those of all calls + `with_brand` (never left, or came back) + those gone.

    `destroyed` and `sampled` items are in nobody's hands: they are not unsold, and nobody is called for them.
    """

    issued: int
    with_brand: Held
    destroyed: Held = field(default_factory=Held)
    sampled: Held = field(default_factory=Held)
    calls: list[Call] = field(default_factory=list)

    @property
    def opened(self) -> int:
        """Items that were opened, wherever they are thought to be."""
        elsewhere = self.with_brand.opened + self.destroyed.opened + self.sampled.opened
        return elsewhere + sum(call.opened for call in self.calls)

    @property
    def out(self) -> int:
        """Items with stores and dealers, or on the way to them."""
        return self.issued - self.with_brand.items - self.destroyed.items - self.sampled.items


def recall_drill(batch: Batch) -> Drill:
    """Counts of a batch by place, the places with most unsold items first. A constant number of statements."""
    gone, brand, away = {kind: Held() for kind in GONE}, Held(), defaultdict[tuple[str, int], dict[str, Held]](dict)
    for place, held in places_of_batch(batch).items():
        partner = partner_of(place)
        if partner is None:
            gone.get(place.kind, brand).add(held.items, held.opened)
        else:
            away[partner].setdefault(place.kind, Held()).add(held.items, held.opened)
    calls = [*stores_to_call(away), *dealers_to_call(away)]
    calls.sort(key=lambda call: (-call.unsold, call.kind, call.number))
    return Drill(issued_items(batch), brand, gone[Movement.Kind.DESTROY], gone[Movement.Kind.SAMPLE], calls)


def partner_of(place: Place) -> tuple[str, int] | None:
    """("store" or "dealer", its key) that has the items or is to get them; None: with the brand, or gone."""
    if place.kind not in {SENT, RECEIVED}:
        return None
    if place.store_id is not None:
        return "store", place.store_id
    return None if place.dealer_id is None else ("dealer", place.dealer_id)


def stores_to_call(away: Mapping[tuple[str, int], Mapping[str, Held]]) -> Iterator[Call]:
    """Stores with their owner, salesperson and dealer."""
    rows = Store.objects.select_related("owner", "salesperson", "dealer").in_bulk(keys_of("store", away))
    for key, store in rows.items():
        owner, sales = store.owner, store.salesperson
        yield Call(
            "store",
            store.number,
            store.name,
            *numbers_of(away["store", key]),
            address=store.address,
            phone=owner.phone if owner else "",
            contact=owner.name if owner else "",
            salesperson=sales.name if sales else "",
            salesperson_phone=sales.phone if sales else "",
            dealer=store.dealer.name if store.dealer else "",
        )


def dealers_to_call(away: Mapping[tuple[str, int], Mapping[str, Held]]) -> Iterator[Call]:
    """Dealers with their telephone."""
    for key, dealer in Dealer.objects.in_bulk(keys_of("dealer", away)).items():
        yield Call("dealer", dealer.number, dealer.name, *numbers_of(away["dealer", key]), phone=dealer.phone)


def keys_of(kind: str, partners: Iterable[tuple[str, int]]) -> list[int]:
    """The keys of the partners of one kind."""
    return [key for found, key in partners if found == kind]


def numbers_of(held: Mapping[str, Held]) -> tuple[int, int, int]:
    """Items on the way, items received, and of both those that were opened."""
    sent, received = held.get(SENT, Held()), held.get(RECEIVED, Held())
    return sent.items, received.items, sent.opened + received.opened
