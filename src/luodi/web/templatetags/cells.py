"""
A cell of a form's table. Written here and not as a template: a county's form has some hundreds, and they are most of its page.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

from luodi.kernel.problem import words
from luodi.web.grid import GridCell, GridRow
from luodi.web.labels import unit_label
from luodi.web.templatetags.luodi import grouped, in_brackets, label_of, language_of

register = template.Library()

EVIDENCE = "web/parts/cell_evidence.html"
MARK = "\ue000"  # stands for a cell's key where what is attached to many cells is written once
ANSWERS = {"是": "house.yes", "否": "house.no"}  # as the ledger keeps yes and no
HINTS = {"day": "2025-06-30", "month": "2025-06"}


@register.simple_tag(takes_context=True)
def asked_cell(context: Any, row: GridRow, cell: GridCell) -> SafeString:
    """Write one cell: what may be typed or what stands, what was filed before, what proves it, a place for what is wrong."""
    column, language = cell.column, language_of(context)
    label, typed = escape(label_of(column, language)), bool(context.get("editable")) and cell.open
    unit = in_brackets(context, unit_label(column.unit, language)) if column.unit else ""
    inner = field(row, cell, label, language) if typed else fixed(cell, language)
    return mark_safe(  # noqa: S308  every part is escaped where it is written
        f'<td class="{"num" if column.numeric else "words"}" data-label="{label}{unit}">{inner}'
        f'<div class="past">{past(cell, language)}</div>{proof(context, row, cell, may_attach=typed)}'
        f'<div class="wrong" data-cell="{escape(cell.key)}"></div></td>'
    )


def field(row: GridRow, cell: GridCell, label: str, language: str) -> str:
    """Write a field to type or choose in."""
    column, name = cell.column, f'name="cell:{escape(cell.key)}"'
    says = f'aria-label="{escape(row.label)} {label}"'
    if column.type in ("choice", "yes_no"):
        offered = ANSWERS if column.type == "yes_no" else column.choices
        options = "".join(
            f'<option value="{escape(one)}"{" selected" if cell.typed == one else ""}>{escape(said(cell, one, language))}</option>'
            for one in offered
        )
        return f'<select class="cell" {name} {says}><option value=""></option>{options}</select>'
    hint = ' inputmode="decimal"' if column.numeric else ""
    if not column.numeric and column.type in HINTS:
        hint = f' placeholder="{HINTS[column.type]}"'
    return f'<input class="cell" {name} value="{escape(cell.typed)}"{hint} autocomplete="off" {says}>'


@register.filter("yes_or_no")
def answer(text: str, language: str) -> str:
    """Say yes or no in the page's language."""
    return words(ANSWERS[text], language) if text in ANSWERS else text


def said(cell: GridCell, text: str, language: str) -> str:
    """Write what stands in a cell: numbers with thousands parted, 是 and 否 in the page's language."""
    if cell.column.numeric:
        return grouped(text)
    return answer(text, language) if cell.column.type == "yes_no" else text


def fixed(cell: GridCell, language: str) -> str:
    """Write what stands and can't be typed now."""
    column = f' data-fixed="{escape(cell.column.id)}"' if cell.column.numeric else ""
    text = cell.filed or cell.typed or "—"
    return f"<span{column}>{escape(said(cell, text, language))}</span>"


def past(cell: GridCell, language: str) -> str:
    """Write what was filed last period and in the same one a year ago."""
    told = ((cell.before, "filing.before"), (cell.year_ago, "filing.year_ago"))
    return " · ".join(
        f'<span title="{escape(words(code, language))}">{escape(words(f"{code}_short", language))} {escape(said(cell, value, language))}</span>'
        for value, code in told
        if value
    )


def proof(context: Any, row: GridRow, cell: GridCell, *, may_attach: bool) -> str:
    """Write the evidence of a cell, and what may be attached to it."""
    evidence = cell.evidence
    if not evidence or not (may_attach or evidence["files"]):
        return ""
    shown = {"evidence": evidence, "subject": row.subject, "may_attach": may_attach}
    if evidence["files"] or context.get("evidence_problems"):
        return written(context, {**shown, "key": cell.key})
    # Without files cells of one column differ in their key alone.
    kept = context.render_context.setdefault("asked_cells", {})
    if cell.column.id not in kept:
        kept[cell.column.id] = written(context, {**shown, "key": MARK})
    return str(kept[cell.column.id]).replace(MARK, escape(cell.key))


def written(context: Any, shown: Mapping[str, Any]) -> str:
    """Write the evidence part."""
    part = context.template.engine.get_template(EVIDENCE)
    with context.push(**shown):
        return str(part.render(context))
