"""The list of the moment 一次性清单: columns of projects that somebody chose, in the order and unit they chose. No HTTP answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from luodi.codebook.values import Profile
from luodi.exchange import kinds
from luodi.kernel.money import YUAN_IN, in_unit
from luodi.kernel.problem import words
from luodi.projects.queries import lists, load
from luodi.projects.values.views import Line
from luodi.statistics.queries.moment import known_figures
from luodi.statistics.values.moment import MomentColumn

MONEY = frozenset({"total_investment", "fixed_investment"})
UNITS = frozenset({"host", "introducer", "lead_department"})
VERSION = (
    "code", "national_code", "name", "host", "introducer", "lead_department", "investor", "origin", "kind", "nature", "industry",
    "chain", "contract_kind", "content", "total_investment", "fixed_investment",
)  # fmt: skip
STANDING = ("state", "plan_class", "light", "node", "node_on", "problems", "progress")
USUAL = ("name", "host", "state", "total_investment", "light", "node", "node_on")


@dataclass(frozen=True)
class Chosen:
    """What somebody asks of the list: columns in order, what to sort by (`-` first: the largest first), the unit of money, a title."""

    columns: tuple[str, ...]
    sort: str = ""
    unit: str = "万元"
    title: str = ""


@dataclass(frozen=True)
class Head:
    """A column's head."""

    id: str
    label: str
    unit: str = ""
    numeric: bool = False


@dataclass(frozen=True)
class Table:
    """
    The list as it comes out: heads, the projects in order, sums of all of them, how many projects stay out as not to be named.

    Its rows are written when they are asked for: a page shows a few of them.
    """

    heads: tuple[Head, ...]
    lines: Sequence[Line]
    totals: tuple[Decimal | None, ...]
    given: Given
    left_out: int = 0

    def rows(self, lines: Iterable[Line] | None = None) -> list[tuple[object, ...]]:
        """Give rows of values, amounts in the chosen unit: of these lines, or of all."""
        asked = self.lines if lines is None else lines
        return [tuple(self.given.value(line, head.id) for head in self.heads) for line in asked]


def offered(profile: Profile, language: str) -> list[Head]:
    """List the columns there are to choose from."""
    zh = language == "zh"
    headers = {column.code: column.header for column in kinds.PROJECTS.columns}
    found = [
        Head(one, headers[one] if zh else words(f"moment.list_{one}", language), numeric=one in MONEY)
        for one in VERSION
    ]
    found += [Head(one, words(f"moment.list_{one}", language), numeric=one == "problems") for one in STANDING]
    found += [
        Head(
            f"measure:{one.id}", words("moment.list_measure", language, measure=one.zh if zh else one.en), numeric=True
        )
        for one in profile.measures
        if one.filed_on == "project"
    ]
    return [*found, *(Head(f"attribute:{one.id}", one.zh if zh else one.en) for one in profile.attributes)]


def chosen(query: Any, heads: Sequence[Head], *, unit: str) -> Chosen:
    """Read what the address asks; what isn't one of the choices asks nothing."""
    known = {head.id for head in heads}
    columns = tuple(dict.fromkeys(one for one in query.getlist("c") if one in known)) or USUAL
    sort = query.get("sort", "")
    money = query.get("money", unit)
    return Chosen(
        columns,
        sort if sort.lstrip("-") in known else "",
        money if money in ("万元", "亿元", "元") else unit,
        query.get("title", "").strip()[:80],
    )


def table(by: lists.Viewer, lines: Sequence[Line], wanted: Chosen, heads: Sequence[Head]) -> Table:
    """Lay the list out. A fixed number of queries whatever the number of projects."""
    seen = [line for line in lines if line.card is not None]
    measures = {measure.id: measure for measure in by.profile.measures}
    of = {head.id: head for head in heads}
    shown = tuple(with_unit(of[one], wanted.unit, measures) for one in wanted.columns)
    sort = wanted.sort.lstrip("-")
    needed = (*wanted.columns, sort) if sort else wanted.columns
    given = Given(by, wanted.unit, *figures_and_notes(by, seen, needed))
    if sort:
        seen = sorted(seen, key=lambda line: order(given.exact(line, sort), wanted.sort.startswith("-")))
    totals = tuple(given.total(seen, head) for head in shown)
    return Table(shown, seen, totals, given, len(lines) - len(seen))


def with_unit(head: Head, unit: str, measures: Mapping[str, Any]) -> Head:
    """Give a head with its unit."""
    if not head.numeric or head.id == "problems":
        return head
    measure = measures.get(head.id.removeprefix("measure:"))
    return Head(head.id, head.label, unit if measure is None or measure.unit == "money" else measure.filed_in, True)


def figures_and_notes(
    by: lists.Viewer, lines: Sequence[Line], columns: Sequence[str]
) -> tuple[dict[tuple[str, str], Decimal], dict[str, str]]:
    """Load the figures of the year so far and the last words on progress, where a column asks for them."""
    codes = [line.card.code for line in lines if line.card]
    asked = [MomentColumn("", "", known=one) for one in columns if one.startswith("measure:")]
    figures = known_figures(asked, codes, profile=by.profile, today=by.on) if asked else {}
    notes: dict[str, tuple[str, str]] = {}
    if "progress" in columns:
        for (code, period), note in load.notes(codes).items():
            if note.progress and period >= notes.get(code, ("", ""))[0]:
                notes[code] = (period, note.progress)
    return figures, {code: text for code, (_period, text) in notes.items()}


@dataclass(frozen=True)
class Given:
    """What the cells are made from."""

    by: lists.Viewer
    unit: str
    figures: Mapping[tuple[str, str], Decimal]
    notes: Mapping[str, str]

    def value(self, line: Line, column: str) -> object:
        """Give one cell: an amount in the chosen unit, a day, a count, words; None when not reported."""
        card = line.card
        if card is None:
            return None
        if column.startswith("measure:"):
            return self.figure(card.code, column.removeprefix("measure:"))
        if column.startswith("attribute:"):
            return self.attribute(line, column.removeprefix("attribute:"))
        if column in STANDING:
            return self.standing(line, column)
        if column == "name":
            return line.face.label
        if column == "investor":
            return line.face.investor
        value = card.version.get(column)
        if isinstance(value, Decimal):
            return in_unit(value, self.unit, 2)
        return self.by.who.tree.name(str(value)) if column in UNITS and value else value

    def exact(self, line: Line, column: str) -> object:
        """Give what a cell is made from, where that is a number of yuan or persons; else the cell."""
        card = line.card
        if card is not None and column.startswith("measure:"):
            return self.figures.get((card.code, column.removeprefix("measure:")))
        if card is not None and column in MONEY:
            return card.version.get(column)
        return self.value(line, column)

    def total(self, lines: Iterable[Line], head: Head) -> Decimal | None:
        """Add up a column, exactly, and round the sum; nothing filled has no sum."""
        if not head.numeric or head.id == "problems":
            return None
        known = [value for line in lines if isinstance(value := self.exact(line, head.id), Decimal)]
        if not known:
            return None
        whole = sum(known, Decimal(0))
        return in_unit(whole, head.unit, 2) if head.unit in YUAN_IN else whole

    def figure(self, code: str, measure: str) -> Decimal | None:
        """Give a figure of the year so far."""
        value = self.figures.get((code, measure))
        of = self.by.profile.measure(measure)
        return in_unit(value, self.unit, 2) if value is not None and of is not None and of.unit == "money" else value

    def attribute(self, line: Line, name: str) -> object:
        """Give an attribute of the profile; a confidential one only to those who may see investors."""
        attribute = self.by.profile.attribute(name)
        if line.card is None or attribute is None:
            return None
        if attribute.confidential and not self.by.names.covers(*line.card.units):
            return None
        return line.card.version.attributes.get(name) or None

    def standing(self, line: Line, column: str) -> object:
        """Give something derived: state, class of the year, light, next node, problems, last progress."""
        card, node = line.card, line.card.next_node if line.card else None
        if card is None:
            return None
        if column == "light":
            return words(f"light.{line.lights.colour or 'none'}", self.by.language) if line.lights else None
        return {
            "state": card.state or None,
            "plan_class": words(f"plan_class.{card.plan_class}", self.by.language),
            "node": node.name if node else None,
            "node_on": node.planned_on if node else None,
            "problems": card.open_problems or None,
            "progress": self.notes.get(card.code),
        }[column]


def order(value: object, largest_first: bool) -> tuple[int, Any]:
    """Order cells of a column; missing ones last either way."""
    if value is None or value == "":
        return (1, 0)
    if isinstance(value, Decimal | int):
        return (0, -value if largest_first else value)
    if isinstance(value, date):
        return (0, -value.toordinal() if largest_first else value.toordinal())
    text = str(value)
    return (0, [-ord(sign) for sign in text] if largest_first else [ord(sign) for sign in text])


def as_text(found: Table, rows: Iterable[tuple[object, ...]], title: str, language: str, *, first: int = 1) -> str:
    """Write rows as plain text for a chat group: a line a project, amounts with their unit; the sums are those of the whole list."""
    lines = [title] if title else []
    for number, row in enumerate(rows, first):
        cells = [
            f"{written(value)}{head.unit}"
            for head, value in zip(found.heads, row, strict=True)
            if value not in (None, "")
        ]
        lines.append(f"{number}. " + ("，" if language == "zh" else ", ").join(cells))
    sums = [
        f"{head.label}{written(value)}{head.unit}"
        for head, value in zip(found.heads, found.totals, strict=True)
        if value is not None
    ]
    if sums:
        lines.append(
            words(
                "moment.list_sum",
                language,
                count=len(found.lines),
                sums=("，" if language == "zh" else ", ").join(sums),
            )
        )
    return "\n".join(lines)


def written(value: object) -> str:
    """Write a cell as people read it."""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}" if value else "0"
    return value.isoformat() if isinstance(value, date) else str(value)
