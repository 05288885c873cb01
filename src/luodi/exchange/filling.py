"""
Putting the ledger into a superior's own form: a workbook stays as it is, named cells get values.

The mapping says which cell gets what. Values of indicators come from the caller (`Compute`), since they are computed in a layer above:

  sheet: 表一                     default: the first
  cells:
    B2: {text: "填报期间：{period}"}
    C5: {indicator: invest_completed, unit: YL, in: 亿元, places: 2}
  rows:                          one row of the form for each unit
    first: 8
    units: [YL01, YL02]            or {children_of: YL}; or match the names or codes that stand in a column: {match: B}
    columns:
      A: {is: number}              1, 2, 3 ...; also code, name
      C: {indicator: signed_count}
      D: {indicator: invest_completed, span: period, in: 万元}

A missing value leaves the cell as `missing` says (default: blank). Formulas of the form stay; a cell that holds one is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from openpyxl import load_workbook
from openpyxl.cell.cell import MergedCell
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from luodi.codebook.values import Profile
from luodi.exchange import inspection
from luodi.exchange.refusals import BadFile, BadMapping
from luodi.kernel import money, yamltext
from luodi.kernel.problem import Problem
from luodi.kernel.yamltext import Map, Node, Place, Seq, Text

Value = Decimal | Fraction | int | None
SPANS = ("period", "ytd", "since")
ROLES = ("host", "introducer", "lead_department")
BASES = ("verified", "filed")
UNITS = (*money.YUAN_IN, "%", "个", "人", "天", "百分点")
CELL = re.compile(r"[A-Z]{1,3}[1-9]\d{0,6}")
LETTERS = re.compile(r"[A-Z]{1,3}")
ASK_KEYS = {"indicator", "unit", "span", "role", "basis", "list", "in", "places", "missing", "text", "is"}
WORDS = ("number", "code", "name")


@dataclass(frozen=True)
class Ask:
    """One value wanted: an indicator of a unit over a span, in a role, at a basis, of a list's projects."""

    indicator: str
    unit: str
    span: str = "ytd"
    role: str = "host"
    basis: str = "verified"
    list: str | None = None


Compute = Callable[[Sequence[Ask]], Mapping[Ask, Value]]


@dataclass(frozen=True)
class Spot:
    """What goes into one cell: an asked value with how it is printed, a text, or a word about the row's unit."""

    ask: Ask | None = None
    shown_in: str = ""
    places: int | None = None
    missing: str = ""
    text: str | None = None
    word: str | None = None


@dataclass(frozen=True)
class RowPlan:
    """One row a unit: where the first stands, which units (or a column to match), what goes where."""

    first: int
    units: tuple[str, ...]
    children_of: str | None
    match: str | None
    columns: Mapping[str, Spot]


@dataclass(frozen=True)
class Form:
    """A whole mapping."""

    sheet: str | None = None
    cells: Mapping[str, Spot] = field(default_factory=dict)
    rows: RowPlan | None = None


@dataclass(frozen=True)
class Filled:
    """What was done: cells filled, cells left missing, names of the form that are no unit of ours."""

    cells: int
    missing: int
    unmatched: tuple[str, ...]


def load(path: Path, profile: Profile) -> Form:
    """
    Read a form's mapping.

    :raises BadMapping: with every mistake, by line; luodi.kernel.yamltext.BadYaml
    """
    reader = FormReader(profile)
    root = yamltext.load(path)
    form = reader.form(root, Place(str(path)))
    if reader.problems:
        raise BadMapping(*reader.problems)
    return form


class FormReader:
    """Reads a form's mapping and collects its mistakes."""

    def __init__(self, profile: Profile) -> None:
        self.profile = profile
        self.problems: list[Problem] = []

    def wrong(self, place: Place, node: Node | int, code: str, **params: object) -> None:
        self.problems.append(place.problem(f"exchange.form.{code}", node, **params))

    def form(self, node: Node, place: Place) -> Form:
        if not isinstance(node, Map):
            self.wrong(place, node, "not_a_mapping", found=node)
            return Form()
        self.problems += yamltext.unknown_keys(node, {"sheet", "cells", "rows"}, place)
        sheet = node.get("sheet")
        cells = dict(self.spots(node.get("cells"), place.at("cells"), CELL, needs_unit=True))
        rows = self.rows(node["rows"], place.at("rows")) if node.get("rows") is not None else None
        return Form(str(sheet) if isinstance(sheet, Text) else None, cells, rows)

    def spots(
        self, node: Node, place: Place, shape: re.Pattern[str], *, needs_unit: bool
    ) -> Iterator[tuple[str, Spot]]:
        if node is None:
            return
        if not isinstance(node, Map):
            self.wrong(place, node, "not_a_mapping", found=node)
            return
        for key, given in node.items():
            if not shape.fullmatch(key):
                self.wrong(place.at(key), node.lines[key], "bad_place", found=key)
            elif not isinstance(given, Map):
                self.wrong(place.at(key), given, "not_a_mapping", found=given)
            else:
                yield key, self.spot(given, place.at(key), needs_unit=needs_unit)

    def spot(self, node: Map, place: Place, *, needs_unit: bool) -> Spot:
        self.problems += yamltext.unknown_keys(node, ASK_KEYS, place)
        given = [key for key in ("indicator", "text", "is") if key in node]
        if len(given) != 1 or ("is" in node and (needs_unit or node["is"] not in WORDS)):
            self.wrong(
                place, node, "one_of", allowed="indicator、text" + ("" if needs_unit else "、is: number/code/name")
            )
            return Spot()
        if "indicator" not in node:
            return Spot(
                text=str(node["text"]) if "text" in node else None, word=str(node["is"]) if "is" in node else None
            )
        if needs_unit and "unit" not in node:
            self.wrong(place, node, "unit_needed")
        indicator = str(node["indicator"])
        if self.profile.indicator(indicator.removesuffix("_yoy")) is None:
            self.wrong(place.at("indicator"), node["indicator"], "unknown_indicator", found=indicator)
        for key, allowed in (("span", SPANS), ("role", ROLES), ("basis", BASES), ("in", UNITS)):
            if key in node and node[key] not in allowed:
                self.wrong(place.at(key), node[key], "not_allowed", found=node[key], allowed="、".join(allowed))
        ask = Ask(
            indicator, str(node.get("unit") or ""), str(node.get("span") or "ytd"), str(node.get("role") or "host"),
            str(node.get("basis") or "verified"), str(node["list"]) if node.get("list") else None,
        )  # fmt: skip
        return Spot(ask, str(node.get("in") or ""), self.places(node, place), str(node.get("missing") or ""))

    def places(self, node: Map, place: Place) -> int | None:
        if "places" not in node:
            return None
        try:
            return yamltext.integer(node["places"])
        except yamltext.Unfit as unfit:
            self.wrong(place.at("places"), node["places"], "not_allowed", found=unfit.found, allowed="0, 1, 2 ...")
            return None

    def rows(self, node: Node, place: Place) -> RowPlan | None:
        if not isinstance(node, Map):
            self.wrong(place, node, "not_a_mapping", found=node)
            return None
        self.problems += yamltext.unknown_keys(node, {"first", "units", "columns"}, place)
        columns = dict(self.spots(node.get("columns"), place.at("columns"), LETTERS, needs_unit=False))
        try:
            first = yamltext.integer(node.get("first"))
        except yamltext.Unfit as unfit:
            self.wrong(place.at("first"), node, "not_allowed", found=unfit.found, allowed="1, 2, 3 ...")
            return None
        units = node.get("units")
        if isinstance(units, Seq):
            return RowPlan(first, tuple(map(str, units)), None, None, columns)
        if isinstance(units, Map) and len(units) == 1 and ("children_of" in units or "match" in units):
            parent, match = units.get("children_of"), units.get("match")
            if match is None or LETTERS.fullmatch(str(match)):
                return RowPlan(first, (), str(parent) if parent else None, str(match) if match else None, columns)
        self.wrong(place.at("units"), units, "which_units")
        return None


@dataclass(frozen=True)
class Units:
    """What filling has to know of units: names by code, children by code."""

    names: Mapping[str, str]
    children: Mapping[str, Sequence[str]]

    def find(self, shown: str) -> str | None:
        """Find a unit by its code or its name, as a form shows it."""
        plain = re.sub(r"\s", "", shown)
        if plain in self.names:
            return plain
        found = [code for code, name in self.names.items() if re.sub(r"\s", "", name) == plain]
        return found[0] if len(found) == 1 else None


def fill(*, template: Path, form: Form, period: str, units: Units, compute: Compute, out: Path) -> Filled:
    """
    Fill a form.

    :param compute: gives the asked values, None where missing; asked once, for all
    :raises BadFile: if the template can't be taken, a cell holds a formula, a unit is unknown, or `out` is the template
    """
    if out.suffix.lower() != ".xlsx" or out.resolve() == template.resolve():
        raise BadFile("exchange.out.not_xlsx", name=out.name)
    if inspection.inspect(template).type is not inspection.FileType.XLSX:
        raise BadFile("exchange.form.not_xlsx", name=template.name)
    book = load_workbook(template)
    sheet = sheet_of(book, form, template.name)
    spots, unmatched = planned(form, sheet, units)
    asks = list(dict.fromkeys(spot.ask for _place, spot, _n in spots if spot.ask is not None))
    unknown = sorted({ask.unit for ask in asks} - units.names.keys())
    if unknown:
        raise BadFile("exchange.form.unknown_unit", found="、".join(unknown))
    values = compute(asks)
    missing = sum(put(sheet, place, spot, number, period, units, values) for place, spot, number in spots)
    book.save(out)
    return Filled(len(spots) - missing, missing, unmatched)


def sheet_of(book: Workbook, form: Form, name: str) -> Worksheet:
    """Find the sheet to fill."""
    if form.sheet is None:
        return book.worksheets[0]
    if form.sheet not in book.sheetnames:
        raise BadFile("import.sheet.absent", sheet=form.sheet, sheets="、".join(book.sheetnames), name=name)
    return book[form.sheet]


def planned(form: Form, sheet: Worksheet, units: Units) -> tuple[list[tuple[str, Spot, int]], tuple[str, ...]]:
    """List every cell with what goes into it and the number of its row; and what the form names that is no unit of ours."""
    spots = [(place, spot, 0) for place, spot in form.cells.items()]
    plan, unmatched = form.rows, []
    if plan is None:
        return spots, ()
    rows = [
        (plan.first + n, code) for n, code in enumerate(plan.units or units.children.get(plan.children_of or "", ()))
    ]
    if plan.match is not None:
        rows = []
        for row in range(plan.first, sheet.max_row + 1):
            shown = sheet[f"{plan.match}{row}"].value
            if shown is None or not str(shown).strip():
                continue
            code = units.find(str(shown))
            if code is None:
                unmatched.append(str(shown).strip())
            else:
                rows.append((row, code))
    for number, (row, code) in enumerate(rows, 1):
        spots += [(f"{letters}{row}", of_unit(spot, code), number) for letters, spot in plan.columns.items()]
    return spots, tuple(unmatched)


def of_unit(spot: Spot, code: str) -> Spot:
    """Aim a row's spot at its unit."""
    from dataclasses import replace

    if spot.ask is None:
        return replace(spot, text=code if spot.word in ("code", "name") else spot.text)
    return replace(spot, ask=replace(spot.ask, unit=spot.ask.unit or code))


def put(
    sheet: Worksheet, place: str, spot: Spot, number: int, period: str, units: Units, values: Mapping[Ask, Value]
) -> bool:
    """Write one cell; tells whether its value was missing."""
    cell = sheet[place]
    if isinstance(cell, MergedCell) or (isinstance(cell.value, str) and cell.value.startswith("=")):
        raise BadFile("exchange.form.not_free", place=place)
    if spot.ask is None:
        cell.value = (
            {"number": number, "code": spot.text, "name": units.names.get(spot.text or "", "")}[spot.word]
            if spot.word
            else str(spot.text).replace("{period}", period)
        )
        return False
    value = values.get(spot.ask)
    if value is None:
        cell.value = spot.missing or None
        return True
    cell.value = printed(value, spot)
    return False


def printed(value: Decimal | Fraction | int, spot: Spot) -> float | int:
    """Give a number in the unit asked, rounded half away from zero if places are said."""
    exact = Fraction(value)
    if spot.shown_in in money.YUAN_IN:
        exact /= Fraction(money.YUAN_IN[spot.shown_in])
    elif spot.shown_in == "%":
        exact *= 100
    if spot.places is not None:
        rounded = money.round_away(exact, spot.places)
        return int(rounded) if spot.places == 0 else float(rounded)
    return int(exact) if exact.denominator == 1 else float(exact)
