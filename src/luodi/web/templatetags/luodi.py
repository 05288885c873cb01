"""The small pieces that templates are written with. Each once; the gallery page shows them all."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from luodi.kernel import instant
from luodi.kernel.money import in_unit, round_away
from luodi.kernel.problem import Problem
from luodi.kernel.problem import words as catalogue_words
from luodi.web import labels

register = template.Library()

LIGHTS = {
    "green": ("M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1z", "light.green"),
    "yellow": ("M8 1 15.5 14.5H.5z", "light.yellow"),
    "orange": ("M8 1.2 15 6.3 12.3 14.6H3.7L1 6.3z", "light.orange"),
    "red": ("M5 .8h6l4.2 4.2v6L11 15.2H5L.8 11V5z", "light.red"),
    "excused": ("M8 .8 15.2 8 8 15.2.8 8z", "light.excused"),
    "none": ("M2 7h12v2H2z", "light.none"),
}


def language_of(context: Mapping[str, Any]) -> str:
    """Tell the language of the page being written."""
    return str(context.get("language", "zh"))


def unit_of(context: Mapping[str, Any]) -> str:
    """Tell the unit that the reader wants amounts in: 万元 or 亿元."""
    return str(context.get("money_in", "万元"))


@register.simple_tag(takes_context=True)
def language(context: Mapping[str, Any]) -> str:
    """Write the page's language for `lang=`."""
    return "zh-CN" if language_of(context) == "zh" else "en"


@register.simple_tag(takes_context=True)
def say(context: Mapping[str, Any], code: str, **params: Any) -> str:
    """Say the words of a code in the page's language; a period among the parameters as people write it."""
    if "period" in params:
        params["period"] = labels.period_words(params["period"], language_of(context))
    return catalogue_words(code, language_of(context), **params)


@register.simple_tag
def icon(name: str) -> SafeString:
    """Draw an icon of the sprite; decoration only, its meaning stands beside it in words."""
    return format_html(
        '<svg class="icon" aria-hidden="true" width="16" height="16" fill="currentColor">'
        '<use href="{}#{}"></use></svg>',
        static("vendor/icons.svg"),
        name,
    )


@register.simple_tag(takes_context=True)
def amount(context: Mapping[str, Any], yuan: Decimal | Fraction | int | None, places: int | None = None) -> SafeString:
    """Write an amount in the reader's unit, the exact yuan on hover; missing is a dash, not zero."""
    if yuan is None:
        return missing(context)
    unit = unit_of(context)
    shown = in_unit(yuan, unit, places if places is not None else (2 if unit == "亿元" else 0))
    exact = f"{round_away(yuan, 2):,f} {labels.unit_label('元', language_of(context))}"
    return format_html('<span title="{}">{}</span>', exact, f"{shown:,f}")


@register.simple_tag(takes_context=True)
def percent(context: Mapping[str, Any], ratio: Decimal | Fraction | int | None, places: int = 1) -> SafeString:
    """Write a ratio as a percentage."""
    if ratio is None:
        return missing(context)
    return format_html("{}%", f"{round_away(Fraction(ratio) * 100, places):f}")


@register.simple_tag(takes_context=True)
def number(context: Mapping[str, Any], value: Decimal | Fraction | int | None, places: int | None = None) -> SafeString:
    """Write a count or another plain number, with decimals only when it has some."""
    if value is None:
        return missing(context)
    if places is not None:
        return format_html("{}", f"{round_away(value, places):,f}")
    shown = f"{round_away(value, 2):,f}"
    return format_html("{}", shown.rstrip("0").rstrip(".") if "." in shown else shown)


def missing(context: Mapping[str, Any]) -> SafeString:
    """Write that there is no value."""
    return format_html(
        '<span class="text-secondary" title="{}">—</span>', catalogue_words("web.missing", language_of(context))
    )


@register.simple_tag(takes_context=True)
def day(context: Mapping[str, Any], value: date | datetime | int | None) -> str:
    """Write a day as people here write it: 2026年9月21日, or 21 Sep 2026."""
    if value is None:
        return "—"
    if isinstance(value, int):
        value = instant.day_of(value)
    return labels.day_words(value, language_of(context))


@register.simple_tag(takes_context=True)
def period_name(context: Mapping[str, Any], period: Any) -> str:
    """Write a period as people here write it: 2026年9月, or Sep 2026."""
    return labels.period_words(period, language_of(context))


@register.filter
def grouped(number: Any) -> str:
    """Write a number as it was typed, its thousands parted: 39816.7 as 39,816.7; what is no number as it stands."""
    typed = "" if number is None else str(number)
    return f"{Decimal(typed):,f}" if re.fullmatch(r"-?\d+(\.\d+)?", typed) else typed


@register.simple_tag(takes_context=True)
def in_brackets(context: Mapping[str, Any], text: Any) -> str:
    """Put a remark in the brackets of the page's language."""
    return format_html("（{}）" if language_of(context) == "zh" else " ({})", text)


@register.simple_tag(takes_context=True)
def moment(context: Mapping[str, Any], value: int | datetime | None) -> str:
    """Write an instant to the minute, in city time."""
    if value is None:
        return "—"
    there = instant.to_datetime(value) if isinstance(value, int) else value.astimezone(instant.CITY_ZONE)
    return f"{day(context, there)} {there:%H:%M}"


@register.simple_tag(takes_context=True)
def light(context: Mapping[str, Any], colour: str | None, why: str = "") -> SafeString:
    """Show a light: colour, shape and word."""
    shape, code = LIGHTS[colour or "none"]
    return format_html(
        '<span class="light light-{}" title="{}"><svg viewBox="0 0 16 16" fill="currentColor" aria-hidden="true">'
        '<path d="{}"/></svg>{}</span>',
        colour or "none",
        why,
        shape,
        catalogue_words(code, language_of(context)),
    )


@register.simple_tag(takes_context=True)
def trust(context: Mapping[str, Any], level: str) -> SafeString:
    """Show how far a figure is trusted: 已上报, 已审核, 已封账."""
    return format_html(
        '<span class="trust trust-{}">{}</span>', level, catalogue_words(f"trust.{level}", language_of(context))
    )


@register.simple_tag(takes_context=True)
def problem_words(context: Mapping[str, Any], problem: Problem) -> str:
    """Say a problem in the page's language, what the profile and the tree know by a code under its name."""
    return labels.problem_words(problem, context.get("viewer"), language_of(context))


@register.filter
def place(where: str) -> str:
    """Give where a problem is if a person can read it: a row, a line; not the keys that programs find a cell by."""
    return "" if re.search(r"[=|]|^\w+$", where) else where


@register.simple_tag(takes_context=True)
def with_query(context: Mapping[str, Any], **changes: Any) -> SafeString:
    """Write this page's query string with some keys changed (None removes one): filters stay in the URL."""
    query = context["request"].GET.copy()
    for key, value in changes.items():
        query.pop(key, None)
        if value not in (None, ""):
            query[key] = str(value)
    return SafeString("?" + query.urlencode())  # urlencode escapes


@register.filter
def unit_name(code: str, tree: Any) -> str:
    """Write a unit's name as of the tree's day; a dash for none."""
    return tree.name(code) if code else "—"


@register.simple_tag(takes_context=True)
def say_light(context: Mapping[str, Any], colour: str) -> str:
    """Say a light's colour in words."""
    return catalogue_words(f"light.{colour}", language_of(context))


@register.simple_tag(takes_context=True)
def say_class(context: Mapping[str, Any], plan_class: str) -> str:
    """Say what a project is in the year: 新开工, 续建 ..."""
    return catalogue_words(f"plan_class.{plan_class}", language_of(context))


@register.simple_tag(takes_context=True)
def say_settling(context: Mapping[str, Any], state: str) -> str:
    """Say where a problem stands."""
    return catalogue_words(f"settling.{state}", language_of(context))


@register.simple_tag(takes_context=True)
def say_standing(context: Mapping[str, Any], standing: str) -> str:
    """Say where a form stands."""
    return catalogue_words(f"standing.{standing}", language_of(context))


@register.simple_tag(takes_context=True)
def light_name(context: Mapping[str, Any], rule: str) -> str:
    """Write the name of a light's rule as the profile has it."""
    profile = context["viewer"].profile
    found = next((one for one in profile.lights if one.id == rule), None)
    return rule if found is None else label_of(found, language_of(context))


def label_of(item: Any, language: str) -> str:
    """Give the label of something the profile lists."""
    return str(item.zh if language == "zh" else item.en)


@register.simple_tag(takes_context=True)
def label(context: Mapping[str, Any], item: Any) -> str:
    """Write the label of something the profile lists, in the page's language."""
    return label_of(item, language_of(context))


@register.simple_tag(takes_context=True)
def because(context: Mapping[str, Any], kind: Any) -> str:
    """Write the rule that makes a kind of evidence necessary."""
    return labels.because_words(kind, language_of(context))


@register.simple_tag(takes_context=True)
def say_key(context: Mapping[str, Any], area: str, key: str) -> str:
    """Say one of a closed set of choices: span, role, basis, edition."""
    return catalogue_words(f"{area}.{key}", language_of(context))


@register.simple_tag(takes_context=True)
def kinds_counted(context: Mapping[str, Any], files: Iterable[Mapping[str, Any]]) -> str:
    """Write how many files of evidence there are of each kind: 银行回单 ×2."""
    language = language_of(context)
    otherwise = catalogue_words("project.evidence", language)
    counted = Counter(label_of(one["kind"], language) if one["kind"] else otherwise for one in files)
    return ("、" if language == "zh" else ", ").join(f"{name} ×{count}" for name, count in counted.items())


@register.simple_tag(takes_context=True)
def kind_unit(context: Mapping[str, Any], kind: str) -> str:
    """Write the unit an indicator is shown in."""
    return (
        labels.unit_label(unit_of(context), language_of(context)) if kind == "money" else say_key(context, "unit", kind)
    )


@register.simple_tag(takes_context=True)
def in_unit_of(context: Mapping[str, Any], measure: Any) -> str:
    """Write the unit a measure is filed in."""
    return labels.unit_label(measure.filed_in, language_of(context))


@register.simple_tag(takes_context=True)
def named_unit(context: Mapping[str, Any], unit: str) -> str:
    """Write a unit of amounts in the page's language."""
    return labels.unit_label(unit, language_of(context))


@register.simple_tag(takes_context=True)
def named(context: Mapping[str, Any], value: str | None) -> str:
    """Write a value the profile lists (a stage, list, light, duty, coded value) by its label in the page's language."""
    viewer = context.get("viewer")
    return labels.named(viewer.profile, str(value), language_of(context)) if value and viewer else str(value or "")


@register.simple_tag(takes_context=True)
def indicator_value(context: Mapping[str, Any], value: Any, kind: str) -> SafeString:
    """Write an indicator's value by its kind, the exact one on hover where it was rounded."""
    if kind == "money":
        return amount(context, value)
    if kind == "ratio":
        return percent(context, value)
    return number(context, value)


@register.simple_tag
def note_text(row: Any, field: str) -> str:
    """Write a note's part as typed, else copied forward from the last one."""
    return str(row.note.get(field) or row.note_before.get(field, ""))
