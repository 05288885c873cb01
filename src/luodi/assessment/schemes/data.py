"""
Figures as they come: a wide table (one period) or a long one (periods, kinds, days known), and files of rows.

Cells stay text until a scheme asks for them. What was known later replaces what was known earlier; two values for
the same figure with nothing to choose between them are refused, never silently overwritten.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from luodi.assessment.schemes.exact import NotANumber, figure
from luodi.assessment.schemes.periods import key as period_key
from luodi.kernel.predicates import plain as plain_text
from luodi.kernel.problem import Problem, Refused, refuse_if_any

LONG = ("unit", "group", "period", "input", "value")
LONG_MAY = ("kind", "known_at", "share", "perimeter")
WIDE_MAY = ("share", "perimeter", "period")
KINDS = ("audited", "self")
BEIJING = timezone(timedelta(hours=8))
ALWAYS = datetime(1, 1, 1, tzinfo=BEIJING)


class BadData(Refused):
    """The data can't be read, or can't be scored under this scheme."""

    code = "scheme.bad_data"


# The same names and words stand in a file thousands of times.
plain = lru_cache(maxsize=65536)(plain_text)


@dataclass(frozen=True, slots=True)
class Entry:
    """One cell of the data."""

    text: str
    line: int
    known_at: datetime


@dataclass
class PeriodData:
    """What the data hold of one period."""

    groups: dict[str, dict[str, Fraction]] = field(default_factory=dict)  # unit -> group -> share
    # (unit, group) -> (input, perimeter, kind) -> what was known, earliest first
    cells: dict[tuple[str, str], dict[tuple[str, str, str], list[Entry]]] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Data:
    """A whole data file."""

    file: str
    periods: Mapping[str | None, PeriodData]
    columns: frozenset[str]  # of a wide file, or the inputs of a long one
    long: bool

    def latest(self) -> str | None:
        """Give the last period; None for a wide file."""
        known = [period for period in self.periods if period is not None]
        return max(known, key=period_key) if known else None


@dataclass(frozen=True)
class RawRow:
    """One row of a rows file, not yet under any key."""

    fields: Mapping[str, str]
    line: int
    known_at: datetime


@dataclass(frozen=True)
class RowsFile:
    """A file of rows with its header."""

    name: str
    file: str
    header: tuple[str, ...]
    rows: tuple[RawRow, ...]


# Tables -----------------------------------------------------------------------------------------------------------


def read_table(file: str) -> tuple[list[str], Iterator[tuple[int, list[str]]]]:
    """Read a CSV's header and its rows with their line numbers; UTF-8, or GB 18030 as old sheets are saved."""
    raw = Path(file).read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = raw.decode("gb18030")
        except UnicodeDecodeError as error:
            raise BadData(_at(file, 0, "scheme.encoding", position=error.start)) from None
    return _parsed(text, file)


def _parsed(text: str, file: str) -> tuple[list[str], Iterator[tuple[int, list[str]]]]:
    reader = csv.reader(io.StringIO(text, newline=""))
    try:
        header = [plain(name) for name in next(reader, [])]
    except csv.Error as error:
        raise BadData(_at(file, 1, "scheme.bad_csv", found=str(error))) from None
    if not any(header):
        raise BadData(_at(file, 1, "scheme.empty_file"))
    twice = sorted({name for name in header if name and header.count(name) > 1})
    if twice:
        raise BadData(*(_at(file, 1, "scheme.column_twice", column=name) for name in twice))
    return header, _rows(reader, len(header), file)


def _rows(reader: Iterator[list[str]], width: int, file: str) -> Iterator[tuple[int, list[str]]]:
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise BadData(_at(file, reader.line_num, "scheme.bad_csv", found=str(error))) from None  # type: ignore[attr-defined]
        if len(row) > width and any(cell.strip() for cell in row[width:]):
            raise BadData(_at(file, reader.line_num, "scheme.too_many_cells", found=len(row), expected=width))  # type: ignore[attr-defined]
        if any(cell.strip() for cell in row):
            yield reader.line_num, row + [""] * (width - len(row))  # type: ignore[attr-defined]


def _at(file: str, line: int, code: str, *, path: str = "", blocking: bool = True, **params: object) -> Problem:
    return Problem(code, where=path, params=params, file=file, line=line or None, path=path or None, blocking=blocking)


@lru_cache(maxsize=65536)
def instant(text: str) -> datetime | None:
    """Read a day or an instant (Beijing time unless said); None when it is neither. Empty means: always known."""
    written = plain(text)
    if not written:
        return ALWAYS
    try:
        found = datetime.fromisoformat(written)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=BEIJING)


def until(day: str) -> datetime | None:
    """Read a cut: a day counts to its end. None when it is no day."""
    found = instant(day)
    if found is None or not day.strip():
        return None
    return found + timedelta(days=1, microseconds=-1) if len(plain(day)) == 10 else found


def end_of(day: date) -> datetime:
    """Give the last instant of a day."""
    return datetime(day.year, day.month, day.day, 23, 59, 59, 999999, tzinfo=BEIJING)


# The data file ----------------------------------------------------------------------------------------------------


def read_data(file: str | Path) -> Data:
    """Read DATA, wide or long. Raises BadData with every problem; OSError if it can't be opened."""
    header, rows = read_table(str(file))
    missing = [name for name in ("unit", "group") if name not in header]
    if missing:
        raise BadData(*(_at(str(file), 1, "scheme.column_missing", column=name) for name in missing))
    problems: list[Problem] = []
    is_long = set(LONG) <= set(header)
    data = (_long if is_long else _wide)(str(file), header, rows, problems)
    refuse_if_any(problems, BadData)
    return data


def _member(
    period: PeriodData, unit: str, group: str, share: str, file: str, line: int, problems: list[Problem]
) -> None:
    if not unit:
        problems.append(_at(file, line, "scheme.unit_missing"))
        return
    if not group:
        problems.append(_at(file, line, "scheme.group_missing", unit=unit))
        return
    found = ONE if not share.strip() else share_of(share)
    if found is None:
        problems.append(_at(file, line, "scheme.bad_share", unit=unit, found=share))
        return
    groups = period.groups.setdefault(unit, {})
    if share.strip() or group not in groups:
        groups[group] = found
    period.lines.setdefault(unit, line)


ONE = Fraction(1)


def share_of(text: str) -> Fraction | None:
    """Read a share from above 0 to 1, also written 1/3 or 40%; None when it is none."""
    try:
        found = figure(text, percent=True)
    except NotANumber:
        return None
    if found is None:
        return ONE
    found = found / 100 if plain(text).endswith("%") else found
    return found if 0 < found <= 1 else None


def _wide(file: str, header: Sequence[str], rows: Iterable[tuple[int, list[str]]], problems: list[Problem]) -> Data:
    periods: dict[str | None, PeriodData] = {}
    at = {name: index for index, name in enumerate(header)}
    columns = [name for name in header if name and name not in ("unit", "group", *WIDE_MAY)]
    seen: dict[tuple[str, str, str, str], int] = {}
    for line, row in rows:
        unit, group = plain(row[at["unit"]]), plain(row[at["group"]])
        perimeter = plain(row[at["perimeter"]]) if "perimeter" in at else ""
        label = plain(row[at["period"]]) if "period" in at else ""
        first = seen.setdefault((unit, group, perimeter, label), line)
        if first != line:
            problems.append(_at(file, line, "scheme.unit_twice", unit=unit, group=group, first=first))
            continue
        period = periods.setdefault(label or None, PeriodData())
        _member(period, unit, group, row[at["share"]] if "share" in at else "", file, line, problems)
        cells = period.cells.setdefault((unit, group), {})
        for name in columns:
            cells[name, perimeter, "audited"] = [Entry(row[at[name]], line, ALWAYS)]
    if not periods and not problems:
        problems.append(_at(file, 1, "scheme.empty_file"))
    return Data(file, periods, frozenset(columns), long=False)


def _long(file: str, header: Sequence[str], rows: Iterable[tuple[int, list[str]]], problems: list[Problem]) -> Data:
    for name in header:
        if name and name not in (*LONG, *LONG_MAY):
            problems.append(_at(file, 1, "scheme.column_unknown", column=name, allowed=", ".join((*LONG, *LONG_MAY))))
    places = [header.index(name) if name in header else None for name in (*LONG, *LONG_MAY)]
    periods: dict[str | None, PeriodData] = {}
    inputs = set()
    for line, row in rows:
        cells = [row[place] if place is not None else "" for place in places]
        unit, group, label, name = map(plain, cells[:4])
        if not label or not name:
            problems.append(_at(file, line, "scheme.cell_missing", column="period" if not label else "input"))
            continue
        kind, known_at = plain(cells[5]) or "audited", instant(cells[6])
        if kind not in KINDS:
            problems.append(_at(file, line, "scheme.bad_kind", found=kind))
            continue
        if known_at is None:
            problems.append(_at(file, line, "scheme.bad_day", column="known_at", found=cells[6]))
            continue
        period = periods.setdefault(label, PeriodData())
        _member(period, unit, group, cells[7], file, line, problems)
        inputs.add(name)
        key = (name, plain(cells[8]), kind)
        period.cells.setdefault((unit, group), {}).setdefault(key, []).append(Entry(cells[4], line, known_at))
    for period in periods.values():
        _ordered(period, file, problems)
    if not periods and not problems:
        problems.append(_at(file, 1, "scheme.empty_file"))
    return Data(file, periods, frozenset(inputs), long=True)


def _ordered(period: PeriodData, file: str, problems: list[Problem]) -> None:
    """Put what was known in order of when; two values of one instant are a problem."""
    for (unit, _), cells in period.cells.items():
        for (name, _, kind), entries in cells.items():
            if len(entries) < 2:
                continue
            entries.sort(key=lambda entry: entry.known_at)
            for one, other in pairwise(entries):
                if one.known_at == other.known_at:
                    first = min(one.line, other.line)
                    line = max(one.line, other.line)
                    problems.append(
                        _at(file, line, "scheme.figure_twice", unit=unit, input=name, kind=kind, first=first)
                    )


# Rows -------------------------------------------------------------------------------------------------------------


def read_rows(name: str, file: str | Path) -> RowsFile:
    """Read a rows file. Raises BadData; OSError if it can't be opened."""
    header, rows = read_table(str(file))
    if "unit" not in header:
        raise BadData(_at(str(file), 1, "scheme.column_missing", column="unit"))
    problems: list[Problem] = []
    found = []
    for line, row in rows:
        fields = {name: cell.strip() for name, cell in zip(header, row, strict=True) if name}
        fields["unit"] = plain(fields["unit"])
        known_at = instant(fields.get("known_at", ""))
        if known_at is None:
            problems.append(_at(str(file), line, "scheme.bad_day", column="known_at", found=fields["known_at"]))
        elif not fields["unit"]:
            problems.append(_at(str(file), line, "scheme.unit_missing"))
        else:
            found.append(RawRow(fields, line, known_at))
    refuse_if_any(problems, BadData)
    return RowsFile(name, str(file), tuple(header), tuple(found))
