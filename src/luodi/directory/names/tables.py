"""
The tables of `luodi match`: names, register, other names. CSV in UTF-8 (with or without mark), UTF-16 or GB18030,
headed by codes or in Chinese, in any order. Everything that is wrong with a table is found in one go.
"""

from __future__ import annotations

import calendar
import codecs
import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from luodi.directory.names import credit
from luodi.directory.names.values import Alias, Asked, Entry
from luodi.kernel.problem import Problem, Refused

# Column -> the headers it may stand under; the first Chinese one is what a message names.
HEADERS: Mapping[str, tuple[str, ...]] = {
    "code": ("code", "企业编号", "编号", "代码", "企业代码"),
    "name": ("name", "企业名称", "名称", "单位名称", "公司名称"),
    "uscc": ("uscc", "统一社会信用代码", "信用代码", "社会信用代码"),
    "date": ("date", "日期", "时间"),
    "alias": ("alias", "别名", "曾用名", "简称", "其他名称"),
    "from": ("from", "启用日期", "起", "自", "起始日期"),
    "to": ("to", "停用日期", "止", "至", "终止日期"),
}
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_ARCHIVES = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_DAY = re.compile(r"^(\d{4})[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?|月)?(?:[ T]0?0:00(?::00)?)?$")
_COMPACT_DAY = re.compile(r"^(\d{4})(\d{2})(\d{2})$")


class BadTable(Refused):
    """A table that can't be read as what it should be."""

    code = "match.bad_table"


@dataclass(frozen=True)
class Row:
    """One row of a table: the line it ends on, and its cells by column, trimmed."""

    line: int
    cells: Mapping[str, str]


def read_names(file: Path) -> list[Asked]:
    """Read the names to resolve. Raises BadTable with every problem."""
    problems: list[Problem] = []
    asked = []
    for row in _rows(file, needed=("name",), optional=("uscc", "date")):
        on = _day(row, "date", file, problems)
        asked.append(Asked(name=row.cells["name"], uscc=row.cells["uscc"], on=on))
    _refuse(problems)
    return asked


def read_register(file: Path) -> list[Entry]:
    """Read a register: one row for each code. Raises BadTable with every problem, codes that repeat among them."""
    problems: list[Problem] = []
    first: dict[str, int] = {}
    entries = []
    for row in _rows(file, needed=("code", "name"), optional=("uscc",)):
        code, name = row.cells["code"], row.cells["name"]
        problems += _row_problems(row, code, name, first, file)
        first.setdefault(code, row.line)
        entries.append(Entry(code=code, name=name, uscc=credit.tidy(row.cells["uscc"])))
    _refuse(problems)
    return entries


def read_aliases(file: Path) -> list[Alias]:
    """Read other names with the days from and until which they were borne. Raises BadTable with every problem."""
    problems: list[Problem] = []
    aliases = []
    for row in _rows(file, needed=("code", "alias"), optional=("from", "to")):
        code, name = row.cells["code"], row.cells["alias"]
        problems += _row_problems(row, code, name, {}, file)
        since, until = _day(row, "from", file, problems, month_begins=True), _day(row, "to", file, problems)
        if since and until and until <= since:
            params = {"since": since.isoformat(), "until": until.isoformat()}
            problems.append(Problem("match.days_reversed", params=params, file=str(file), line=row.line))
        aliases.append(Alias(code=code, name=name, since=since, until=until))
    _refuse(problems)
    return aliases


def findings(entries: Sequence[Entry], aliases: Sequence[Alias]) -> list[Problem]:
    """Give what is odd but stops nothing: codes that are not valid, other names of nobody in the register."""
    bad = [entry for entry in entries if entry.uscc and not credit.valid(entry.uscc)]
    known = {entry.code for entry in entries} if aliases else set()
    strange = [alias for alias in aliases if alias.code not in known]
    found = []
    if bad:
        params: dict[str, object] = {"count": len(bad), "code": bad[0].code, "uscc": bad[0].uscc}
        found.append(Problem("match.bad_uscc", params=params, blocking=False))
    if strange:
        params = {"count": len(strange), "code": strange[0].code}
        found.append(Problem("match.alias_unknown", params=params, blocking=False))
    return found


def read_day(text: str, *, month_begins: bool = False) -> date | None:
    """
    Read a day as people write it; a month alone is its last day, or its first if `month_begins`.

    Raises ValueError when it is none.
    """
    found = _DAY.match(text) or _COMPACT_DAY.match(text)
    if not found:
        raise ValueError(text)
    year, month, day = (int(part) if part else None for part in found.groups())
    assert year is not None and month is not None  # noqa: S101 (the patterns have no match without)
    if day is None:
        day = 1 if month_begins or not 1 <= month <= 12 else calendar.monthrange(year, month)[1]
    return date(year, month, day)


def _day(row: Row, column: str, file: Path, problems: list[Problem], *, month_begins: bool = False) -> date | None:
    text = row.cells[column]
    try:
        return read_day(text, month_begins=month_begins) if text else None
    except ValueError:
        problem = Problem("match.bad_day", where=column, params={"found": text}, file=str(file), line=row.line)
        problems.append(problem)
        return None


def _row_problems(row: Row, code: str, name: str, first: Mapping[str, int], file: Path) -> Iterator[Problem]:
    place = {"file": str(file), "line": row.line}
    if not code:
        yield Problem("match.no_code", params={"name": name}, **place)  # type: ignore[arg-type]
    elif code in first:
        yield Problem("match.code_repeated", params={"code": code, "first": first[code]}, **place)  # type: ignore[arg-type]
    if not name:
        yield Problem("match.no_name", params={"code": code}, **place)  # type: ignore[arg-type]


def _refuse(problems: list[Problem]) -> None:
    if problems:
        raise BadTable(*problems)


def _rows(file: Path, *, needed: Sequence[str], optional: Sequence[str]) -> Iterator[Row]:
    """Give the rows that are not blank; a column that is optional and absent is empty in all."""
    text = _text(file)
    header = text.split("\n", 1)[0]
    separator = max(",\t;", key=header.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    at: dict[str, int] | None = None
    try:
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if at is None:
                at = _columns(cells, needed, optional, file)
                continue
            found = {column: cells[place].strip() if place < len(cells) else "" for column, place in at.items()}
            yield Row(reader.line_num, {**dict.fromkeys(optional, ""), **found})
    except csv.Error as error:
        problem = Problem(
            "match.torn_row", params={"table": file.name, "found": str(error)}, file=str(file), line=reader.line_num
        )
        raise BadTable(problem) from None
    if at is None:
        raise BadTable(Problem("match.empty_file", params={"table": file.name}, file=str(file)))


def _columns(header: Sequence[str], needed: Sequence[str], optional: Sequence[str], file: Path) -> dict[str, int]:
    written = [cell.strip().casefold() for cell in header]
    problems, at = [], {}
    for column in (*needed, *optional):
        places = [place for place, cell in enumerate(written) if cell in HEADERS[column]]
        if len(places) > 1 and written.count(column) == 1:
            places = [written.index(column)]
        params = {"table": file.name, "column": column, "chinese": HEADERS[column][1], "found": "、".join(header)}
        if len(places) > 1:
            problems.append(Problem("match.column_twice", params=params, file=str(file), line=1))
        elif places:
            at[column] = places[0]
        elif column in needed:
            problems.append(Problem("match.no_column", params=params, file=str(file), line=1))
    _refuse(problems)
    return at


def _text(file: Path) -> str:
    """Read a file's text: by its mark, else as UTF-8, else as GB18030 (which also reads GBK and GB 2312)."""
    params: dict[str, object] = {"table": file.name}
    try:
        data = file.read_bytes()
    except OSError as error:
        problem = Problem("match.not_read", params={**params, "found": str(error.strerror)}, file=str(file))
        raise BadTable(problem) from None
    if data.startswith(_ARCHIVES):
        raise BadTable(Problem("match.not_csv", params=params, file=str(file)))
    encodings = [name for mark, name in _MARKS if data.startswith(mark)] or ["utf-8", "gb18030"]
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError as error:
            params["byte"] = error.start + 1
    raise BadTable(Problem("match.not_text", params=params, file=str(file)))
