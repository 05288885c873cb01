"""What leaves the indicator explorer: the permanent link, the chart's numbers, text for a chat group, a workbook; all from the same lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse

from luodi.kernel.money import in_unit, round_away
from luodi.kernel.period import Period
from luodi.kernel.problem import words
from luodi.web.exporting import workbook
from luodi.web.views.cockpit_figures import month_words


@dataclass(frozen=True)
class UnitLine:
    """A unit's value, its growth, and the value as published, where the period is sealed; None: undefined or missing."""

    unit: str
    name: str
    value: Fraction | None
    growth: Fraction | None
    published: Fraction | None
    missing: int
    own: bool = False

    @property
    def revised(self) -> bool:
        """Tell whether the value differs from what was published."""
        return self.published is not None and self.published != self.value


@dataclass(frozen=True)
class Spot:
    """A month's value on the line over periods; `published`: as of that month's own seal."""

    period: Period
    value: Fraction | None
    published: Fraction | None


def name_of(viewer: Any, wanted: str) -> str:
    """Name a perimeter, which is no unit of the tree."""
    found = next((one for one in viewer.profile.perimeters if one.id == wanted), None)
    return wanted if found is None else str(found.zh if viewer.language == "zh" else found.en)


def asked_all(question: dict[str, Any]) -> dict[str, str]:
    """Spell out everything that is asked, also what would be understood."""
    found = {
        "indicator": question["indicator"].id,
        "period": question["period"].label,
        "unit": question["unit"],
        "span": question["span"],
        "role": question["role"],
        "basis": question["basis"],
        "edition": question["edition"],
        "list": question["list_"] or "",
        "as_of": question["as_of"].isoformat() if question["as_of"] else "",
        "growth": question["growth"],
        "view": question["view"],
    }
    return {name: value for name, value in found.items() if value}


def permanent(question: dict[str, Any]) -> str:
    """Write the permanent link's query: the day is in it, so that it shows the same for ever."""
    return urlencode(asked_all(question))


def rows_query(question: dict[str, Any]) -> str:
    """Write what the rows behind a value are asked with; the unit is added where the link stands."""
    left = ("indicator", "unit", "view", "growth")
    return urlencode({name: value for name, value in asked_all(question).items() if name not in left})


def shown(value: Fraction | None, kind: str, money_unit: str, places: int = 2) -> Decimal | None:
    """Round a value at the door, as people read it: money in their unit, a ratio in per cent."""
    if value is None:
        return None
    if kind == "money":
        return in_unit(value, money_unit, places)
    return round_away(value * 100 if kind == "ratio" else value, places)


def chart(
    request: HttpRequest, question: dict[str, Any], lines: Sequence[UnitLine], spots: Sequence[Spot]
) -> dict[str, Any] | None:
    """Give the chart's numbers, the same as the table's; None where a table is asked."""
    if question["view"] == "table":
        return None
    viewer: Any = request.viewer  # type: ignore[attr-defined]
    kind, unit = question["indicator"].unit, request.money_unit  # type: ignore[attr-defined]

    def plain(value: Fraction | None) -> float | None:
        rounded = shown(value, kind, unit)
        return None if rounded is None else float(rounded)

    label = question["indicator"].zh if viewer.language == "zh" else question["indicator"].en
    if question["view"] == "periods":
        published = [plain(one.published) for one in spots]
        series = [{"name": words("edition.revised", viewer.language), "values": [plain(one.value) for one in spots]}]
        if question["basis"] == "verified" and any(value is not None for value in published):
            series.append({"name": words("edition.published", viewer.language), "values": published})
        return {"kind": "line", "title": title(viewer, question, label), "labels": [month_words(one.period, viewer.language) for one in spots], "series": series, "unit": unit_words(viewer, kind, unit)}  # fmt: skip
    compared = sorted((one for one in lines if not one.own), key=lambda one: (one.value is None, -(one.value or 0)))
    compared = compared if any(one.value is not None for one in compared) else list(lines)  # below, nobody files it
    if all(one.value is None for one in compared):
        return None
    return {
        "kind": "bar",
        "title": title(viewer, question, label),
        "labels": [one.name for one in compared],
        "series": [{"name": label, "values": [plain(one.value) for one in compared]}],
        "unit": unit_words(viewer, kind, unit),
    }


def unit_words(viewer: Any, kind: str, money_unit: str) -> str:
    """Write the unit of the numbers in the page's language."""
    if kind == "money":
        return words("web.unit_wan" if money_unit == "万元" else "web.unit_yi", viewer.language)
    return words(f"unit.{kind}", viewer.language)


def title(viewer: Any, question: dict[str, Any], label: str) -> str:
    """Write what a picture or a text says above the numbers: what, of whom, when, how far it is trusted."""
    language = viewer.language
    level = "sealed" if question["edition"] == "published" else question["basis"]
    unit = question["unit"]
    name = viewer.who.tree.name(unit) if unit in viewer.who.tree.units else name_of(viewer, unit)
    parts = [label, name, month_words(question["period"], language), words(f"span.{question['span']}", language)]
    if question["list_"]:
        parts.append(question["list_"])
    if question["as_of"]:
        parts.append(words("explorer.as_of_day", language, day=question["as_of"].isoformat()))
    return " · ".join([*parts, words(f"trust.{level}", language)])


def as_text(request: HttpRequest, question: dict[str, Any], lines: Sequence[UnitLine], spots: Sequence[Spot]) -> str:
    """Write the table as plain text for a chat group, saying what it is."""
    viewer: Any = request.viewer  # type: ignore[attr-defined]
    one, money_unit = question["indicator"], request.money_unit  # type: ignore[attr-defined]
    label = one.zh if viewer.language == "zh" else one.en
    written = [(month_words(spot.period, viewer.language), spot.value) for spot in spots] or [
        (line.name, line.value) for line in lines
    ]
    head = f"{title(viewer, question, label)}（{unit_words(viewer, one.unit, money_unit)}）"
    body = [
        f"{name}\t{'—' if value is None else f'{shown(value, one.unit, money_unit):,f}'}" for name, value in written
    ]
    return "\n".join([head, *body, words("web.not_statutory", viewer.language)])


def export(
    request: HttpRequest, question: dict[str, Any], lines: Sequence[UnitLine], spots: Sequence[Spot]
) -> HttpResponse:
    """Put the table into a workbook."""
    viewer: Any = request.viewer  # type: ignore[attr-defined]
    one, money_unit = question["indicator"], request.money_unit  # type: ignore[attr-defined]
    unit = unit_words(viewer, one.unit, money_unit)
    name = f"{question['period']}-{one.id}"
    head: tuple[str, ...]
    if spots:
        head = (words("indicators.period", viewer.language), f"{words('edition.revised', viewer.language)}（{unit}）", f"{words('edition.published', viewer.language)}（{unit}）")  # fmt: skip
        return workbook(name, head, [(month_words(spot.period, viewer.language), shown(spot.value, one.unit, money_unit), shown(spot.published, one.unit, money_unit)) for spot in spots])  # fmt: skip
    head = (words("indicators.unit", viewer.language), f"{one.zh}（{unit}）", words("explorer.growth_percent", viewer.language), f"{words('edition.published', viewer.language)}（{unit}）")  # fmt: skip
    return workbook(
        name,
        head,
        [
            (
                line.name,
                shown(line.value, one.unit, money_unit),
                shown(line.growth, "ratio", money_unit),
                shown(line.published, one.unit, money_unit),
            )
            for line in lines
        ],
    )
