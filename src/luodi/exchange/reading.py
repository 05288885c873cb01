"""
From a sheet to a frame: which column is which, rows that are no data, every cell converted.

Each distinct value of a column is read once. Nothing here asks the store; what a code points at is checked afterwards.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from luodi.exchange import headers, readers
from luodi.exchange.cells import BLANKS, Raw, half_width
from luodi.exchange.frame import ROWS_A_SHEET, Frame, Stated
from luodi.exchange.headers import Header, Heading
from luodi.exchange.kinds import KINDS, Column, Kind
from luodi.exchange.mapping import Layout, Source
from luodi.exchange.refusals import BadCell, BadFile, BadRows
from luodi.exchange.tables import Book, Sheet
from luodi.kernel.problem import Problem

TOTAL = re.compile(r"(?:其中)?(?:本页|全市|全县|全区|本月|分类|总)?(?P<kind>合计|小计|总计|共计)(?:[:(].*)?")
FOOT = re.compile(
    r"(?:注|备注|说明|填表人|填报人|填表单位|审核人|制表人?|单位负责人|负责人|统计负责人|联系电话|报出日期):.*",
    re.DOTALL,
)
SUSPECT = re.compile("[计注:：]|说明|负责人")
LEADING = 3
PROJECT_ATTRIBUTE = "attribute:"


@dataclass(frozen=True)
class Total:
    """A row of sums: where it stands, which kind, and its cells."""

    row: int
    subtotal: bool
    cells: Sequence[Raw]


@dataclass(frozen=True)
class Part:
    """One sheet as it was read: its rows, its rows of sums, how many rows were left out, headings nobody asked for."""

    frame: Frame
    totals: tuple[Total, ...] = ()
    skipped: int = 0
    unknown: tuple[str, ...] = ()
    units: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Reading:
    """What was read: the rows of every sheet that fits the kind, the sheets as `parts`, and those that were not read."""

    frame: Frame
    parts: tuple[Part, ...]
    other_sheets: tuple[str, ...] = ()

    @property
    def skipped(self) -> int:
        """Number of rows of sums and notes left out."""
        return sum(part.skipped for part in self.parts)

    @property
    def unknown(self) -> tuple[str, ...]:
        """Headings that no column was read from."""
        return tuple(dict.fromkeys(heading for part in self.parts for heading in part.unknown))


@dataclass(frozen=True)
class Given:
    """One column as a block of rows has it: where it stands in the file (None: a fixed value) and how it is to be read."""

    at: int | None
    source: Source
    heading: Heading | None = None


def read(book: Book, kind: Kind, layout: Layout, lookup: readers.Lookup) -> Reading:
    """
    Read the sheet that fits a kind best, and every other one that bears the kind's columns.

    :raises BadFile: if no sheet has such a header, or a column is missing or stands twice
    """
    names = headers.names_of(kind, lookup.attribute_names(kind))
    best = choose(book, kind, layout, names)
    refuse_missing(kind, blocks_of(kind, layout, best[1], lookup), best[1])
    chosen = [best, *others(book, kind, layout, names, lookup, best)]
    sheets = tuple(sheet.name for sheet, _header in chosen)
    parts = tuple(part_of(kind, at, *one, layout, lookup) for at, one in enumerate(chosen))
    frame = parts[0].frame if len(parts) == 1 else joined(kind, [part.frame for part in parts])
    frame.sheets = sheets
    return Reading(frame, parts, tuple(sheet.name for sheet in book.sheets if sheet.name not in sheets))


def part_of(kind: Kind, at: int, sheet: Sheet, header: Header, layout: Layout, lookup: readers.Lookup) -> Part:
    """Read one sheet, the `at`-th of those that are read."""
    blocks = blocks_of(kind, layout, header, lookup)
    used = {given.at for block in blocks for given in block.values()}
    rows, totals, skipped = data_rows(sheet, header, {at for at in used if at is not None})
    frame, units = convert(kind, sheet, rows, blocks, layout, lookup, header.corner_unit)
    unknown = tuple(heading.shown for heading in header.headings if heading.at not in used)
    first = at * ROWS_A_SHEET
    if first:
        frame.numbers = [first + row for row in frame.numbers]
        frame.faults = [replace(fault, row=first + fault.row) for fault in frame.faults]
        totals = tuple(replace(total, row=first + total.row) for total in totals)
    return Part(frame, totals, len(skipped), unknown, units)


def choose(book: Book, kind: Kind, layout: Layout, names: Mapping[str, str]) -> tuple[Sheet, Header]:
    """Pick the named sheet, or the one whose header names most columns."""
    sheets = [sheet for sheet in book.sheets if layout.sheet in (None, sheet.name)]
    if not sheets:
        raise BadFile("import.sheet.absent", sheet=layout.sheet, sheets="、".join(sheet.name for sheet in book.sheets))
    wanted = wanted_names(layout, names)
    found = [(header, sheet) for sheet in sheets if (header := headers.find(sheet, wanted, rows=layout.header))]
    if not found:
        first = next((row for row in sheets[0].rows if any(row)), [])
        raise BadFile(
            "import.header.absent", kind=kind.header, wanted="、".join(kind.column(code).header for code in kind.required),
            found="、".join(headers.words_of(cell) for cell in first if cell != "")[:200],
        )  # fmt: skip
    header, sheet = max(found, key=lambda pair: len(pair[0].columns) + len(pair[0].twice))
    return sheet, own_header(sheet, header, names)


def wanted_names(layout: Layout, names: Mapping[str, str]) -> Mapping[str, str]:
    """Give the names a header is known by: those that a mapping names, else the kind's own."""
    if not list(layout.wanted):
        return names
    return {headers.folded(name): name for source in layout.wanted for name in source.headers}


def own_header(sheet: Sheet, header: Header, names: Mapping[str, str]) -> Header:
    """Read a header that a mapping found by the kind's own names too."""
    return headers.find(sheet, names, rows=(header.top, header.first_data - 1)) or header


def others(
    book: Book, kind: Kind, layout: Layout, names: Mapping[str, str], lookup: readers.Lookup, best: tuple[Sheet, Header]
) -> Iterator[tuple[Sheet, Header]]:
    """
    Yield further sheets that bear the kind's columns: a month or a county on each, say. Not one that a column every row
    needs is missing from, nor one that another kind fits better (a workbook with a sheet for each kind).
    """
    for sheet in book.sheets if layout.sheet is None else ():
        header = None if sheet is best[0] else headers.find(sheet, wanted_names(layout, names), rows=layout.header)
        if header is None:
            continue
        header = own_header(sheet, header, names)
        if bears(kind, layout, header, lookup) and (
            layout.columns or layout.rows or fits_best(sheet, kind, header, best[1], lookup)
        ):
            yield sheet, header


def bears(kind: Kind, layout: Layout, header: Header, lookup: readers.Lookup) -> bool:
    """Tell whether a header has what every row needs, and all that a mapping names."""
    try:
        refuse_missing(kind, blocks_of(kind, layout, header, lookup), header)
    except BadRows:
        return False
    return True


def fits_best(sheet: Sheet, kind: Kind, header: Header, best: Header, lookup: readers.Lookup) -> bool:
    """Tell whether no other kind knows more of a sheet's columns; as many only if it has all that the best sheet has."""
    has_all = best.columns.keys() <= header.columns.keys()
    for other in KINDS.values():
        found = None if other is kind else headers.find(sheet, headers.names_of(other, lookup.attribute_names(other)))
        if found is not None and len(found.columns) >= len(header.columns) + has_all:
            return False
    return True


def blocks_of(kind: Kind, layout: Layout, header: Header, lookup: readers.Lookup) -> list[dict[str, Given]]:
    """Say, for each row that a row of the file makes (one, unless the mapping has `rows`), where its columns come from."""
    mapped = {**layout.columns, **{PROJECT_ATTRIBUTE + code: source for code, source in layout.attributes.items()}}
    taken = {headers.folded(name) for source in layout.wanted for name in source.headers}
    own: dict[str, Given] = {}
    for code, heading in header.columns.items():
        key = code if code in {column.code for column in kind.all_columns} else PROJECT_ATTRIBUTE + code
        if key not in mapped and not any(headers.folded(word) in taken for word in heading.words):
            own[key] = Given(heading.at, Source(unit=heading.unit), heading)
    twice = {code: found for code, found in header.twice.items() if code not in mapped}
    if twice:
        raise BadRows(*(Problem("import.header.twice", params={"column": shown_column(kind, code), "found": "、".join(h.shown for h in found)})
                        for code, found in twice.items()))  # fmt: skip
    own.update(given_by(mapped, header))
    return [{**own, **given_by(row, header)} for row in layout.rows] or [own]


def given_by(sources: Mapping[str, Source], header: Header) -> dict[str, Given]:
    """Find the columns that a mapping names. Raises BadRows naming every one the file hasn't, with what it has."""
    found: dict[str, Given] = {}
    absent = []
    for code, source in sources.items():
        heading = None
        if source.headers:
            heading = next(filter(None, (by_name(header, name) for name in source.headers)), None)
            if heading is None:
                near = "、".join(heading.shown for heading in header.headings)[:300]
                absent.append(
                    Problem(
                        "import.header.not_in_file",
                        params={"column": code, "wanted": "、".join(source.headers), "found": near},
                    )
                )
                continue
        found[code] = Given(heading.at if heading else None, source, heading)
    if absent:
        raise BadRows(*absent)
    return found


def by_name(header: Header, name: str) -> Heading | None:
    """Find a heading by its whole words, else by its lowest word."""
    wanted = headers.folded(name)
    whole = [heading for heading in header.headings if headers.folded(heading.shown) == wanted]
    lowest = [heading for heading in header.headings if headers.folded(heading.words[-1]) == wanted]
    return next(iter(whole or lowest), None)


def shown_column(kind: Kind, code: str) -> str:
    """Name a column as files head it."""
    try:
        return kind.column(code).header
    except KeyError:
        return code


def refuse_missing(kind: Kind, blocks: Sequence[Mapping[str, Given]], header: Header) -> None:
    """Refuse a file that lacks a column no row may leave empty."""
    missing = [code for code in kind.required if any(code not in block for block in blocks)]
    if missing:
        found = "、".join(heading.shown for heading in header.headings)[:300]
        raise BadRows(
            *(
                Problem(
                    "import.header.missing",
                    params={
                        "column": kind.column(code).header,
                        "code_name": code,
                        "row": header.first_data,
                        "found": found,
                    },
                )
                for code in missing
            )
        )


def data_rows(sheet: Sheet, header: Header, used: set[int]) -> tuple[list[int], tuple[Total, ...], tuple[int, ...]]:
    """Tell data from rows of sums, notes below the table, and blank rows. Sums are named in the first columns or in the first that is used."""
    rows = sheet.rows[header.first_data :]
    odd: dict[int, re.Match[str]] = {}
    feet: set[int] = set()
    for at in sorted({*range(min(LEADING, sheet.width)), *sorted(used)[:LEADING]}):
        column = [row[at] for row in rows]
        for value in suspects(column):
            plain = re.sub(r"\s", "", half_width(value))
            total, foot = TOTAL.fullmatch(plain), FOOT.fullmatch(plain)
            hits = [n for n, cell in enumerate(column, header.first_data) if cell == value] if total or foot else []
            if total:
                odd.update((row, total) for row in hits)
            else:
                feet.update(row for row in hits if not any(map(filled, sheet.rows[row][:at])))
    out = odd.keys() | feet
    data = [n for n, row in enumerate(rows, header.first_data) if any(row) or any(map(filled, row))]
    totals = tuple(Total(row, odd[row]["kind"] == "小计", sheet.rows[row]) for row in sorted(odd))
    return [n for n in data if n not in out] if out else data, totals, tuple(sorted(out))


def suspects(column: Sequence[Raw]) -> set[str]:
    """Pick the cells that may name a sum or be a note: sought in all of a column's words at once, since most have none."""
    words = "\0".join({cell for cell in column if isinstance(cell, str)})
    found = set()
    for match in SUSPECT.finditer(words):
        begins, ends = words.rfind("\0", 0, match.start()) + 1, words.find("\0", match.end())
        found.add(words[begins : ends if ends >= 0 else len(words)])
    return found


def filled(value: Raw) -> bool:
    return value is not None and (not isinstance(value, str) or bool(value.strip(BLANKS)))


def convert(
    kind: Kind,
    sheet: Sheet,
    rows: list[int],
    blocks: list[dict[str, Given]],
    layout: Layout,
    lookup: readers.Lookup,
    corner: str | None,
) -> tuple[Frame, dict[str, str]]:
    """Convert every column of every block and put the blocks together, in the order of the file's rows."""
    untrusted = untrusted_places(sheet)
    frames, units = [], dict[str, str]()
    for block in blocks:
        numbers = (
            rows
            if not layout.rows
            else [
                row
                for row in rows
                if any(
                    filled_mark(sheet.rows[row][given.at])
                    for code, given in block.items()
                    if given.at is not None and is_wide(code, layout)
                )
            ]
        )
        frame = Frame(kind, list(numbers), {}, {}, {}, {})
        columns = list(zip(*(sheet.rows[row] for row in numbers), strict=True)) or [()] * sheet.width
        for code, given in block.items():
            unit = convert_column(frame, code, given, columns, layout.values.get(code, {}), lookup, corner)
            if unit:
                units[code] = unit
        trust(frame, untrusted)
        frames.append(frame)
    return (frames[0] if len(frames) == 1 else joined(kind, frames)), units


def is_wide(code: str, layout: Layout) -> bool:
    """Tell whether a column belongs to the mapping's `rows`, whose cells decide if a row is made."""
    return any(code in row and row[code].headers for row in layout.rows)


def filled_mark(value: Raw) -> bool:
    """Tell whether a cell of a wide table says anything."""
    from luodi.exchange.cells import MISSING

    return filled(value) and not (isinstance(value, str) and value.strip(BLANKS) in MISSING)


def convert_column(
    frame: Frame,
    code: str,
    given: Given,
    columns: Sequence[Sequence[Raw]],
    meanings: Mapping[str, str],
    lookup: readers.Lookup,
    corner: str | None,
) -> str | None:
    """Read one column into the frame; gives the unit its amounts were in."""
    attribute = lookup.attribute(code.removeprefix(PROJECT_ATTRIBUTE)) if code.startswith(PROJECT_ATTRIBUTE) else None
    column = Column(code, attribute.zh, "text") if attribute else frame.kind.column(code)
    at = given.at
    raw: Sequence[Raw] = [given.source.value] * len(frame) if at is None else columns[at]
    unit = given.source.unit or (given.heading.unit if given.heading else None) or corner
    read = (
        lookup.attribute_reader(attribute, given.source, unit)
        if attribute
        else lookup.reader(column, given.source, unit)
    )
    frame.raw[code] = raw
    frame.places[code] = [at] * len(frame)
    frame.headers[code] = given.heading.shown if given.heading else column.header
    if column.read == "raw":
        frame.stated[code] = [Stated(unit, given.source.rate, given.source.rate_on)] * len(frame)
    frame.cells[code] = each(frame, code, [said(cell, meanings) for cell in raw] if meanings else raw, read)
    return unit


def said(cell: Raw, meanings: Mapping[str, str]) -> Raw:
    """Translate what a cell says into what the mapping means by it."""
    if isinstance(cell, str):
        return meanings.get(cell.strip(BLANKS), cell)
    return meanings.get(f"{cell:.15g}", cell) if isinstance(cell, float) else cell


def each(frame: Frame, code: str, raw: Sequence[Raw], read: Callable[[Raw], object]) -> list[object]:
    """Read each distinct value once. True and 1 are one key to Python, so truth values are told apart by hand."""
    if bool in set(map(type, raw)):
        raw = [Truth(cell) if isinstance(cell, bool) else cell for cell in raw]  # type: ignore[misc]
    known: dict[Raw, object] = dict.fromkeys(raw)
    wrong: dict[Raw, BadCell] = {}
    for value in known:
        try:
            known[value] = read(value.value if isinstance(value, Truth) else value)
        except BadCell as fault:
            wrong[value] = fault
    if wrong:
        for index, value in enumerate(raw):
            if value in wrong:
                frame.refuse(index, code, wrong[value].code, **wrong[value].params)
    return list(map(known.__getitem__, raw))


@dataclass(frozen=True)
class Truth:
    """A workbook's TRUE or FALSE, kept apart from 1 and 0."""

    value: bool


def untrusted_places(sheet: Sheet) -> dict[tuple[int, int], str]:
    """List cells whose value must not be taken: formulas and errors."""
    return {**dict.fromkeys(sheet.formulas, "import.cell.formula"), **dict.fromkeys(sheet.errors, "import.cell.error")}


def trust(frame: Frame, untrusted: Mapping[tuple[int, int], str]) -> None:
    """Refuse rows with a formula or an error in a column that is taken."""
    if not untrusted:
        return
    index_of = {row: index for index, row in enumerate(frame.numbers)}
    code_at = {places[0]: code for code, places in frame.places.items() if places and places[0] is not None}
    for (row, at), code in sorted(untrusted.items()):
        if row in index_of and at in code_at:
            frame.refuse(index_of[row], code_at[at], code)


def joined(kind: Kind, frames: list[Frame]) -> Frame:
    """Put the frames of a wide table together, rows of one row of the file side by side."""
    order = sorted((number, f, i) for f, frame in enumerate(frames) for i, number in enumerate(frame.numbers))
    codes = list(dict.fromkeys(code for frame in frames for code in frame.cells))
    whole = Frame(
        kind,
        [number for number, _f, _i in order],
        {},
        {},
        {},
        {code: header for frame in frames for code, header in frame.headers.items()},
    )
    for code in codes:
        whole.cells[code] = [frames[f].cells[code][i] if code in frames[f].cells else None for _n, f, i in order]
        whole.raw[code] = [frames[f].raw[code][i] if code in frames[f].raw else None for _n, f, i in order]
        whole.places[code] = [frames[f].places[code][i] if code in frames[f].places else None for _n, f, i in order]
        if any(code in frame.stated for frame in frames):
            whole.stated[code] = [
                frames[f].stated[code][i] if code in frames[f].stated else Stated() for _n, f, i in order
            ]
    new = {(f, i): at for at, (_n, f, i) in enumerate(order)}
    whole.faults = [fault for frame in frames for fault in frame.faults]
    whole.bad = {new[f, i] for f, frame in enumerate(frames) for i in frame.bad}
    return whole
