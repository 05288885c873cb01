"""The small pieces that templates are written with. Each once; the gallery page shows them all."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from luodi.kernel import instant
from luodi.kernel.money import in_unit, round_away
from luodi.kernel.problem import Problem
from luodi.kernel.problem import words as catalogue_words

register = template.Library()

LIGHTS = {
    "green": ("M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1z", "light.green"),
    "yellow": ("M8 1 15.5 14.5H.5z", "light.yellow"),
    "red": ("M5 .8h6l4.2 4.2v6L11 15.2H5L.8 11V5z", "light.red"),
    "excused": ("M8 .8 15.2 8 8 15.2.8 8z", "light.excused"),
    "none": ("M2 7h12v2H2z", "light.none"),
}


def language_of(context: Mapping[str, Any]) -> str:
    """Tell the language of the page being written."""
    return str(context.get("language", "zh"))


@register.simple_tag(takes_context=True)
def language(context: Mapping[str, Any]) -> str:
    """Write the page's language for `lang=`."""
    return "zh-CN" if language_of(context) == "zh" else "en"


@register.simple_tag(takes_context=True)
def say(context: Mapping[str, Any], code: str, **params: Any) -> str:
    """Say the words of a code in the page's language."""
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
    unit = context.get("money_unit", "万元")
    shown = in_unit(yuan, unit, places if places is not None else (2 if unit == "亿元" else 0))
    return format_html('<span title="{} 元">{}</span>', f"{round_away(yuan, 2):,f}", f"{shown:,f}")


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
    whole = Fraction(value).denominator == 1
    return format_html("{}", f"{round_away(value, places if places is not None else (0 if whole else 2)):,f}")


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
    if language_of(context) == "zh":
        return f"{value.year}年{value.month}月{value.day}日"
    return f"{value.day} {value:%b} {value.year}"


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
    """Say a problem in the page's language."""
    return problem.message(language_of(context))


@register.simple_tag(takes_context=True)
def with_query(context: Mapping[str, Any], **changes: Any) -> SafeString:
    """Write this page's query string with some keys changed (None removes one): filters stay in the URL."""
    query = context["request"].GET.copy()
    for key, value in changes.items():
        query.pop(key, None)
        if value not in (None, ""):
            query[key] = str(value)
    return mark_safe("?" + query.urlencode())  # noqa: S308  urlencode escapes
