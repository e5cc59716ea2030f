"""Where a signed-in person handles goods, and what may be done there."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from codes.models import Movement
from stores.models import Brand, Dealer, Store, User, WarehouseWorker

Kind = Movement.Kind
PACK = "pack"
RIGHT = "codes.add_movement"
AT_BRAND = (PACK, Kind.SHIP, Kind.RETURN, Kind.DESTROY, Kind.SAMPLE)
AT_DEALER = (Kind.RECEIVE, Kind.SHIP, Kind.RETURN, PACK, Kind.DESTROY, Kind.SAMPLE)
AT_STORE = (Kind.RECEIVE, Kind.RETURN, Kind.DESTROY, Kind.SAMPLE)


@dataclass(frozen=True, slots=True)
class Workplace:
    """The brand's own warehouse, that of a dealer, or a store. `key` names it in forms."""

    brand: Brand
    partner: Store | Dealer | None

    @property
    def key(self) -> str:
        """Such as "brand", "dealer:5" or "store:7"."""
        if self.partner is None:
            return "brand"
        return f"{'store' if isinstance(self.partner, Store) else 'dealer'}:{self.partner.pk}"

    @property
    def name(self) -> str:
        """For people."""
        return _("Warehouse of %(brand)s") % {"brand": self.brand} if self.partner is None else str(self.partner)

    @property
    def deeds(self) -> tuple[str, ...]:
        """What may be done here: kinds of movements, and packing."""
        if self.partner is None:
            return tuple(str(kind) for kind in AT_BRAND)
        return tuple(str(kind) for kind in (AT_STORE if isinstance(self.partner, Store) else AT_DEALER))

    def asks_partner(self, deed: str) -> bool:
        """Whether the deed names another: to whom it is sent, or from whom it came back to the brand."""
        return deed == Kind.SHIP or (deed == Kind.RETURN and self.partner is None)


def workplaces_of(user: User) -> list[Workplace]:
    """The places of an account: a warehouse worker's, those of staff with the right, and an owner's open stores."""
    brand = user.brand
    if brand is None or not (user.is_active and brand.is_active):
        return []
    worker = WarehouseWorker.objects.select_related("dealer").filter(user=user, is_active=True).first()
    partners: list[Store | Dealer | None] = []
    if (worker and worker.dealer is None) or (user.is_staff and user.has_perm(RIGHT)):
        partners.append(None)
    if worker and worker.dealer and worker.dealer.is_active:
        partners.append(worker.dealer)
    partners += Store.objects.filter(brand=brand, owner__user=user, is_active=True).order_by("number")
    return [Workplace(brand, partner) for partner in partners]


def others_of(place: Workplace, limit: int) -> list[Store | Dealer]:
    """Whom goods can be sent to from here, and for the brand also come back from: the first `limit` of each sort."""
    stores = Store.objects.filter(brand=place.brand, is_active=True).order_by("number")
    if isinstance(place.partner, Dealer):
        return list(stores.filter(dealer=place.partner)[:limit])
    if place.partner is not None:
        return []
    return [*Dealer.objects.filter(brand=place.brand, is_active=True).order_by("number")[:limit], *stores[:limit]]


def other_named(place: Workplace, text: str) -> Store | Dealer | None:
    """The one of them with this number, or the store with this B-code; None where there is none, or two."""
    stores = Store.objects.filter(brand=place.brand, is_active=True)
    if isinstance(place.partner, Dealer):
        stores = stores.filter(dealer=place.partner)
    found: list[Store | Dealer] = [*stores.filter(number=text)[:1], *stores.filter(b_code=text)[:1]]
    if place.partner is None:
        found += Dealer.objects.filter(brand=place.brand, is_active=True, number=text)
    return found[0] if len(found) == 1 else None
