"""Noting where goods were seen, and whose they were: one row a scan that tells a place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from codes.cases.places import certainly_m
from codes.cases.thresholds import Thresholds
from codes.models import Sighting
from codes.models.scan import Verdict
from codes.selectors.consignments import Consignment, Moved, consignment_at, movements_of, was_moved
from codes.selectors.seen_scans import SeenScan
from codes.selectors.territories import Lineages, Territories, Territory, lineages_of, territories_of
from codes.selectors.verdicts import is_genuine
from stores.selectors.territories import metres_to_territory

Cause = Sighting.Cause
WRITTEN = ["cause", "shipment", "dealer", "distance_m"]
"""What may change when the histories have learnt something since; all else is the scan's own."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the units, regions and dealers of a batch of scans."""

    lineages: Lineages
    moved: Mapping[int, Sequence[Moved]]
    territories: Territories


def sight(scans: Sequence[SeenScan], rules: Mapping[int, Thresholds]) -> list[Sighting]:
    """Note the sightings of these scans, or bring them up to date; without those that tell no usable place.

    `rules`: each brand's thresholds; a scan of a brand that is not among them is left out. Sightings come in the
    order of the scans. A fixed number of statements.
    """
    usable = [scan for scan in scans if is_usable(scan, rules)]
    known = known_of(usable)
    sightings = [made for scan in usable if (made := sighting_of(scan, known)) is not None]
    Sighting.objects.bulk_create(sightings, update_conflicts=True, unique_fields=["scan"], update_fields=WRITTEN)
    return sightings


def is_usable(scan: SeenScan, rules: Mapping[int, Thresholds]) -> bool:
    """Whether it tells of a code, of a brand and of a place well enough."""
    if scan.brand_id is None or scan.brand_id not in rules or scan.region_code == "":
        return False
    names_a_code = scan.serial is not None or scan.verdict is Verdict.UNKNOWN
    return names_a_code and (scan.accuracy_m or 0) <= rules[scan.brand_id].accuracy_m_at_most


def known_of(scans: Sequence[SeenScan]) -> Known:
    """All that the sightings need."""
    genuine = [scan for scan in scans if scan.serial is not None and is_genuine(scan.verdict)]
    moved = movements_of(scan.serial for scan in genuine if scan.serial is not None)
    consignments = [consignment_at(moved.get(scan.serial or 0, ()), scan.scanned_at) for scan in genuine]
    return Known(
        lineages=lineages_of({scan.region_code for scan in scans}),
        moved=moved,
        territories=territories_of([each for each in consignments if each is not None]),
    )


def sighting_of(scan: SeenScan, known: Known) -> Sighting | None:
    """The row of one scan; None where its region is none of ours, or it says nothing about where goods are."""
    area = known.lineages.area_of(scan.region_code)
    if area is None or scan.brand_id is None:
        return None
    plain = Sighting(
        scan_id=scan.id,
        brand_id=scan.brand_id,
        code=scan.masked_code if scan.serial is None else str(scan.serial),
        serial=scan.serial,
        person=scan.person,
        area_id=area,
        region_code=scan.region_code,
        store_id=scan.store_id,
        latitude=scan.place.latitude if scan.place else None,
        longitude=scan.place.longitude if scan.place else None,
        accuracy_m=scan.accuracy_m if scan.place else None,
        seen_at=scan.scanned_at,
    )
    return with_cause(plain, scan, known)


def with_cause(plain: Sighting, scan: SeenScan, known: Known) -> Sighting | None:
    """With what the verdict and the movements make of it."""
    if scan.verdict is Verdict.UNKNOWN:
        plain.cause = Cause.UNKNOWN
    elif scan.verdict is Verdict.NOT_ACTIVATED:
        plain.cause = Cause.NOT_ACTIVATED
    elif not is_genuine(scan.verdict):
        return None
    else:
        moved = known.moved.get(scan.serial or 0, ())
        place_goods(plain, scan, consignment_at(moved, scan.scanned_at), known)
        if not was_moved(moved, scan.scanned_at):
            plain.cause = Cause.NOT_SHIPPED
    return plain


def place_goods(plain: Sighting, scan: SeenScan, consignment: Consignment | None, known: Known) -> None:
    """Say whose goods these are, and whether they may be sold where they were seen."""
    plain.cause = Cause.HOME
    if consignment is None:
        return
    plain.shipment_id = consignment.shipment
    territory = known.territories.of(consignment)
    if territory is None:
        return
    plain.dealer_id = territory.dealer_id
    if not known.lineages.is_inside(scan.region_code, territory):
        plain.cause = Cause.FOREIGN
        plain.distance_m = away_from(scan, territory)


def away_from(scan: SeenScan, territory: Territory) -> float | None:
    """How far the place certainly is from the territory, metres; None where either is not known."""
    metres = metres_to_territory(scan.place, territory.codes) if scan.place else None
    return None if metres is None else certainly_m(metres, scan.accuracy_m)
