"""
Reading back a workbook that was handed out to be filled (or one that an office made itself with the same heads).

Rows are found by code, else by a name that only one row has. Rows of sums are skipped and checked. What can't be read, belongs to
nobody here, or stands twice with different values is said cell by cell; everything else is taken. Nothing is guessed.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import python_calamine

from luodi.exchange import asked_out, cells, headers, tables, totals
from luodi.exchange.cells import Raw
from luodi.exchange.frame import Fault, shown
from luodi.exchange.headers import Header, Heading
from luodi.exchange.reading import FOOT, TOTAL, Total
from luodi.exchange.refusals import BadCell, BadFile
from luodi.exchange.tables import Sheet
from luodi.kernel import money
from luodi.kernel.problem import words
from luodi.statistics.rules import asking as rules
from luodi.statistics.rules.asking import NotRead
from luodi.statistics.values.asking import AskedColumn, Asking

CODE, LABEL = "#code", "#label"
CODE_NAMES = ("项目编号", "项目代码", "编号", "单位代码", "code")
LABEL_NAMES = ("项目名称", "名称", "单位名称", "单位", "name", "Project", "Unit", "Name", "项目（单位）", "填报单位")


@dataclass
class Returned:
    """
    What a file says: its cells in canonical text, what stood in it when handed out, what is wrong, rows that belong to none of ours.

    `faults` by sheet; `strangers` is the sheet, row (from 0) and words of each.
    """

    name: str
    digest: str
    content: bytes
    part: str = ""
    cells: dict[str, str] = field(default_factory=dict)
    base: dict[str, str] = field(default_factory=dict)
    faults: list[tuple[str, Fault]] = field(default_factory=list)
    strangers: list[tuple[str, int, str]] = field(default_factory=list)
    totals: int = 0


def read(path: Path, *, name: str, asking: Asking) -> Returned:
    """
    Read a file that came back.

    :raises BadFile: if it is no table, was handed out for another form, unit or period, or has none of the columns
    """
    content = path.read_bytes()
    found = Returned(name, hashlib.sha256(content).hexdigest(), content)
    book = tables.read(path, name=name)
    mark = read_mark(path)
    if mark:
        refuse_foreign(mark, asking, name)
        found.part = mark.pop("part", "")
        found.base = {key: text for key, text in mark.items() if "|" in key}
    names = names_of(asking)
    fitting = [(sheet, header) for sheet in book.sheets if (header := fitting_header(sheet, names, asking))]
    if not fitting:
        wanted = "、".join(asked_out.heading(column, "zh") for column in asking.columns)
        raise BadFile("filing.book_not_ours", name=name, wanted=wanted)
    for sheet, header in fitting:
        SheetReader(found, sheet, header, asking).read()
    if not mark:
        found.base = {}
    return found


def read_mark(path: Path) -> dict[str, str]:
    """Read the sheet nobody sees; empty when the file hasn't one."""
    if path.suffix.lower() == ".csv":
        return {}
    try:
        book = python_calamine.load_workbook(str(path))
        if asked_out.MARK not in book.sheet_names:
            return {}
        rows = book.get_sheet_by_name(asked_out.MARK).to_python(skip_empty_area=False)
    except (python_calamine.CalamineError, OSError, ValueError):
        return {}
    return {str(row[0]): str(row[1]) for row in rows if len(row) > 1 and row[0] != ""}


def refuse_foreign(mark: dict[str, str], asking: Asking, name: str) -> None:
    """Refuse a file that was handed out for something else; what it is goes out of the mark."""
    theirs = [mark.pop(one, "") for one in ("form", "period", "unit")]
    if theirs != [asking.form, asking.period, asking.unit]:
        ours = f"{asking.form} {asking.period} {asking.unit}"
        raise BadFile("filing.book_other_form", name=name, found=" ".join(theirs), wanted=ours)


def names_of(asking: Asking) -> dict[str, str]:
    """Give every way a head may name a column, folded, to the column's id."""
    found: dict[str, str] = {}
    for column in asking.columns:
        for name in (column.zh, column.en, column.id, *(asked_out.heading(column, one) for one in ("zh", "en"))):
            found.setdefault(headers.folded(name), column.id)
    for known in asking.known:
        for name in (known.zh, known.en):
            found.setdefault(headers.folded(name), f"#{known.id}")
    for id, names in ((CODE, CODE_NAMES), (LABEL, LABEL_NAMES)):
        for name in names:
            found.setdefault(headers.folded(name), id)
    return found


def fitting_header(sheet: Sheet, names: Mapping[str, str], asking: Asking) -> Header | None:
    """Find a sheet's head; None unless it names rows and at least one asked column."""
    header = headers.find(sheet, names)
    asked = {column.id for column in asking.columns}
    if header is None or not asked & (header.columns.keys() | header.twice.keys()):
        return None
    return header if {CODE, LABEL} & header.columns.keys() else None


@dataclass
class SheetReader:
    """Reads one sheet into what a file says."""

    found: Returned
    sheet: Sheet
    header: Header
    asking: Asking
    numbers: dict[int, list[tuple[int, Decimal]]] = field(default_factory=lambda: defaultdict(list))
    sums: list[Total] = field(default_factory=list)
    seen: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.by_code = {row.subject: row for row in self.asking.rows}
        labels = [row.label for row in self.asking.rows]
        self.by_label = {row.label: row.subject for row in self.asking.rows if labels.count(row.label) == 1}
        self.columns = {column.id: column for column in self.asking.columns}

    def read(self) -> None:
        """Read every row below the head, then compare the sums."""
        for id, twice in self.header.twice.items():
            if id in self.columns:
                said = "、".join(heading.shown for heading in twice)
                self.fault(self.header.top, twice[0].at, twice[0], "filing.book_column_twice", found=said)
        for at in range(self.header.first_data, len(self.sheet.rows)):
            self.read_row(at, self.sheet.rows[at])
        self.check_sums()

    def read_row(self, at: int, row: Sequence[Raw]) -> None:
        """Read one row: skip what is no data, find whose it is, read its cells."""
        said = [headers.words_of(cell) for cell in row]
        if not any(said) or any(FOOT.fullmatch(word) for word in said[:3]):
            return
        code, label = self.word(row, CODE), self.word(row, LABEL)
        if sums := [one for word in (code, label, *said[:2]) if (one := sum_word(word))]:
            self.sums.append(Total(at, sums[0] == "小计", row))
            self.found.totals += 1
            return
        subject = code if code in self.by_code else self.by_label.get(label, "") if not code else ""
        if subject:
            self.read_cells(at, row, subject)
        elif code or label or any(self.word(row, id) for id in self.columns):
            self.stranger(at, f"{code} {label}".strip())

    def word(self, row: Sequence[Raw], id: str) -> str:
        """Give a cell of a column as words."""
        heading = self.header.columns.get(id)
        if heading is None or heading.at >= len(row):
            return ""
        raw = row[heading.at]
        return f"{raw:.15g}" if isinstance(raw, float) else headers.words_of(raw)

    def stranger(self, at: int, said: str) -> None:
        """Keep a row that belongs to none of the unit's: not taken, but named."""
        heading = self.header.columns.get(CODE) or self.header.columns[LABEL]
        self.found.strangers.append((self.sheet.name, at, said))
        self.fault(at, heading.at, heading, "filing.book_stranger", found=said or "—")

    def read_cells(self, at: int, row: Sequence[Raw], subject: str) -> None:
        """Read the asked cells of a row; a row that stands twice must say the same."""
        first = self.seen.setdefault(subject, at)
        for id, heading in self.header.columns.items():
            column = self.columns.get(id)
            if column is None:
                self.compare_known(at, row, subject, id, heading)
            elif self.asking.open(subject, id):
                self.read_cell(at, row[heading.at] if heading.at < len(row) else None, subject, column, heading, first)

    def compare_known(self, at: int, row: Sequence[Raw], subject: str, id: str, heading: Heading) -> None:
        """Note where somebody changed what the ledger knows: it isn't taken, the project's record says how to correct it."""
        ours = self.by_code[subject].known.get(id[1:]) if id not in (CODE, LABEL) else None
        theirs = self.word(row, id)
        if ours is not None and theirs and not rules.same(ours, theirs):
            self.fault(at, heading.at, heading, "filing.book_known_changed", False, found=theirs, ours=ours or "—")

    def read_cell(self, at: int, raw: Raw, subject: str, column: AskedColumn, heading: Heading, first: int) -> None:
        """Read one asked cell into its canonical text, or say what is wrong with it."""
        try:
            text = self.text(at, raw, column, heading)
        except (BadCell, NotRead) as why:
            self.fault(at, heading.at, heading, why.code, True, **{"found": shown(raw), **why.params})
            return
        key = f"{subject}|{column.id}"
        before = self.found.cells.get(key)
        if before is not None and not rules.same(before, text):
            self.fault(
                at,
                heading.at,
                heading,
                "filing.book_row_twice",
                found=text or "—",
                other=before or "—",
                first=first + 1,
            )
            return
        self.found.cells[key] = text
        if column.numeric and text:
            self.numbers[heading.at].append((at, Decimal(text)))

    def text(self, at: int, raw: Raw, column: AskedColumn, heading: Heading) -> str:
        """Write a cell the one way it is kept."""
        place = (at, heading.at)
        if place in self.sheet.formulas:
            raise BadCell("import.cell.formula")
        if place in self.sheet.errors:
            raise BadCell("import.cell.error")
        if column.numeric:
            return in_column_unit(raw, column, heading.unit)
        if isinstance(raw, datetime | date):
            raw = raw.isoformat()[: 7 if column.type == "month" else 10]
        return rules.canonical(column, cells.text(raw) or "")

    def check_sums(self) -> None:
        """Compare rows of sums with the rows they sum; one that is off is noted."""
        for id, heading in self.header.columns.items():
            if id not in self.columns or not self.columns[id].numeric:
                continue
            for total in self.sums:
                printed = totals.as_number(total.cells[heading.at]) if heading.at < len(total.cells) else None
                if printed is None:
                    continue
                possible = totals.possible(total, tuple(self.sums), self.numbers[heading.at])
                if not any(totals.agrees(printed, one) for one in possible):
                    found, counted = f"{printed:f}", f"{possible[0]:f}"
                    self.fault(total.row, heading.at, heading, "import.total.differs", False, found=found, sum=counted)

    def fault(self, row: int, at: int, heading: Heading, code: str, blocking: bool = True, **params: object) -> None:
        """Say something about a cell."""
        self.found.faults.append((self.sheet.name, Fault(row, at, "", heading.shown, code, params, blocking)))


def sum_word(word: str) -> str:
    """Tell which kind of sum a row's name says it is; "" for none. Our own files may be in English."""
    match = TOTAL.fullmatch(cells.half_width(word))
    return match["kind"] if match else "合计" if word == words("filing.total", "en") else ""


def in_column_unit(raw: Raw, column: AskedColumn, unit: str | None) -> str:
    """Read a number; one under a head in another unit of money (亿元) is turned into the column's (万元)."""
    other = column.type == "money" and unit in money.YUAN_IN and unit != column.unit
    value = cells.in_unit(unit if other else column.unit or None)(raw)
    if value is None:
        return ""
    if other and unit:
        value = money.WIDE.divide(money.WIDE.multiply(value, money.YUAN_IN[unit]), money.YUAN_IN[column.unit])
    return rules.canonical(column, f"{value:f}")
