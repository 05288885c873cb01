"""
A city's map, from the file `map.geojson` that a profile may carry; without one, units are drawn as tiles.

A boundary map shown to others must carry its review number (审图号): a file without `review_number` is not drawn. The product
ships no borders. Each feature names its unit in `properties.unit`; coordinates are longitudes and latitudes.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

FILE = "map.geojson"
WIDTH, MARGIN = 800.0, 10.0

Point = tuple[float, float]
Ring = Sequence[Sequence[float]]


@dataclass(frozen=True)
class Shape:
    """A unit's area as drawn: an SVG path, and where its label stands."""

    unit: str
    path: str
    x: str
    y: str


@dataclass(frozen=True)
class CityMap:
    """A map with its review number, in a drawing of this size."""

    review_number: str
    width: str
    height: str
    shapes: tuple[Shape, ...]


def city_map() -> CityMap | None:
    """Give the profile's map, kept until its file changes; None without a file, a review number, or anything to draw."""
    file = Path(settings.PROFILE) / FILE
    try:
        changed = file.stat().st_mtime_ns
    except OSError:
        return None
    return _read(file, changed)


@lru_cache(maxsize=2)
def _read(file: Path, changed: int) -> CityMap | None:
    try:
        document = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return drawn(document) if isinstance(document, dict) else None


def drawn(document: Mapping[str, Any]) -> CityMap | None:
    """Draw a GeoJSON document; None where its review number or every area is missing."""
    number = str(document.get("review_number") or "").strip()
    areas = {unit: rings for unit, rings in map(_area, document.get("features") or ()) if unit and rings}
    points = [_point(one) for rings in areas.values() for ring in rings for one in ring]
    if not number or not points:
        return None
    middle = math.radians((min(y for _, y in points) + max(y for _, y in points)) / 2)
    across = math.cos(middle)  # a degree of longitude is shorter than one of latitude
    left, top = min(x for x, _ in points) * across, max(y for _, y in points)
    wide = (max(x for x, _ in points) * across - left) or 1.0
    scale = (WIDTH - 2 * MARGIN) / wide

    def place(one: Sequence[float]) -> Point:
        x, y = _point(one)
        return MARGIN + (x * across - left) * scale, MARGIN + (top - y) * scale

    height = 2 * MARGIN + (top - min(y for _, y in points)) * scale
    shapes = tuple(_shape(unit, [[place(one) for one in ring] for ring in rings]) for unit, rings in areas.items())
    return CityMap(number, f"{WIDTH:.0f}", f"{height:.0f}", shapes)


def _point(one: Sequence[float]) -> Point:
    return float(one[0]), float(one[1])


def _area(feature: Mapping[str, Any]) -> tuple[str, list[Ring]]:
    """Read a feature: its unit and its rings, holes among them."""
    geometry = feature.get("geometry") or {}
    unit = str((feature.get("properties") or {}).get("unit") or "")
    coordinates = geometry.get("coordinates") or []
    if geometry.get("type") == "Polygon":
        return unit, list(coordinates)
    if geometry.get("type") == "MultiPolygon":
        return unit, [ring for polygon in coordinates for ring in polygon]
    return unit, []


def _shape(unit: str, rings: Iterable[Sequence[Point]]) -> Shape:
    listed = list(rings)
    path = " ".join("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in ring) + "Z" for ring in listed)
    largest = max(listed, key=lambda ring: _extent(ring))
    xs, ys = [x for x, _ in largest], [y for _, y in largest]
    return Shape(unit, path, f"{(min(xs) + max(xs)) / 2:.1f}", f"{(min(ys) + max(ys)) / 2:.1f}")


def _extent(ring: Sequence[Point]) -> float:
    xs, ys = [x for x, _ in ring], [y for _, y in ring]
    return (max(xs) - min(xs)) * (max(ys) - min(ys))
