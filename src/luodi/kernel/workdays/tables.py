"""
Small CSV files with a header, each row with its line. What a row means is for the caller; a file that is no table is
refused.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo
from pathlib import Path

from luodi.kernel.problem import Problem, Refused

ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class BadTable(Refused):
    """A CSV file that can't be read as the table it should be."""

    code = "workdays.unreadable"


@dataclass(frozen=True)
class Line:
    """One row: its cells without surrounding blanks (a column that the file lacks is empty), and where it stands."""

    file: str
    number: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")

    def problem(self, code: str, column: str, **params: object) -> Problem:
        """Build a problem that points at a cell of this row, with what was found there."""
        given = {"column": column, "found": self[column], **params}
        return Problem(code, where=column, params=given, file=self.file, line=self.number, path=column)


@dataclass(frozen=True)
class Table:
    """The rows of a file in order, and the columns nobody reads."""

    lines: tuple[Line, ...]
    unknown: tuple[str, ...]


def read(file: str | Path, *, required: Sequence[str], optional: Sequence[str] = ()) -> Table:
    """
    Read a CSV file in UTF-8 or GB18030. Raises BadTable when it is absent, in neither, or lacks a required column.
    """
    name = str(file)
    raw = _decode(name, _bytes(file))
    reader = csv.reader(io.StringIO(raw.replace("\x00", ""), newline=""), strict=True)
    try:
        rows = [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise BadTable(
            Problem("workdays.not_csv", file=name, line=reader.line_num, params={"found": str(error)})
        ) from None
    header = [cell.strip() for cell in rows[0][1]] if rows else []
    _check_header(name, header, required)
    lines = []
    for number, row in rows[1:]:
        if any(cell.strip() for cell in row[len(header) :]):
            raise BadTable(
                Problem("workdays.long_row", file=name, line=number, params={"found": len(row), "columns": len(header)})
            )
        lines.append(Line(name, number, {key: cell.strip() for key, cell in zip(header, row, strict=False)}))
    known = {*required, *optional}
    return Table(tuple(lines), tuple(column for column in header if column not in known))


def _bytes(file: str | Path) -> bytes:
    try:
        return Path(file).read_bytes()
    except OSError as error:
        raise BadTable(Problem("workdays.no_file", file=str(file), params={"found": error.strerror})) from None


def _decode(name: str, raw: bytes) -> str:
    """Read UTF-8, or GB18030 as spreadsheets in Chinese offices save it."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return raw.decode("gb18030")
    except UnicodeDecodeError as error:
        raise BadTable(Problem("yaml.encoding", file=name, params={"position": error.start})) from None


def _check_header(name: str, header: Sequence[str], required: Sequence[str]) -> None:
    missing = [column for column in required if column not in header]
    twice = sorted({column for column in header if header.count(column) > 1})
    problems = [Problem("workdays.no_column", file=name, line=1, params={"column": column}) for column in missing]
    problems += [Problem("workdays.column_twice", file=name, line=1, params={"column": column}) for column in twice]
    if problems:
        raise BadTable(*problems)


def parse_day(text: str) -> date | None:
    """Read an ISO day such as 2026-09-21; None when it is anything else."""
    try:
        return date.fromisoformat(text) if ISO_DAY.fullmatch(text) else None
    except ValueError:
        return None


def parse_moment(text: str, zone: tzinfo, *, end_of_day: bool = False) -> datetime | None:
    """
    Read an ISO instant, or a day (its first instant, or its last microsecond with `end_of_day`); None when it is
    neither.

    An instant without an offset is on the zone's wall clock.
    """
    day = parse_day(text)
    try:
        if day is not None:
            return datetime.combine(day, time.max if end_of_day else time.min, zone)
        moment = datetime.fromisoformat(text) if ISO_DAY.match(text) and text[10:11] in ("T", " ") else None
        return moment and (moment.replace(tzinfo=zone) if moment.tzinfo is None else moment.astimezone(zone))
    except (ValueError, OverflowError):
        return None
