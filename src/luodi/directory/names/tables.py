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
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TextIO

from luodi.directory.names import credit
from luodi.directory.names.values import Alias, Asked, Entry
from luodi.kernel.problem import Problem, Refused, refuse_if_any

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


def read_names(file: Path) -> list[Asked]:
    """Read the names to resolve. Raises BadTable with every problem."""
    problems: list[Problem] = []
    rows = _rows(file, needed=("name",), optional=("uscc", "date"))
    asked = [Asked(name=name, uscc=uscc, on=_day(on, "date", file, line, problems)) for line, (name, uscc, on) in rows]
    refuse_if_any(problems, BadTable)
    return asked


def read_register(file: Path) -> list[Entry]:
    """Read a register: one row for each code. Raises BadTable with every problem, codes that repeat among them."""
    problems: list[Problem] = []
    first: dict[str, int] = {}
    entries = []
    for line, (code, name, uscc) in _rows(file, needed=("code", "name"), optional=("uscc",)):
        if not code or not name or code in first:
            problems += _row_problems(code, name, first, file, line)
        first.setdefault(code, line)
        entries.append(Entry(code, name, uscc and credit.tidy(uscc)))
    refuse_if_any(problems, BadTable)
    return entries


def read_aliases(file: Path) -> list[Alias]:
    """Read other names with the days from and until which they were borne. Raises BadTable with every problem."""
    problems: list[Problem] = []
    aliases = []
    for line, (code, name, begins, ends) in _rows(file, needed=("code", "alias"), optional=("from", "to")):
        problems += _row_problems(code, name, {}, file, line)
        since = _day(begins, "from", file, line, problems, month_begins=True)
        until = _day(ends, "to", file, line, problems)
        if since and until and until <= since:
            params = {"since": begins, "until": ends}
            problems.append(Problem("match.days_reversed", params=params, file=str(file), line=line))
        aliases.append(Alias(code, name, since, until))
    refuse_if_any(problems, BadTable)
    return aliases


def findings(entries: Sequence[Entry], aliases: Sequence[Alias]) -> list[Problem]:
    """Give what is odd but stops nothing: codes that are not valid, other names of nobody in the register."""
    bad = [entry for entry in entries if entry.uscc and not credit.adds_up(entry.uscc)]
    known = {entry.code for entry in entries} if aliases else set()
    strange = [alias for alias in aliases if alias.code not in known]
    found = []
    if bad:
        params: dict[str, object] = {"count": len(bad), "enterprise": bad[0].code, "uscc": bad[0].uscc}
        found.append(Problem("match.bad_uscc", params=params, blocking=False))
    if strange:
        params = {"count": len(strange), "enterprise": strange[0].code}
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


def _day(
    text: str, column: str, file: Path, line: int, problems: list[Problem], *, month_begins: bool = False
) -> date | None:
    try:
        return read_day(text, month_begins=month_begins) if text else None
    except ValueError:
        problems.append(Problem("match.bad_day", where=column, params={"found": text}, file=str(file), line=line))
        return None


def _row_problems(code: str, name: str, first: Mapping[str, int], file: Path, line: int) -> Iterator[Problem]:
    if not code:
        yield Problem("match.no_code", params={"name": name}, file=str(file), line=line)
    elif code in first:
        params: dict[str, object] = {"enterprise": code, "first": first[code]}
        yield Problem("match.code_repeated", params=params, file=str(file), line=line)
    if not name:
        yield Problem("match.no_name", params={"enterprise": code}, file=str(file), line=line)


def _rows(file: Path, *, needed: Sequence[str], optional: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    """Give the line and the cells of each row that is not blank; a column that is optional and absent is empty."""
    text, separator = _text(file)
    reader = csv.reader(text, delimiter=separator, strict=True)
    places: list[int] = []
    try:
        for cells in reader:
            if not "".join(cells).strip():
                continue
            if not places:
                places = _columns(cells, needed, optional, file)
                continue
            width = len(cells)
            yield reader.line_num, [cells[place].strip() if place < width else "" for place in places]
    except csv.Error as error:
        params = {"table": file.name, "found": str(error)}
        raise BadTable(Problem("match.torn_row", params=params, file=str(file), line=reader.line_num)) from None
    if not places:
        raise BadTable(Problem("match.empty_file", params={"table": file.name}, file=str(file)))


def _columns(header: Sequence[str], needed: Sequence[str], optional: Sequence[str], file: Path) -> list[int]:
    """Give the place of each column in the header; beyond every row for an optional one that is absent."""
    written = [cell.strip().casefold() for cell in header]
    problems: list[Problem] = []
    at = []
    for column in (*needed, *optional):
        places = [written.index(column)] if written.count(column) == 1 else _headed(written, column)
        params = {"table": file.name, "column": column, "chinese": HEADERS[column][1], "found": "、".join(header)}
        if len(places) > 1:
            problems.append(Problem("match.column_twice", params=params, file=str(file), line=1))
        elif not places and column in needed:
            problems.append(Problem("match.no_column", params=params, file=str(file), line=1))
        at.append(places[0] if places else sys.maxsize)
    refuse_if_any(problems, BadTable)
    return at


def _headed(written: Sequence[str], column: str) -> list[int]:
    return [place for place, cell in enumerate(written) if cell in HEADERS[column]]


def _text(file: Path) -> tuple[TextIO, str]:
    """
    Open a file's text, with its separator: by its mark, else as UTF-8, else as GB18030 (which reads GBK and GB 2312).
    """
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
            header = data.decode(encoding).split("\n", 1)[0]
        except UnicodeDecodeError as error:
            params["byte"] = error.start + 1
        else:
            return io.TextIOWrapper(io.BytesIO(data), encoding, newline=""), max(",\t;", key=header.count)
    raise BadTable(Problem("match.not_text", params=params, file=str(file)))
