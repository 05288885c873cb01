"""Words of papers: periods as officials write them, lines of comment written from figures. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from luodi.codebook.values.indicators import Flow, Indicator, Points, Sum, TargetRate
from luodi.codebook.values.profile import Profile
from luodi.documents.rules.numbers import direction, magnitude
from luodi.documents.values import Figure, Sentence, UnitRow, UnitTable
from luodi.kernel import period_words as period_names
from luodi.kernel.period import Period

NAMED = 3  # units named at either end of a ranking


def period_words(period: Period) -> str:
    """Write a period: 2026年9月, 2026年第三季度, 2026年上半年."""
    return period_names.in_chinese(period)


def to_date_words(year: Period, period: Period) -> str:
    """Write the accounting year up to a period's end: 1—9月, 1月, and across the new year 2025年12月—2026年9月."""
    first, last = year.first, period.last
    if first.year != last.year:
        return f"{first.year}年{first.month}月—{last.year}年{last.month}月"
    if first.month == last.month:
        return f"{last.month}月"
    return f"{first.month}—{last.month}月"


def day_words(day: date) -> str:
    """Write a day: 2026年10月8日."""
    return f"{day.year}年{day.month}月{day.day}日"


TITLE_WIDTH = 20  # characters of 二号 in a line of 156 mm
BREAKS = "和、月）"  # a line of a title may end after these


def title_lines(title: str) -> str:
    """Break a title that is too long for a line where its sense allows, near the middle; a digit takes half the room."""
    rooms = [0.5 if one.isascii() else 1.0 for one in title]
    if sum(rooms) <= TITLE_WIDTH:
        return title
    ends = [n + 1 for n, one in enumerate(title[:-1]) if one in BREAKS and title[n + 1] not in BREAKS + "（"]
    fitting = [at for at in ends if max(sum(rooms[:at]), sum(rooms[at:])) <= TITLE_WIDTH]
    if not fitting:
        return title
    at = min(fitting, key=lambda end: abs(sum(rooms[:end]) - sum(rooms) / 2))
    return f"{title[:at]}\n{title[at:]}"


# --- comment ----------------------------------------------------------------------------------------

Value = Callable[[Indicator, str], Figure]  # (indicator, span) -> the whole's figure
Growth = Callable[[Indicator], Figure]


def progress(profile: Profile, rate: TargetRate, value: Value, growth: Growth, *, whole: str, span: str) -> Sentence:
    """Write the line on progress: 全市完成投资123.40亿元，占年度目标41.0%，慢于序时进度0.7个百分点，同比增长5.2%。"""
    done = profile.indicator(rate.of)
    if done is None:
        return ()
    amount = value(done, "ytd")
    parts: list[str | Figure] = [f"{span}，{whole}{done.zh}"]
    if not amount.known:
        return (*parts, "尚无上报数据。")
    parts += [amount, amount.unit]
    reached = value(rate, "ytd")
    parts += ["，占年度目标", reached, "%"] if reached.known else ["，未下达年度目标"]
    return (*parts, *_gap(profile, rate, value), *_grown(growth(done)), "。")


def _gap(profile: Profile, rate: TargetRate, value: Value) -> Sentence:
    points = next((one for one in profile.indicators if isinstance(one, Points) and one.of == rate.id), None)
    gap = value(points, "ytd") if points else None
    if gap is None or not gap.known:
        return ()
    word = direction(gap, above="，快于序时进度", below="，慢于序时进度", level="，与序时进度持平")
    return (word,) if word.endswith("持平") else (word, magnitude(gap), "个百分点")


def _grown(rate: Figure) -> Sentence:
    if not rate.known:
        return ()
    word = direction(rate, above="，同比增长", below="，同比下降", level="，同比持平")
    return (word,) if word.endswith("持平") else (word, magnitude(rate), "%")


def activity(indicators: Sequence[Indicator], value: Value, *, month: str) -> Sentence:
    """Write the line on what came about: 签约项目数45个（当月6个），签约总投资80.20亿元（当月…），…"""
    parts: list[str | Figure] = []
    for one in indicators:
        if not isinstance(one, Flow | Sum):
            continue
        figure, within = value(one, "ytd"), value(one, "period")
        if not figure.known:
            continue
        parts += ["，" if parts else "", one.zh, figure, figure.unit]
        if within.known and within.exact != 0:
            parts += [f"（{month}", within, f"{within.unit}）"]
    return (*parts, "。") if parts else ()


def order(table: UnitTable, *, behind: Sequence[str]) -> Sentence:
    """Write the line on units: who leads, who is last, who is behind time."""
    ranked = [row for row in table.rows if row.rank is not None]
    if not ranked:
        return ("各单位均未上报，暂不排名。",)
    column = table.columns[0]
    named = min(NAMED, len(ranked) // 2) or 1
    parts: list[str | Figure] = [f"{column.label}居前的是"]
    parts += _listed(ranked[:named], column.unit)
    if len(ranked) > named:
        parts += ["；居后的是", *_listed(ranked[-named:], column.unit)]
    return (*parts, _behind(ranked, behind), "。")


def _behind(ranked: Sequence[UnitRow], behind: Sequence[str]) -> str:
    """Name the fewer: those behind time, or those that keep up."""
    if not behind:
        return ""
    if len(behind) == len(ranked):
        return "；均慢于序时进度"
    if len(behind) * 2 <= len(ranked):
        return f"；慢于序时进度的有{len(behind)}个：{'、'.join(behind)}"
    ahead = [row.name for row in ranked if row.name not in behind]
    return f"；{len(behind)}个慢于序时进度，达到序时进度的只有{'、'.join(ahead)}"


def _listed(rows: Sequence[UnitRow], unit: str) -> list[str | Figure]:
    parts: list[str | Figure] = []
    for row in rows:
        parts += ["、" if parts else "", f"{row.name}（", row.figures[0], f"{unit}）"]
    return parts
