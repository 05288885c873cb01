"""
Mapping files: how a foreign table becomes one of ours, written down once.

One file may describe several kinds, each under its name (`projects:`, `stages:`). Per kind:

  sheet: name                      which sheet (default: the one whose header fits best)
  header: 3 or [3, 4]              which rows the header is, counted from 1 (default: found)
  dates: [D/M/YYYY, ...]           formats of all date columns below; nothing else is read
  columns:                         our column: what gives it
    code: ID                         a column of the file, by its header (or [one, or another])
    kind: {value: 招商引资}           the same value in every row
    total_investment: {column: FFC, unit: 元}
    valid_from: {column: BNI, dates: [D/M/YYYY, "D/M/YYYY h:mm:ss A"]}
    foreign_capital: {column: FDI, unit: 万美元, rate: "7.1", rate_on: 2024-06-28}
  values: {kind: {内资: 招商引资}}   what a cell says: what it means to us
  rows:                            a wide table: each entry makes a row of its own where its cell is filled
    - {stage: {value: 签约}, occurred_on: {column: 签约日期}}
  attributes: {approval_body: Approval body}   columns into attributes that the profile declares

Used the other way round by `luodi export`: our column to the header it gets there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path

from luodi.exchange import dates
from luodi.exchange.dates import DateFormat
from luodi.exchange.kinds import KINDS, Kind
from luodi.exchange.refusals import BadMapping
from luodi.kernel import money, yamltext
from luodi.kernel.problem import Problem
from luodi.kernel.yamltext import Map, Node, Place, Seq, Text

SECTION_KEYS = frozenset({"sheet", "header", "dates", "columns", "values", "rows", "attributes"})
SOURCE_KEYS = frozenset({"column", "value", "unit", "rate", "rate_on", "dates"})


@dataclass(frozen=True)
class Source:
    """Where a column's values come from: headers of the file (the first that is there), or one value for all rows."""

    headers: tuple[str, ...] = ()
    value: str | None = None
    unit: str | None = None
    rate: Decimal | None = None
    rate_on: date | None = None
    formats: tuple[DateFormat, ...] = ()


@dataclass(frozen=True)
class Layout:
    """What a mapping file says about one kind."""

    columns: Mapping[str, Source] = field(default_factory=dict)
    rows: tuple[Mapping[str, Source], ...] = ()
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    attributes: Mapping[str, Source] = field(default_factory=dict)
    sheet: str | None = None
    header: tuple[int, int] | None = None

    @property
    def wanted(self) -> Iterator[Source]:
        """Every source that takes a column of the file."""
        yield from (source for source in self.columns.values() if source.headers)
        yield from (source for source in self.attributes.values() if source.headers)
        yield from (source for row in self.rows for source in row.values() if source.headers)


def load(path: Path, kind: Kind, attributes: frozenset[str]) -> Layout:
    """
    Read what a mapping file says about a kind.

    :param attributes: the extra project columns that the profile declares
    :raises BadMapping: with every mistake, by line; luodi.kernel.yamltext.BadYaml; OSError
    """
    reader = Reader(kind, attributes)
    root = yamltext.load(path)
    place = Place(str(path))
    section, place = reader.section(root, place)
    mapping = reader.mapping(section, place) if section is not None else Layout()
    if reader.problems:
        raise BadMapping(*reader.problems)
    return mapping


class Reader:
    """Reads one mapping and collects its mistakes."""

    def __init__(self, kind: Kind, attributes: frozenset[str]) -> None:
        self.kind, self.attributes = kind, attributes
        self.codes = frozenset(column.code for column in kind.all_columns)
        self.problems: list[Problem] = []

    def wrong(self, place: Place, node: Node | int, code: str, **params: object) -> None:
        self.problems.append(place.problem(f"import.mapping.{code}", node, **params))

    def section(self, root: Node, place: Place) -> tuple[Map | None, Place]:
        """Find the kind's part of the file."""
        if not isinstance(root, Map):
            self.wrong(place, root, "not_a_mapping", found=root)
            return None, place
        if root.keys() & KINDS.keys():
            self.problems += yamltext.unknown_keys(root, KINDS, place)
            part = root.get(self.kind.name)
            if not isinstance(part, Map):
                self.wrong(place, root, "no_section", kind=self.kind.name, sections="、".join(root))
                return None, place
            return part, place.at(self.kind.name)
        return root, place

    def mapping(self, node: Map, place: Place) -> Layout:
        """Read a kind's part."""
        self.problems += yamltext.unknown_keys(node, SECTION_KEYS, place)
        formats = self.formats(node.get("dates"), place.at("dates"))
        columns = self.sources(node.get("columns"), place.at("columns"), self.codes, formats)
        attributes = self.sources(node.get("attributes"), place.at("attributes"), self.attributes, formats)
        rows = tuple(self.wide(node.get("rows"), place.at("rows"), formats))
        if attributes and self.kind.name != "projects":
            self.wrong(place.at("attributes"), node["attributes"], "no_attributes", kind=self.kind.name)
        header = self.header(node.get("header"), place.at("header"))
        values = self.values(node.get("values"), place.at("values"))
        sheet = node.get("sheet")
        return Layout(columns, rows, values, attributes, str(sheet) if isinstance(sheet, Text) else None, header)

    def sources(
        self, node: Node, place: Place, allowed: frozenset[str], formats: tuple[DateFormat, ...]
    ) -> dict[str, Source]:
        """Read `our column: what gives it`."""
        if node is None:
            return {}
        if not isinstance(node, Map):
            self.wrong(place, node, "not_a_mapping", found=node)
            return {}
        self.problems += yamltext.unknown_keys(node, allowed, place)
        read = {
            code: self.source(given, place.at(code), formats, node.lines[code])
            for code, given in node.items()
            if code in allowed
        }
        return {code: source for code, source in read.items() if source is not None}

    def source(self, node: Node, place: Place, formats: tuple[DateFormat, ...], line: int) -> Source | None:
        """Read one source: a header, several, or a mapping with its unit, formats or fixed value."""
        if isinstance(node, Text | Seq):
            return Source(self.headers(node, place), formats=formats)
        if not isinstance(node, Map):
            self.wrong(place, line, "no_source")
            return None
        self.problems += yamltext.unknown_keys(node, SOURCE_KEYS, place)
        if ("column" in node) == ("value" in node):
            self.wrong(place, node, "column_or_value")
            return None
        unit = self.unit(node, place)
        rate, rate_on = self.rate(node, place, unit)
        own = self.formats(node.get("dates"), place.at("dates")) or formats
        if "value" in node:
            return Source((), str(node["value"] or ""), unit, rate, rate_on, own)
        return Source(self.headers(node["column"], place.at("column")), None, unit, rate, rate_on, own)

    def headers(self, node: Node, place: Place) -> tuple[str, ...]:
        """Read a header, or several of which the first that is there counts."""
        given = (
            [str(item) for item in node if isinstance(item, Text)]
            if isinstance(node, Seq)
            else [str(node)]
            if isinstance(node, Text)
            else []
        )
        if not given or not all(given):
            self.wrong(place, node, "no_source")
        return tuple(given)

    def unit(self, node: Map, place: Place) -> str | None:
        """Read the unit of a column."""
        unit = node.get("unit")
        if unit is None:
            return None
        allowed = (*money.YUAN_IN, *money.FOREIGN_IN, "人", "个")
        if unit not in allowed:
            self.wrong(place.at("unit"), unit, "unknown_unit", found=unit, allowed="、".join(allowed))
            return None
        return str(unit)

    def rate(self, node: Map, place: Place, unit: str | None) -> tuple[Decimal | None, date | None]:
        """Read a rate in yuan per dollar and its day; a foreign unit needs both, unless a column of the file gives them."""
        try:
            rate = yamltext.decimal(node["rate"]) if "rate" in node else None
            on = yamltext.day(node["rate_on"]) if "rate_on" in node else None
        except yamltext.Unfit as unfit:
            self.wrong(place, node, "bad_rate", found=unfit.found)
            return None, None
        if (rate is None) != (on is None) or (rate is not None and (unit not in money.FOREIGN_IN or rate <= 0)):
            self.wrong(place, node, "rate_and_day")
        return rate, on

    def formats(self, node: Node, place: Place) -> tuple[DateFormat, ...]:
        """Read stated date formats."""
        given = node if isinstance(node, Seq) else [] if node is None else [node]
        found = []
        for item in given:
            try:
                found.append(dates.compile_format(str(item)))
            except ValueError:
                self.wrong(place, item, "bad_format", found=item)
        return tuple(found)

    def wide(self, node: Node, place: Place, formats: tuple[DateFormat, ...]) -> Iterator[Mapping[str, Source]]:
        """Read the entries that each make a row."""
        if node is None:
            return
        if not isinstance(node, Seq):
            self.wrong(place, node, "not_a_list", found=node)
            return
        for n, entry in enumerate(node):
            sources = self.sources(entry, place.at(n), self.codes, formats)
            if not any(source.headers for source in sources.values()):
                self.wrong(place.at(n), entry, "row_without_column")
            yield sources

    def values(self, node: Node, place: Place) -> dict[str, dict[str, str]]:
        """Read what cells mean: our column: {what it says: what it means}."""
        if node is None:
            return {}
        if not isinstance(node, Map) or not all(isinstance(inner, Map) for inner in node.values()):
            self.wrong(place, node, "not_a_mapping", found=node)
            return {}
        self.problems += yamltext.unknown_keys(node, self.codes | self.attributes, place)
        return {
            code: {said: str(meant or "") for said, meant in inner.items()}
            for code, inner in node.items()
            if isinstance(inner, Map)
        }

    def header(self, node: Node, place: Place) -> tuple[int, int] | None:
        """Read which rows are the header; given from 1, kept from 0."""
        if node is None:
            return None
        given = list(node) if isinstance(node, Seq) else [node]
        try:
            rows = [yamltext.integer(item) for item in given]
        except yamltext.Unfit:
            rows = []
        if not 1 <= len(rows) <= 2 or rows[0] < 1 or rows[-1] < rows[0] or rows[-1] - rows[0] > 9:
            self.wrong(place, node, "bad_header", found=node)
            return None
        return rows[0] - 1, rows[-1] - 1
