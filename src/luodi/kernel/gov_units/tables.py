"""
Tables of the engine: `units.csv`, and the same reading for tables beside it. CSV in UTF-8 (with or without mark) or
GB18030, headed by codes or in Chinese, in any order; everything that is wrong is found in one go.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

from luodi.kernel.gov_units.values import Unit
from luodi.kernel.problem import Problem, Refused, refuse_if_any

UNIT_HEADERS: Mapping[str, tuple[str, ...]] = {
    "code": ("code", "单位代码", "代码", "编号"),
    "name": ("name", "单位名称", "名称"),
    "aliases": ("aliases", "alias", "别名", "简称"),
    "parent": ("parent", "上级代码", "上级"),
    "kind": ("kind", "类别", "类型"),
    "valid_from": ("valid_from", "启用日期", "起始日期"),
    "valid_to": ("valid_to", "停用日期", "终止日期"),
}
_DAY = re.compile(r"^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$")
_SEPARATORS = re.compile(r"[;；]")


class BadUnits(Refused):
    """A table that can't be read as what it should be."""

    code = "decompose.bad_table"


def read_units(file: Path) -> list[Unit]:
    """Read the city's list of units; several rows of one code are its versions. Raises BadUnits with every problem."""
    problems: list[Problem] = []
    units = []
    for line, row in rows(file, headers=UNIT_HEADERS, needed=("code", "name")):
        if not row["code"] or not row["name"]:
            problems.append(Problem("decompose.no_code_or_name", file=str(file), line=line))
            continue
        begins, ends = (day(row[key], key, file, line, problems) for key in ("valid_from", "valid_to"))
        if begins and ends and ends <= begins:
            params = {"since": begins, "until": ends}
            problems.append(Problem("decompose.days_reversed", params=params, file=str(file), line=line))
        aliases = tuple(filter(None, map(str.strip, _SEPARATORS.split(row["aliases"]))))
        units.append(Unit(row["code"], row["name"], aliases, row["parent"], row["kind"], begins, ends))
    refuse_if_any(problems, BadUnits)
    return units


def rows(
    file: Path, *, headers: Mapping[str, tuple[str, ...]], needed: Sequence[str]
) -> Iterator[tuple[int, dict[str, str]]]:
    """
    Yield each row's line and its cells by column (a column the file lacks is empty).

    Raises BadUnits for a file that is absent, no text, no CSV, or lacks a column that is needed.
    """
    reader = csv.reader(io.StringIO(_text(file), newline=""), strict=True)
    try:
        lines = [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]
    except csv.Error as error:
        params = {"found": str(error)}
        raise BadUnits(Problem("decompose.torn_row", params=params, file=str(file), line=reader.line_num)) from None
    header = [cell.strip() for cell in lines[0][1]] if lines else []
    places = {column: header.index(name) for column, names in headers.items() for name in names if name in header}
    missing = [column for column in needed if column not in places]
    if missing:
        params = {"column": "、".join(missing), "found": "、".join(header) or "-"}
        raise BadUnits(Problem("decompose.no_column", params=params, file=str(file), line=1))
    for line, row in lines[1:]:
        yield (
            line,
            {column: row[at].strip() if (at := places.get(column, len(row))) < len(row) else "" for column in headers},
        )


def day(text: str, column: str, file: Path, line: int, problems: list[Problem]) -> date | None:
    """Read a day (2026-06-30, 2026.6.30, 2026年6月30日), or None when blank; what is no day is added to the problems."""
    found = _DAY.match(text)
    try:
        if found:
            return date(*map(int, found.groups()))
    except ValueError:
        found = None
    if text:
        params = {"column": column, "found": text}
        problems.append(Problem("decompose.bad_day", params=params, file=str(file), line=line, path=column))
    return None


def _text(file: Path) -> str:
    try:
        raw = file.read_bytes()
    except OSError as error:
        params = {"found": error.strerror or str(error)}
        raise BadUnits(Problem("decompose.not_read", params=params, file=str(file))) from None
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise BadUnits(Problem("decompose.table_not_text", file=str(file)))
