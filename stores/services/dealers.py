"""Dealers: registering, changing, ending."""

import datetime as dt
from dataclasses import asdict, dataclass

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import audit
from core.errors import Conflict, Invalid, NotFound
from stores.models import Brand, Dealer, Region
from stores.services.constraints import explaining


class DealerNumberTaken(Conflict):
    code = "dealer_number_taken"
    title = gettext_lazy("Another dealer of the brand has this number.")


@dataclass(frozen=True, slots=True)
class DealerDetails:
    """`region_codes`: where it may sell, at any level; a region includes all below it."""

    number: str
    name: str
    phone: str = ""
    region_codes: tuple[str, ...] = ()


def register_dealer(*, brand: Brand, details: DealerDetails, now: dt.datetime, actor: str) -> Dealer:
    """Add a dealer.

    Raises:
        Invalid: an empty number or name, or an unknown region.
        DealerNumberTaken: the number is in use within the brand.
    """
    regions = checked_regions(details)
    with explaining({"dealer_number_once": DealerNumberTaken}):
        dealer = Dealer.objects.create(brand=brand, number=details.number, name=details.name, phone=details.phone)
        dealer.regions.set(regions)
        audit.record(
            actor=actor,
            action="dealer.registered",
            subject=dealer,
            at=now,
            brand_slug=brand.slug,
            after=asdict(details),
        )
    return dealer


def change_dealer(*, brand: Brand, dealer_id: int, details: DealerDetails, now: dt.datetime, actor: str) -> Dealer:
    """Replace what is known of a dealer.

    Raises:
        NotFound: the brand has no such dealer.
        Invalid, DealerNumberTaken: as for `register_dealer`.
    """
    regions = checked_regions(details)
    with explaining({"dealer_number_once": DealerNumberTaken}):
        dealer = locked_dealer(brand, dealer_id)
        before = asdict(details_of(dealer))
        dealer.number, dealer.name, dealer.phone = details.number, details.name, details.phone
        dealer.save(update_fields=["number", "name", "phone"])
        dealer.regions.set(regions)
        audit.record(
            actor=actor,
            action="dealer.changed",
            subject=dealer,
            at=now,
            brand_slug=brand.slug,
            before=before,
            after=asdict(details),
        )
    return dealer


def end_dealer(*, brand: Brand, dealer_id: int, now: dt.datetime, actor: str) -> Dealer:
    """End the trade with a dealer; its history stays, and its stores keep it until they get another."""
    return set_active(brand=brand, dealer_id=dealer_id, active=False, now=now, actor=actor)


def resume_dealer(*, brand: Brand, dealer_id: int, now: dt.datetime, actor: str) -> Dealer:
    """Trade with a dealer again."""
    return set_active(brand=brand, dealer_id=dealer_id, active=True, now=now, actor=actor)


@transaction.atomic
def set_active(*, brand: Brand, dealer_id: int, active: bool, now: dt.datetime, actor: str) -> Dealer:
    """End or resume; the audit trail tells of a real change only."""
    dealer = locked_dealer(brand, dealer_id)
    if dealer.is_active != active:
        dealer.is_active = active
        dealer.save(update_fields=["is_active"])
        action = "dealer.resumed" if active else "dealer.ended"
        audit.record(actor=actor, action=action, subject=dealer, at=now, brand_slug=brand.slug)
    return dealer


def details_of(dealer: Dealer) -> DealerDetails:
    """What is known of a dealer now."""
    codes = tuple(dealer.regions.order_by("code").values_list("code", flat=True))
    return DealerDetails(number=dealer.number, name=dealer.name, phone=dealer.phone, region_codes=codes)


def locked_dealer(brand: Brand, dealer_id: int) -> Dealer:
    """The brand's dealer, locked until the transaction ends.

    Raises:
        NotFound: the brand has none of this id.
    """
    dealer = Dealer.objects.select_for_update().filter(brand=brand, pk=dealer_id).first()
    if dealer is None:
        raise NotFound
    return dealer


def checked_regions(details: DealerDetails) -> list[Region]:
    """The regions named.

    Raises:
        Invalid: see `register_dealer`.
    """
    wrong = {name: [_("This must not be empty.")] for name in ("number", "name") if not getattr(details, name).strip()}
    regions = list(Region.objects.filter(code__in=details.region_codes))
    unknown = sorted(set(details.region_codes) - {region.code for region in regions})
    if unknown:
        wrong["region_codes"] = [_("Unknown: %(codes)s.") % {"codes": ", ".join(unknown)}]
    if wrong:
        raise Invalid(fields=wrong)
    return regions
