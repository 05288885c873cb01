"""The pipeline on a map: how many of the filter's projects stand in each unit, and how they do. Pure, but for the map's file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from luodi.identity.tree import Tree, Unit
from luodi.projects.values.views import Card, Line
from luodi.web.maps import Shape, city_map
from luodi.web.views.cockpit_matters import WORSE_FIRST

SHADES = 4


@dataclass(frozen=True)
class Place:
    """A unit on the map: its projects, their investment, their lights (worst first), and how dark it is drawn, 0 to 4."""

    unit: str
    name: str
    count: int
    amount: Decimal | None
    lights: tuple[tuple[str, int], ...]
    shade: int
    shape: Shape | None = None


def placed(lines: Iterable[Line], units: Sequence[Unit], tree: Tree) -> tuple[list[Place], int]:
    """Gather the projects by the unit they stand in; also how many stand in none of these."""
    under = {code: unit.code for unit in units for code in tree.under(unit.code)}
    found: dict[str, list[tuple[Line, Card]]] = {unit.code: [] for unit in units}
    outside = 0
    for line in lines:
        if line.card is None:
            continue
        unit = under.get(line.card.version.host)
        if unit is None:
            outside += 1
        else:
            found[unit].append((line, line.card))
    most = max(map(len, found.values()), default=0) or 1
    drawn = city_map()
    shapes = {shape.unit: shape for shape in drawn.shapes} if drawn else {}
    return [_place(unit, found[unit.code], most, shapes.get(unit.code)) for unit in units], outside


def _place(unit: Unit, lines: list[tuple[Line, Card]], most: int, shape: Shape | None) -> Place:
    amounts = [card.version.total_investment for _, card in lines]
    known = [amount for amount in amounts if amount is not None]
    colours = Counter(str(line.lights.colour) for line, _ in lines if line.lights)
    return Place(
        unit.code, unit.name, len(lines), sum(known, Decimal(0)) if known else None,
        tuple((colour, colours[colour]) for colour in WORSE_FIRST if colours[colour]),
        -(-len(lines) * SHADES // most), shape,
    )  # fmt: skip


def map_context(lines: Iterable[Line], units: Sequence[Unit], tree: Tree) -> dict[str, Any]:
    """Give what the map is drawn from: areas where the profile has a reviewed map that knows every unit, else tiles."""
    places, outside = placed(lines, units, tree)
    drawn = city_map()
    known = drawn is not None and all(place.shape for place in places)
    return {"places": places, "outside": outside, "map": drawn if known else None}
