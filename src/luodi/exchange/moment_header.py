"""
An Excel head becomes the columns of a form of the moment: words and units of each column, merged heads over several rows included,
what type it probably is, and whether the ledger knows it already. A person looks at all of it before it is sent.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from luodi.codebook.values import Profile
from luodi.exchange import headers, kinds, tables
from luodi.exchange.cells import Raw
from luodi.exchange.headers import AFTER_SIGN, ALONE, CORNER, IN_BRACKETS, SEARCHED_ROWS, TALLEST, Heading
from luodi.exchange.reading import TOTAL
from luodi.exchange.refusals import BadFile
from luodi.exchange.tables import Sheet
from luodi.statistics.rules.moment import MOST_COLUMNS, guess
from luodi.statistics.values.moment import MomentColumn

SAMPLED = 30
# Units beside those of money and heads, in brackets at a head's end.
MEASURED = re.compile(
    r"[(（]\s*(亩|公顷|平方米|平方公里|㎡|m2|米|公里|吨|万吨|吨标准?煤|千瓦|万千瓦|千瓦时|万千瓦时|立方米|%|户|家|台|套|次|项|份|宗|条|天|个月|岁|分)\s*[)）]$"
)
NUMBER = re.compile(r"序号|编号|No\.?|#", re.IGNORECASE)
# Heads that name the row itself: nobody is asked.
PROJECT_NAMES = ("项目名称", "项目", "名称", "项目编号", "项目代码")
UNIT_NAMES = (
    "单位",
    "单位名称",
    "填报单位",
    "县区",
    "县（市、区）",
    "县市区",
    "地区",
    "属地单位",
    "责任单位",
    "乡镇",
    "园区",
)
# What offices call what the ledger knows, beside the names of the import's columns.
ALSO = {
    "investor": ("项目单位", "建设单位", "企业名称", "投资主体", "投资企业", "业主单位"),
    "total_investment": ("总投资额", "计划总投资", "项目总投资", "投资总额"),
    "fixed_investment": ("固投", "固定资产投资额"),
    "content": ("建设内容", "主要建设内容", "建设规模及内容", "建设规模"),
    "host": ("所在县区", "所属县区", "所在地区", "落户园区", "建设县区"),
    "lead_department": ("牵头单位", "主管部门"),
    "state": ("项目阶段", "所处阶段", "当前阶段", "进展阶段"),
    "industry": ("所属行业", "行业", "行业类别"),
    "origin": ("资金来源",),
    "national_code": ("在线平台代码", "项目在线代码"),
}
NEVER = frozenset({"code", "name", "valid_from", "industry_edition", "excluded"})


@dataclass(frozen=True)
class Proposal:
    """What a head probably asks: a title if one stands above, whether its rows are projects, its columns."""

    title: str
    subject: str
    columns: tuple[MomentColumn, ...]


def read(path: Path, *, name: str, profile: Profile) -> Proposal:
    """
    Propose a form from a workbook's first sheet that has a head.

    :raises BadFile: if no sheet has one
    """
    for sheet in tables.read(path, name=name).sheets:
        found = head_rows(sheet)
        if found is not None:
            return propose(sheet, *found, profile=profile)
    raise BadFile("moment.no_head", name=name)


def typed(text: str, *, profile: Profile) -> Proposal:
    """Propose a form from columns typed one a line, or pasted from a row of Excel."""
    words = [word.strip() for line in text.splitlines() for word in line.split("\t") if word.strip()]
    headings = [Heading(at, (word,), headers.own_unit(word)) for at, word in enumerate(words)]
    return proposal("", headings, None, {}, profile)


def head_rows(sheet: Sheet) -> tuple[int, int] | None:
    """Find the head: the first row with two different words that is no note, down to where its merged cells end."""
    rows = headers.fill_merged(sheet, SEARCHED_ROWS + TALLEST)
    for top, row in enumerate(rows[:SEARCHED_ROWS]):
        words = {cell for cell in row if cell}
        if len(words) >= 2 and not is_note(words):
            bottom = top
            while (lower := bottom_of(sheet, top, bottom)) > bottom:
                bottom = lower
            return top, headers.extended(rows, min(bottom, top + TALLEST - 1), {})
    return None


def is_note(words: set[str]) -> bool:
    """Tell whether a row says who, when and in which unit instead of heading columns."""
    return len(words) <= 3 and any(
        "：" in word or ":" in word or CORNER.search(unicodedata.normalize("NFKC", word)) for word in words
    )


def bottom_of(sheet: Sheet, top: int, bottom: int) -> int:
    """Tell how far down the head goes: where its merged blocks end, and one row below a block that covers several columns."""
    lowest = bottom
    for (first, left), (last, right) in sheet.merged:
        if top <= first <= bottom:
            lowest = max(lowest, last + (1 if right > left else 0))
    return lowest


def propose(sheet: Sheet, top: int, bottom: int, *, profile: Profile) -> Proposal:
    """Read the head's words, the title above it and what stands below it."""
    rows = headers.fill_merged(sheet, bottom + 2)
    header = headers.build(rows, top, bottom, {})
    samples: dict[int, list[str]] = {}
    for row in sheet.rows[bottom + 1 : bottom + 1 + SAMPLED]:
        if not any(TOTAL.fullmatch(headers.words_of(cell)) for cell in row[:2]):
            for heading in header.headings:
                if heading.at < len(row) and (text := sample(row[heading.at])):
                    samples.setdefault(heading.at, []).append(text)
    title = next((cell for row in rows[:top] for cell in row if cell and not is_note({cell})), "")
    return proposal(title, header.headings, header.corner_unit, samples, profile)


def sample(raw: Raw) -> str:
    """Take a cell below the head as words."""
    return f"{raw:.15g}" if isinstance(raw, float | int) and not isinstance(raw, bool) else headers.words_of(raw)


def proposal(
    title: str, headings: Sequence[Heading], corner: str | None, samples: Mapping[int, Sequence[str]], profile: Profile
) -> Proposal:
    """Turn headings into columns; those that only name the row or number it fall away."""
    known = known_names(profile)
    labels = labels_of(headings)
    subject = "project" if any(folded(heading.words[-1]) in ROWS["project"] for heading in headings) else "unit"
    columns = []
    for heading, label in zip(headings, labels, strict=True):
        if NUMBER.fullmatch(label) or folded(label) in ROWS[subject]:
            continue
        columns.append(
            column_of(label, heading, corner, samples.get(heading.at, ()), known if subject == "project" else {})
        )
    return Proposal(title.strip(), subject, tuple(columns[:MOST_COLUMNS]))


def folded(text: str) -> str:
    """Fold a head the way the import does."""
    return headers.folded(text)


ROWS = {
    "project": frozenset(map(headers.folded, PROJECT_NAMES)),
    "unit": frozenset(map(headers.folded, UNIT_NAMES)),
}


def labels_of(headings: Sequence[Heading]) -> list[str]:
    """Name each column: its lowest words, with those above where the lowest alone would stand twice."""
    lowest = [bare(heading.words[-1]) or bare(heading.words[0]) for heading in headings]
    telling = [tuple(word for word in map(bare, heading.words) if word) for heading in headings]
    return [
        low if lowest.count(low) == 1 and len(words) < 2 else "·".join(words) or low
        for low, words in zip(lowest, telling, strict=True)
    ]


def bare(word: str) -> str:
    """Take the unit off a head, and words that are only a unit."""
    plain = unicodedata.normalize("NFKC", word)
    if ALONE.fullmatch(plain):
        return ""
    plain = re.sub(r"\s+", "", MEASURED.sub("", AFTER_SIGN.sub("", IN_BRACKETS.sub("", plain))))
    return plain.strip("*:").replace("(", "（").replace(")", "）")


def column_of(
    label: str, heading: Heading, corner: str | None, samples: Sequence[str], known: Mapping[str, str]
) -> MomentColumn:
    """Guess one column."""
    source = known.get(folded(label)) or known.get(folded(heading.words[-1]), "")
    stated = heading.unit or measured(heading.words)
    found = guess(label, stated, samples)
    unit = stated or (corner or found.unit if found.type == "money" else found.unit)
    return MomentColumn("", label, found.type, unit or "", False, found.choices, source)


def measured(words: Sequence[str]) -> str:
    """Read a unit that is no money's out of a head: 亩, 吨, % ..."""
    found = [match[1] for word in reversed(words) if (match := MEASURED.search(word.strip()))]
    return found[0] if found else ""


def known_names(profile: Profile) -> dict[str, str]:
    """Give every name of what the ledger knows of a project, folded, to where it is known from."""
    found: dict[str, str] = {}
    for column in kinds.PROJECTS.columns:
        if column.code not in NEVER:
            for name in (column.header, *column.also, *ALSO.get(column.code, ())):
                found.setdefault(folded(name), column.code)
    for name in ALSO["state"]:
        found.setdefault(folded(name), "state")
    for attribute in profile.attributes:
        found.setdefault(folded(attribute.zh), f"attribute:{attribute.id}")
    for measure in profile.measures:
        if measure.filed_on == "project":
            found.setdefault(folded(f"本年{measure.zh}"), f"measure:{measure.id}")
            found.setdefault(folded(f"{measure.zh}（累计）"), f"measure:{measure.id}")
            found.setdefault(folded(f"今年以来{measure.zh}"), f"measure:{measure.id}")
    return found


def sources(profile: Profile, language: str) -> list[tuple[str, str]]:
    """List what the ledger can fill a column from, with its name: for a person to choose."""
    zh = language == "zh"
    fixed = [
        (column.code, column.header if zh else column.code.replace("_", " "))
        for column in kinds.PROJECTS.columns
        if column.code not in NEVER
    ]
    attributes = [(f"attribute:{one.id}", one.zh if zh else one.en) for one in profile.attributes]
    measures = [
        (f"measure:{one.id}", f"{one.zh}（本年累计）" if zh else f"{one.en} (year to date)")
        for one in profile.measures
        if one.filed_on == "project"
    ]
    return [*fixed, ("state", "阶段" if zh else "stage"), *attributes, *measures]
