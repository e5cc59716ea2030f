"""What lies inside of what, by the master data in the headers of documents."""

from collections.abc import Iterator, Mapping
from typing import Any

from codes.epcis.identifiers import canonical
from codes.models import EpcisPlace
from stores.models import Brand

LONGEST = 500


def keep_places(*, brand: Brand, header: Mapping[str, Any]) -> int:
    """Keep which places a document's master data says lie inside of which; how many pairs it named."""
    pairs = set(pairs_of(header))
    EpcisPlace.objects.bulk_create(
        [EpcisPlace(brand=brand, inside=inside, place=place) for inside, place in sorted(pairs)], ignore_conflicts=True
    )
    return len(pairs)


def pairs_of(header: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """(outer, inner) of each `children` of a vocabulary's elements (EPCIS 2.0, section 6.5)."""
    master = header.get("epcisHeader", {}).get("epcisMasterData", {})
    for vocabulary in master.get("vocabularyList", ()):
        for element in vocabulary.get("vocabularyElementList", ()):
            for child in element.get("children", ()):
                pair = canonical(str(element.get("id", ""))), canonical(str(child))
                if all(0 < len(uri) <= LONGEST for uri in pair):
                    yield pair
