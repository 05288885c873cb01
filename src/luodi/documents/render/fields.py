"""What a Word template may name: plain words and lists, made from a bulletin. The how-to page of papers lists every field."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from luodi.documents.rules.wording import day_words, title_lines
from luodi.documents.values import NOTHING, Bulletin, Correction, Edition, Figure, Filing, Matter, Sentence, UnitTable
from luodi.indicators.references import Reference

Numbers = Mapping[Reference, str]
SECTIONS = {
    "comments": "总体情况",
    "rankings": "完成情况排名",
    "filing": "报送情况",
    "lagging": "滞后项目",
    "matters": "需协调解决的事项",
    "corrections": "数据更正",
    "transfers": "项目划转",
}
NUMERALS = "一二三四五六七八九十"
COLOUR_ORDER = "红橙黄"


def fields(paper: Bulletin, numbers: Numbers) -> dict[str, Any]:
    """Give every field of the template; trace numbers stand beside figures on a checking edition only."""
    mark = _marker(numbers)
    head = paper.head
    found: dict[str, Any] = {
        "title": title_lines(head.title),
        "period": head.period,
        "span": head.span,
        "year": head.year,
        "issue": head.issue or "",
        "issuer": head.issuer,
        "compiler": head.compiler,
        "date": day_words(head.made_on),
        "to": "，".join(head.to),
        "copies": "，".join(head.copies),
        "flash": head.edition is Edition.FLASH,
        "checking": head.checking,
        "completeness": head.completeness,
        "statement": head.statement,
        "synthetic": head.synthetic,
        "marks": marks(paper),
        "note": f"（{head.statement}。{head.basis}。）",
        "comments": [_sentence(line, mark) for line in paper.comments],
        "rankings": [_ranking(table, mark) for table in paper.rankings],
        "filing": filing_words(paper),
        "lagging": [_lagging(row, mark) for row in paper.lagging],
        "lagging_heads": lagging_heads(paper),
        "lagging_words": lagging_words(paper),
        "matters": [matter_words(one) for one in paper.matters],
        "corrections": [_sentence(correction_sentence(one), mark) for one in paper.corrections],
        "transfers": transfer_words(paper),
        "seal_words": seal_words(paper),
    }
    return found | {"headings": _headings(found)}


def figures(paper: Bulletin) -> list[Figure]:
    """List the figures that a Word paper prints, in reading order."""
    listed = [part for line in paper.comments for part in line if isinstance(part, Figure)]
    listed += [figure for table in paper.rankings for row in table.rows for figure in row.figures]
    listed += [figure for row in paper.lagging for figure in (row.invested, row.rate)]
    return listed + [part for one in paper.corrections for part in correction_sentence(one) if isinstance(part, Figure)]


def marks(paper: Bulletin) -> str:
    """Say at the head of every page what the paper is not: real, sealed, for anybody's eyes."""
    head = paper.head
    found = ["演示数据"] if head.synthetic else []
    found += ["快报　未封账"] if head.edition is Edition.FLASH else []
    found += ["核对版"] if head.checking else []
    return "　　".join(found)


Mark = Callable[[Figure], str]


def _marker(numbers: Numbers) -> Mark:
    def mark(figure: Figure) -> str:
        found = numbers.get(figure.reference) if figure.reference and figure.known else None
        return f"〔{found}〕" if found else ""

    return mark


def _headings(found: Mapping[str, Any]) -> dict[str, str]:
    """Number the sections that have something to say."""
    present = [section for section in SECTIONS if found[section]]
    return {section: f"{NUMERALS[n]}、{SECTIONS[section]}" for n, section in enumerate(present)}


def _sentence(line: Sentence, mark: Mark) -> list[dict[str, str]]:
    return [
        {"text": part, "ref": ""} if isinstance(part, str) else {"text": part.text, "ref": mark(part)} for part in line
    ]


def _cell(figure: Figure, mark: Mark) -> dict[str, str]:
    return {"text": figure.text, "ref": mark(figure)}


def _ranking(table: UnitTable, mark: Mark) -> dict[str, Any]:
    rows = [
        {
            "rank": NOTHING if row.rank is None else str(row.rank),
            "name": row.name + ("*" if row.transferred else ""),
            "cells": [_cell(figure, mark) for figure in row.figures],
        }
        for row in table.rows
    ]
    return {
        "title": table.title,
        "columns": [column.head_lines for column in table.columns],
        "rows": rows,
        "note": ranking_note(table),
    }


def ranking_note(table: UnitTable) -> str:
    """Explain marks of a ranking, only those it has."""
    found = []
    if table.ranked and any(not row.filed for row in table.rows):
        late = "、".join(row.name for row in table.rows if not row.filed)
        found.append(f"{late}未按时上报，不参加排名")
    if any(row.transferred for row in table.rows):
        found.append("*年内有项目划入或划出，累计数按期末属地计算，不等于各月之和")
    return f"注：{'；'.join(found)}。" if found else ""


def _lagging(row: Any, mark: Mark) -> dict[str, Any]:
    return {
        "label": row.label,
        "host": row.host,
        "invested": _cell(row.invested, mark),
        "rate": _cell(row.rate, mark),
        "colour": row.colour,
        "words": f"{row.colour}：{'；'.join(row.reasons)}",
    }


def lagging_heads(paper: Bulletin) -> dict[str, str]:
    """Give the heads of the columns with units."""
    unit = paper.lagging[0].invested.unit if paper.lagging else "亿元"
    return {"invested": f"完成投资（{unit}）", "rate": "完成计划（%）"}


def lagging_words(paper: Bulletin) -> str:
    """Say how many lag and how many are named."""
    total = len(paper.lagging) + paper.lagging_more
    shown = f"，列出前{len(paper.lagging)}个" if paper.lagging_more else ""
    return f"亮灯项目共{total}个{shown}。"


def filing_words(paper: Bulletin) -> str:
    """Say who has not filed."""
    found = paper.filing
    if not found.units:
        return "本期没有应报的报表。"
    if not found.missing:
        return f"应报单位{found.units}家、报表{found.returns}张，已全部报齐。"
    missing = "；".join(f"{'、'.join(units)}（{'、'.join(forms)}）" for forms, units in _alike(found).items())
    return (
        f"应报单位{found.units}家，报齐{found.complete}家；应报报表{found.returns}张，已报{found.filed}张。"
        f"未报的有：{missing}。"
    )


def _alike(found: Filing) -> dict[tuple[str, ...], list[str]]:
    """Put together the units that owe the same forms, those that owe most first."""
    together: dict[tuple[str, ...], list[str]] = {}
    for unit, forms in found.missing:
        together.setdefault(forms, []).append(unit)
    return dict(sorted(together.items(), key=lambda pair: -len(pair[0])))


def matter_words(one: Matter) -> str:
    """Say what needs a leader, whose it is, and how long it has waited."""
    owner = f"，责任单位{one.owner}" if one.owner else ""
    over = f"，应于{day_words(one.due_on)}前办结，已超期{one.days_over}天" if one.due_on else ""
    return f"{one.label}（{one.host}）：{one.words.rstrip('。')}{owner}{over}。"


def correction_sentence(one: Correction) -> Sentence:
    """Say published and revised, and the steps between."""
    parts: list[str | Figure] = [f"{one.unit}{one.period}累计{one.label}，发布值"]
    parts += [one.published, one.published.unit if one.published.known else "", "，现修订值", one.revised]
    parts += [
        one.revised.unit if one.revised.known else "",
        "，相差",
        one.change,
        one.change.unit if one.change.known else "",
    ]
    parts.append("。")
    for step in one.steps:
        who = f"{step.who}，" if step.who else ""
        parts += [f"其中：{day_words(step.on)}，{who}{step.what}，", step.figure, step.figure.unit, "。"]
    return tuple(parts)


def transfer_words(paper: Bulletin) -> str:
    """Say which projects moved inside the year."""
    if not paper.transfers:
        return ""
    moves = "；".join(f"{day_words(one.on)}，{one.label}由{one.before}划转至{one.after}" for one in paper.transfers)
    return f"{moves}。累计数按期末属地计算。"


def seal_words(paper: Bulletin) -> str:
    """Say what a checking edition rests on and how its numbers are opened."""
    seal = paper.head.seal
    how = "数字后〔〕内为核对号，用 luodi trace --ref 核对号 查看该数的来源。"
    if seal is None:
        return f"核对信息：本期未封账。{how}"
    algorithm = {"sha256": "SHA-256", "sm3": "SM3"}.get(seal.algorithm, seal.algorithm)
    return f"核对信息：{seal.period} 封账（{day_words(seal.sealed_on)}），{algorithm} {seal.hash}。{how}"
