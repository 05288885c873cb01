"""How a trace's rows are said: what a figure rests on, in words and units instead of the keys that programs read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django import template

from luodi.identity.values import LOCAL_OPERATOR
from luodi.indicators.queries.tracing import Source
from luodi.kernel.money import in_unit
from luodi.kernel.period import month
from luodi.kernel.problem import words
from luodi.web import labels
from luodi.web.templatetags import luodi

register = template.Library()

FIGURE = re.compile(r"(\d{4}-\d\d-\d\d)\.\.(\d{4}-\d\d-\d\d) (-?[\d.]+)( 累计)?")


@register.simple_tag(takes_context=True)
def source_words(context: Mapping[str, Any], source: Source, kind: str) -> str:
    """Say what a row tells: a figure with its months, a version with its total, a stage with its day, a year's plan."""
    language = luodi.language_of(context)
    match source.table.partition(".")[2]:
        case "Figure" if found := FIGURE.fullmatch(source.says):
            first, last = date.fromisoformat(found[1]), date.fromisoformat(found[2])
            column = words(f"column.{'cumulative' if found[4] else 'period'}", language)
            value = amount(context, Decimal(found[3])) if kind == "money" else f"{Decimal(found[3]).normalize():,f}"
            return words("trace.figure", language, period=span(context, first, last), column=column, value=value)
        case "ProjectVersion":
            day, _, total = source.says.partition(" ")
            since = luodi.day(context, date.fromisoformat(day))
            return words("trace.version", language, day=since, amount=amount(context, Decimal(total)) if total else "—")
        case "StageEvent":
            stage, _, day = source.says.rpartition(" ")
            return f"{luodi.named(context, stage)} {luodi.day(context, date.fromisoformat(day))}"
        case "YearPlan":
            year, _, invest = source.says.partition(" ")
            planned = "—" if invest in ("", "None") else amount(context, Decimal(invest))
            return words("trace.plan", language, year=year, amount=planned)
        case _:
            return source.says


@register.simple_tag(takes_context=True)
def doer(context: Mapping[str, Any], name: str) -> str:
    """Name who did an act; the machine's operator has no name of their own."""
    return words("house.audit.operator", luodi.language_of(context)) if name == LOCAL_OPERATOR else name


def span(context: Mapping[str, Any], first: date, last: date) -> str:
    """Write which months a figure is of."""
    if (first.year, first.month) == (last.year, last.month):
        return labels.period_words(month(first.year, first.month), luodi.language_of(context))
    return f"{luodi.day(context, first)}—{luodi.day(context, last)}"


def amount(context: Mapping[str, Any], yuan: Decimal) -> str:
    """Write an amount in the reader's unit, as exact as it was filed."""
    unit = luodi.unit_of(context)
    text = f"{in_unit(yuan, unit, 4):,f}"
    return f"{text.rstrip('0').rstrip('.')} {labels.unit_label(unit, luodi.language_of(context))}"
