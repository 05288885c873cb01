"""
Which reader a column gets: from its entry in `kinds`, the city's profile, the unit and date formats stated for it.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from luodi.codebook.values import Profile
from luodi.codebook.values.lifecycle import Attribute
from luodi.exchange import cells, dates, kinds
from luodi.exchange.cells import Raw, Reader
from luodi.exchange.kinds import Column, Kind
from luodi.exchange.mapping import Source
from luodi.exchange.refusals import BadCell
from luodi.kernel import money

DEFAULT_MONEY = "万元"
MOST_SHOWN = 30

# How long a label may be where the profile doesn't list its values: what the tables hold.
LONGEST = {"vocabulary:chain": 80}
# What old tables name and today's profile need not: taken as it stands with `--history`, and remarked on.
OWN_WORDS = {"list": "lists", "group": "groups"}
FIRST_YEAR, LAST_YEAR = 1950, 2200


@dataclass(frozen=True)
class Lookup:
    """Gives readers for a profile."""

    profile: Profile
    history: bool = False

    def attribute(self, code: str) -> Attribute | None:
        """Find an extra project column of the profile."""
        return self.profile.attribute(code)

    def attribute_names(self, kind: Kind) -> dict[str, tuple[str, ...]]:
        """Give the names that extra project columns may be headed by."""
        return {item.id: (item.zh, item.en) for item in self.profile.attributes} if kind is kinds.PROJECTS else {}

    def reader(self, column: Column, source: Source, unit: str | None) -> Reader:
        """Give what reads a column's cells."""
        name, _, of = column.read.partition(":")
        if name in ("day", "day_or_month"):
            return day_reader(source, whole=name == "day_or_month")
        if name == "money":
            return money_reader(source, unit)
        if name == "raw":
            return raw
        if name == "vocabulary":
            return listed(self.vocabulary(of), LONGEST.get(column.read, 10))
        if name.startswith("label"):
            return cells.limited(int(name[5:] or 80))
        return PLAIN[name] if name in PLAIN else self.by_profile(name)

    def vocabulary(self, field: str) -> dict[str, str]:
        """Give the values a coded column may have."""
        return {value: value for value in self.profile.vocabulary(field)}

    def by_profile(self, name: str) -> Reader:
        """Give the reader of a column whose values the profile lists."""
        profile = self.profile
        if name == "period":
            return cells.period(profile.calendar.accounting_year)
        if self.history and name in OWN_WORDS:
            return listed_or_own(by_id_and_label(getattr(profile, OWN_WORDS[name])), 80 if name == "list" else 40)
        tables: dict[str, Mapping[str, str]] = {
            "stage": {stage.id: stage.id for stage in profile.stages},
            "list": by_id_and_label(profile.lists),
            "measure": by_id_and_label(profile.measures),
            "indicator": by_id_and_label(profile.indicators),
            "unit_kind": by_id_and_label(profile.unit_kinds),
        }
        if name == "group":
            return listed(by_id_and_label(profile.groups), 40)
        return known(tables[name], f"import.cell.unknown_{name}")

    def attribute_reader(self, attribute: Attribute, source: Source, unit: str | None) -> Reader:
        """Give what reads an extra column: as text that the ledger keeps under the attribute's id."""
        if attribute.type == "money":
            return written(money_reader(source, unit or attribute.unit or None))
        if attribute.type == "month":
            return month_text(day_reader(source, whole=True))
        simple: dict[str, Reader] = {
            "text": cells.text,
            "integer": written(cells.whole),
            "decimal": written(cells.number),
            "day": written(day_reader(source, whole=False)),
            "yes_no": written(cells.yes_no),
            "choice": known({choice: choice for choice in attribute.choices}, "import.cell.not_listed"),
        }
        return simple[attribute.type]


PLAIN: dict[str, Reader] = {
    "text": cells.text,
    "unit": cells.limited(40),
    "moment": cells.moment,
    "yes_no": cells.yes_no,
    "number": cells.number,
    "share": cells.share,
    "uscc": cells.uscc,
    "national_code": cells.national_code,
    "target_kind": cells.choice(kinds.TARGET_KINDS),
    "target_source": cells.choice(kinds.TARGET_SOURCES),
    "role": cells.choice(kinds.ROLES),
    "mode": cells.choice(kinds.MODES),
    "edition": cells.choice(kinds.EDITIONS),
    "year": lambda raw: between(cells.whole(raw), FIRST_YEAR, LAST_YEAR),
    "month": lambda raw: between(cells.whole(raw), 1, 12),
}


def raw(cell: Raw) -> Raw:
    """Leave a cell as it is: its unit depends on another column. Missing marks are None already."""
    return (cell if cells.text(cell) is not None else None) if isinstance(cell, str) else cell


def between(found: int | None, low: int, high: int) -> int | None:
    """Refuse a whole number outside its range."""
    if found is not None and not low <= found <= high:
        raise BadCell("import.cell.out_of_range", low=low, high=high)
    return found


def by_id_and_label(items: object) -> dict[str, str]:
    """Give every label and id of listed things, to the id."""
    found: dict[str, str] = {}
    for item in items:  # type: ignore[attr-defined]
        found[item.zh] = item.id
        found[item.id] = item.id
    return found


def known(table: Mapping[str, str], code: str) -> Reader:
    """Read a name that must be listed; another is refused with its nearest and with what there is."""

    def read(cell: Raw) -> str | None:
        found = cells.text(cell)
        if found is None:
            return None
        if found in table:
            return table[found]
        near = difflib.get_close_matches(found, table, n=3, cutoff=0.5)
        raise BadCell(code, near="、".join(near) or "—", allowed="、".join(list(dict.fromkeys(table))[:MOST_SHOWN]))

    return read


def listed(table: Mapping[str, str], longest: int) -> Reader:
    """Read one of the values a profile lists, or any label if it lists none."""
    return known(table, "import.cell.not_listed") if table else cells.limited(longest)


def listed_or_own(table: Mapping[str, str], longest: int) -> Reader:
    """Read a name that the profile lists, or keep a name of former days as it stands; the loader remarks on those."""
    label = cells.limited(longest)

    def read(cell: Raw) -> str | None:
        found = label(cell)
        return table.get(found, found) if isinstance(found, str) else None

    return read


def day_reader(source: Source, *, whole: bool) -> Reader:
    """Read days by the formats that a mapping states, else as contract.md says. `whole`: with whether it was a month alone."""
    both = dates.reader(source.formats) if source.formats else cells.day_or_month

    def read(cell: Raw) -> object:
        found = both(cell)
        return found if whole or found is None else found[0]

    return read


def money_reader(source: Source, unit: str | None) -> Callable[[Raw], Decimal | None]:
    """Read amounts of a unit into yuan. A foreign unit needs its rate."""
    name = unit if unit in money.YUAN_IN or unit in money.FOREIGN_IN else DEFAULT_MONEY
    if name in money.FOREIGN_IN and source.rate is None:

        def refuse(cell: Raw) -> None:
            if cells.text(cell) is not None:
                raise BadCell("import.cell.no_rate", unit=name)

        return refuse
    return cells.in_unit(name, money.to_yuan(Decimal(1), name, source.rate if name in money.FOREIGN_IN else None))


def written(read: Reader) -> Reader:
    """Write what was read as text: exact, the same for ever."""

    def write(cell: Raw) -> str | None:
        found = read(cell)
        if found is None:
            return None
        if isinstance(found, bool):
            return "是" if found else "否"
        if isinstance(found, Decimal):
            return f"{found:f}"
        return found.isoformat() if isinstance(found, date) else str(found)

    return write


def month_text(read: Reader) -> Reader:
    """Write a month as its label."""

    def write(cell: Raw) -> str | None:
        found = read(cell)
        return None if found is None else found[0].strftime("%Y-%m")  # type: ignore[index]

    return write
