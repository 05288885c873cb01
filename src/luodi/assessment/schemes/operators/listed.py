"""
Operators on rows (projects, events, ballots): points_by_row, quota, rows_total, ratings.

A row belongs to one unit, wholly or by a share. A project that stands for several units without shares, or whose
shares pass the whole, is refused: nobody but the author can say who is credited.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from luodi.assessment.schemes import keys
from luodi.assessment.schemes.exact import NotANumber, figure, text_of
from luodi.assessment.schemes.keys import CHOICE, MAY, MUST, Key, Names
from luodi.assessment.schemes.operators.base import (
    ONE,
    ZERO,
    Cell,
    Operator,
    Outcome,
    Row,
    amount,
    settled,
    show,
    under,
)
from luodi.assessment.schemes.operators.basic import cap_key, floor_key, floored, settle_key, word_key
from luodi.assessment.schemes.periods import span
from luodi.assessment.schemes.values import Args, Cap
from luodi.kernel import predicates
from luodi.kernel.yamltext import Node as Yaml
from luodi.kernel.yamltext import Place, Text


@dataclass
class Line:
    """One row as it counts: its points and why it has none, or fewer."""

    row: Row
    points: Fraction
    why: str = ""
    why_zh: str = ""
    parts: dict[str, str] = field(default_factory=dict)


def points_by_row(cell: Cell, a: Args) -> Outcome:
    """Add points over the unit's rows, by size, by category or as given in a column."""
    lines = lines_of(cell, a)
    terms = [line.points for line in lines if line.points]
    outcome = Outcome(sum(terms, ZERO), "+".join(map(show, terms)) or "0" if cell.traced else "", sum=len(terms) > 1)
    if cell.traced:
        outcome.more["rows"] = [_shown(line, a["key"]) for line in lines]
    return floored(cell, a["floor"], outcome)


def lines_of(cell: Cell, a: Args) -> list[Line]:
    """Give every row of the unit with the points it counts for in the end."""
    lines = [_line(cell, a, row, cell.period) for row in cell.rows(a)]
    _once_per_key(lines)
    _once_elsewhere(cell, a, lines)
    for cap in a["cap"]:
        _row_cap(cell, cap, lines)
    return lines


def _line(cell: Cell, a: Args, row: Row, period: str | None) -> Line:
    reason = _left_out(cell, a, row, period)
    if reason:
        return Line(row, ZERO, *reason)
    if a["bands"] is not None:
        line = _by_band(cell, a, row)
    elif a["categories"] is not None:
        line = _by_category(cell, a, row)
    else:
        line = Line(row, number_in(cell, row, a["points"]))
    line.points *= amount(cell, a["times"])
    if row.share != 1:
        line.points *= row.share
        line.parts["share"] = text_of(row.share)
    return line


def _left_out(cell: Cell, a: Args, row: Row, period: str | None) -> tuple[str, str] | None:
    """Say why a row does not count at all."""
    if a["where"] is not None:
        truth = predicates.judge(a["where"], row.fields)
        if truth is not True:
            named = ", ".join(
                f"{one} is {row.fields.get(one) or 'empty'}" for one in sorted(predicates.names(a["where"]))
            )
            chinese = "，".join(f"{one}为{row.fields.get(one) or '空'}" for one in sorted(predicates.names(a["where"])))
            if truth is None and a["unknown"] == "error":
                cell.stop("scheme.row_unknown", key=row.key, line=row.line, found=chinese)
            return (f"unknown: {named}", f"无法判断：{chinese}") if truth is None else (named, chinese)
    if a["dated"] is not None and a["dated"] != "as_listed":
        return _out_of_period(cell, a["dated"], row, period)
    return None


def _out_of_period(cell: Cell, dated: str, row: Row, period: str | None) -> tuple[str, str] | None:
    found, here = row.fields.get(dated, ""), span(period or "")
    if here is None:
        cell.stop("scheme.dated_without_period", field=dated)
    day = predicates.day(found)
    if day is None:
        cell.stop("scheme.not_a_day", key=row.key, line=row.line, field=dated, found=found)
    if not here.begins() <= day <= here.ends():
        return f"{dated} {found} is outside {period}", f"{dated} {found} 不在 {period} 内"
    return None


def number_in(cell: Cell, row: Row, name: str) -> Fraction:
    """Read a number out of a row; an empty or unreadable one is refused."""
    try:
        found = figure(row.fields.get(name, ""))
    except NotANumber:
        found = None
    if found is None:
        cell.stop("scheme.row_not_a_number", key=row.key, line=row.line, field=name, found=row.fields.get(name, ""))
    return found


def _by_band(cell: Cell, a: Args, row: Row) -> Line:
    size = number_in(cell, row, a["value"])
    bands = sorted(((amount(cell, one["min"]), amount(cell, one["points"])) for one in a["bands"]), reverse=True)
    met = [points for least, points in bands if least <= size]
    if not met:
        least = text_of(bands[-1][0])
        return Line(row, ZERO, f"below {least}", f"不足 {least}")
    return Line(row, max(met) if a["per_row"] == "highest_only" else sum(met, ZERO))


def _by_category(cell: Cell, a: Args, row: Row) -> Line:
    word = predicates.plain(row.fields.get(a["value"], ""))
    points = {predicates.plain(name): points for name, points in a["categories"].items()}.get(word)
    if points is None:
        if a["other"] in (None, "error"):
            cell.stop("scheme.row_category", key=row.key, line=row.line, field=a["value"], found=word)
        return Line(row, ZERO, f"{word or 'empty'} earns nothing", f"“{word}”不计分")
    return Line(row, amount(cell, points))


def _once_per_key(lines: Sequence[Line]) -> None:
    """Keep the best of several rows with one key: a project counts once, with its highest bonus."""
    best: dict[str, Line] = {}
    for line in lines:
        kept = best.get(line.row.key)
        if kept is None:
            best[line.row.key] = line
            continue
        better, other = (line, kept) if line.points > kept.points else (kept, line)
        if other.points:
            other.points, other.why, other.why_zh = (
                ZERO,
                f"counted on line {better.row.line}",
                f"已按第 {better.row.line} 行计",
            )
        best[line.row.key] = better


def _once_elsewhere(cell: Cell, a: Args, lines: Iterable[Line]) -> None:
    """Leave out what another item, or an earlier period, has credited already."""
    once = a["once"]
    if once is None:
        return
    for line in lines:
        if not line.points:
            continue
        for other in (ref.name for ref in once["before"]):
            if cell.credited(other, line.row.key):
                line.points, line.why, line.why_zh = ZERO, f"counted in {other}", f"已在 {other} 中计"
        if once["periods"] == "once_ever":
            earlier = next(
                (at for at, row in cell.earlier_rows(a, line.row.key) if _line(cell, a, row, at).points), None
            )
            if earlier:
                line.points, line.why, line.why_zh = ZERO, f"counted in {earlier}", f"已在 {earlier} 计"


def _row_cap(cell: Cell, cap: Cap, lines: Sequence[Line]) -> None:
    """Hold rows, categories or windows of days under a ceiling; the last ones are cut."""
    if cap.on == "item":
        return
    ceiling, left = amount(cell, cap.at), dict[str, Fraction]()
    for line in lines:
        bucket = _bucket(cell, cap, line)
        room = left.get(bucket, ceiling)
        if line.points > room:
            line.points, line.why, line.why_zh = (
                room,
                f"held at {text_of(ceiling)} per {cap.on}",
                f"每{CAPPED[cap.on]}以 {text_of(ceiling)} 为限",
            )
        left[bucket] = room - max(line.points, ZERO)


def _bucket(cell: Cell, cap: Cap, line: Line) -> str:
    if cap.on == "row":
        return f"row {line.row.line}"
    if cap.on == "category":
        return line.row.fields.get(str(cap.date), "") if cap.date else ""
    found = line.row.fields.get(str(cap.date), "")
    day = predicates.day(found)
    if day is None:
        if not line.points:
            return ""
        cell.stop("scheme.not_a_day", key=line.row.key, line=line.row.line, field=str(cap.date), found=found)
    window = {"month": day.month, "quarter": (day.month + 2) // 3, "year": 0}[str(cap.by)]
    return f"{day.year} {window}"


def _shown(line: Line, key: str) -> dict[str, str]:
    shown = {key: line.row.key, "points": text_of(line.points), **line.parts}
    return {**shown, "why": line.why, "why_zh": line.why_zh} if line.why else shown


def quota(cell: Cell, a: Args) -> Outcome:
    """Hold minimum counts per size band: what one band lacks, another's surplus does not make up, unless said."""
    bands = sorted(((amount(cell, one["min"]), amount(cell, one["need"])) for one in a["bands"]), reverse=True)
    counts = [ZERO for _ in bands]
    for row in cell.rows(a):
        if _left_out(cell, a, row, cell.period) is None:
            size = number_in(cell, row, a["value"])
            index = next((i for i, (least, _) in enumerate(bands) if least <= size), None)
            if index is not None:
                counts[index] += row.share
    short, surplus, shown = ZERO, ZERO, []
    for (least, need), count in zip(bands, counts, strict=True):
        have = count + (surplus if a["offset"] == "downwards" else ZERO)
        lacking = max(need - have, ZERO)
        surplus = max(have - need, ZERO)
        short += lacking
        shown.append({"min": text_of(least), "need": text_of(need), "have": text_of(count), "short": text_of(lacking)})
    full, per = amount(cell, a["from"]), amount(cell, a["per"])
    formula = f"{show(full)}-{show(per)}×{show(short)}" if cell.traced else ""
    return floored(cell, a["floor"], Outcome(full - per * short, formula, sum=True, more={"bands": shown}))


def rows_total(cell: Cell, a: Args) -> Outcome:
    """Count a unit's rows, or add up or average one of their columns, by shares."""
    kept = [row for row in cell.rows(a) if _left_out(cell, a, row, cell.period) is None]
    seen: dict[str, Row] = {}
    for row in kept:
        seen.setdefault(row.key, row)
    rows = list(seen.values())
    counted = a["take"] == "count"
    figures = [(row, Fraction(1) if counted else number_in(cell, row, a["value"])) for row in rows]
    more = {"rows": [_figured(row, value, a["key"]) for row, value in figures]} if cell.traced else {}
    shares = sum((row.share for row in rows), ZERO)
    if not figures and not counted:
        raw = settled(cell, a["empty"], "scheme.no_rows")
        return Outcome(raw, text_of(raw), more={**more, "settled": "empty"})
    values = [value * row.share for row, value in figures]
    total = sum(values, ZERO)
    if a["take"] in ("count", "sum"):
        return Outcome(total, text_of(total), more=more)
    raw = {"highest": max, "lowest": min}[a["take"]](values) if a["take"] != "mean" else total / shares
    return Outcome(raw, text_of(raw), more=more)


def _figured(row: Row, value: Fraction, key: str) -> dict[str, str]:
    return {key: row.key, "value": text_of(value), "share": text_of(row.share)}


def ratings(cell: Cell, a: Args) -> Outcome:
    """Take the weighted mean of the means that groups of raters gave."""
    means: dict[str, tuple[Fraction, int]] = {}
    for name in a["weights"]:
        given = sorted(number_in(cell, row, a["value"]) for row in _ballots(cell, a, name))
        cut = a["trim"] if isinstance(a["trim"], Mapping) else {"highest": 0, "lowest": 0}
        kept = given[cut["lowest"] : len(given) - cut["highest"]]
        if kept and len(given) >= a["fewest"]:
            means[name] = (sum(kept, ZERO) / len(kept), len(kept))
    missing = [name for name in a["weights"] if name not in means]
    if missing and a["absent_group"] != "redistribute":
        settled(cell, a["absent_group"], "scheme.no_ratings", group=missing[0], fewest=a["fewest"])
    counted = means if a["absent_group"] == "redistribute" else a["weights"]
    whole = sum((amount(cell, a["weights"][name]) for name in counted), ZERO)
    if whole == 0:
        cell.stop("scheme.no_ratings", group=missing[0] if missing else "", fewest=a["fewest"])
    found = sum((mean * amount(cell, a["weights"][name]) for name, (mean, _) in means.items()), ZERO) / whole
    terms = "+".join(f"{show(mean)}×{show(amount(cell, a['weights'][name]))}" for name, (mean, _) in means.items())
    shown = {name: {"mean": text_of(mean), "raters": count} for name, (mean, count) in means.items()}
    return Outcome(found, f"({terms or 0})/{under(whole)}", more={"ratings": shown})


def _ballots(cell: Cell, a: Args, group: str) -> Iterable[Row]:
    for row in cell.rows(a, whole=False):
        own = a["self"] != "included" and row.fields.get(str(a["rater"]), "") == cell.unit
        if predicates.same(row.fields.get(a["by"], ""), group) and not own:
            yield row


def _once(node: Yaml, place: Place, names: Names, line: int) -> object:
    return keys.read_keys(node, ONCE, place, names, line)


def _dated(node: Yaml, place: Place, names: Names, line: int) -> object:
    return keys.text(node, place, names, line)


def _trim(node: Yaml, place: Place, names: Names, line: int) -> object:
    return "none" if isinstance(node, Text) and node == "none" else keys.read_keys(node, TRIM, place, names, line)


def _cut(node: Yaml, place: Place, names: Names, line: int) -> int:
    return keys.places_of(node, place, names, line)


def rows_name(node: Yaml, place: Place, names: Names, line: int) -> str:
    """Read the name of a rows file and note that the scheme needs it."""
    found = keys.name(node, place, names, line)
    names.rows.add(found)
    return found


def _points_check(args: dict[str, Any], place: Place, names: Names, line: int) -> None:
    ways = [key for key in ("bands", "categories", "points") if args.get(key) is not None]
    if len(ways) != 1:
        names.refuse(place, line, "scheme.one_of", choices="bands, categories, points")
    elif ways[0] != "points" and not args.get("value"):
        names.refuse(
            place.at("value"),
            line,
            "scheme.key_missing",
            key="value",
            form="FIELD",
            meaning_zh="列名",
            meaning_en="a field",
        )
    if ways == ["categories"] and args.get("other") is None:
        names.refuse(
            place.at("other"),
            line,
            "scheme.choice_missing",
            choice="other",
            form=OTHER.form,
            meaning_zh=OTHER.zh,
            meaning_en=OTHER.en,
        )
    for one in args.get("cap", ()):
        if one.on == "category" and not one.date:
            names.refuse(place.at("cap"), line, "scheme.category_unsaid")


def _total_check(args: dict[str, Any], place: Place, names: Names, line: int) -> None:
    if args.get("take") != "count" and not args.get("value"):
        names.refuse(
            place.at("value"),
            line,
            "scheme.key_missing",
            key="value",
            form="FIELD",
            meaning_zh="列名",
            meaning_en="a field",
        )


def _ratings_check(args: dict[str, Any], place: Place, names: Names, line: int) -> None:
    if args.get("self") == "excluded" and not args.get("rater"):
        names.refuse(
            place.at("rater"),
            line,
            "scheme.key_missing",
            key="rater",
            form="FIELD",
            meaning_zh="评分人所在单位的列",
            meaning_en="the field with the rater's unit",
        )


CAPPED = {"row": "行", "category": "类", "window": "期"}
ROWS = Key("rows", rows_name, MUST, "哪个明细表（--rows NAME=文件）", "which rows file (--rows NAME=FILE)", form="NAME")
KEY = Key(
    "key", keys.name, CHOICE, "按哪列认同一个项目", "the column that tells one project from another", form="FIELD"
)
WHERE = Key("where", keys.condition("field"), MAY, "只计哪些行", "which rows count", None, "CONDITION on fields")
UNKNOWN = word_key(
    "unknown", "where 说不清时", "when where can't be told", "left_out", "error", need=MAY, default="left_out"
)
DATED = Key(
    "dated",
    _dated,
    MAY,
    "以哪列日期认定在本期（不写则所列都算，check 会提醒）",
    "the column whose day must lie in the period (all rows count unless said; check reminds you)",
    None,
    "FIELD | as_listed",
)
SELECTED = (WHERE, UNKNOWN, DATED)
FIELD = Key("value", keys.name, MAY, "数在哪列", "the column with the figure", None, "FIELD")
OTHER = word_key(
    "other",
    "类别不在表中怎么算（用 categories 时必选）",
    "a category not in the table (needed with categories)",
    "zero",
    "error",
    need=MAY,
)
ROW_BAND = (
    Key("min", keys.quantity, MUST, "从多少起（含）", "from this on, inclusive", form="QUANTITY"),
    Key("points", keys.quantity, MUST, "得多少分", "its points", form="QUANTITY"),
)
QUOTA_BAND = (
    Key("min", keys.quantity, MUST, "从多大起（含）", "from this size on", form="QUANTITY"),
    Key("need", keys.quantity, MUST, "至少几个", "at least so many", form="QUANTITY"),
)
ONCE = (
    Key(
        "before", keys.listing(keys.ref, least=0), MUST, "先在哪些项里计", "the items that credit first", form="[ITEM]"
    ),
    word_key(
        "periods",
        "跨期是否只计一次（once_ever 要有 period 列或 dated）",
        "whether once over all periods (once_ever needs a period column or dated)",
        "each",
        "once_ever",
    ),
)
TRIM = (
    Key("highest", _cut, MUST, "去掉几个最高", "how many of the highest to drop", form="0, 1, ..."),
    Key("lowest", _cut, MUST, "去掉几个最低", "how many of the lowest to drop", form="0, 1, ..."),
)

OPERATORS = (
    Operator(
        "points_by_row",
        (
            ROWS,
            Key("value", keys.name, MAY, "按哪列定档或定类", "the column with the size or category", None, "FIELD"),
            Key(
                "bands",
                keys.listing(keys.table(ROW_BAND)),
                MAY,
                "按大小定分（三者必写其一）",
                "points by size (one of these three is needed)",
                None,
                "[{min, points}, ...]",
            ),
            Key(
                "categories",
                keys.by_name(keys.quantity),
                MAY,
                "按类别定分（三者必写其一）",
                "points by category (one of these three is needed)",
                None,
                "{WORD: QUANTITY}",
            ),
            Key(
                "points",
                keys.name,
                MAY,
                "分数就在哪列（三者必写其一）",
                "the column that holds the points (one of these three is needed)",
                None,
                "FIELD",
            ),
            OTHER,
            word_key("per_row", "一行够几档时", "when a row meets several bands", "highest_only", "all_bands"),
            KEY,
            cap_key("item", "row", "category", "window"),
            floor_key(need=MAY),
            Key(
                "times", keys.quantity, MAY, "统一系数（-1 为扣分）", "a factor for all (-1 to deduct)", ONE, "QUANTITY"
            ),
            Key(
                "once",
                _once,
                MAY,
                "一个项目只奖一次",
                "a project is credited once",
                None,
                "{before: [ITEM], periods: each | once_ever}",
            ),
            *SELECTED,
        ),
        points_by_row,
        "points",
        "逐行计分后相加；同一项目只计最高的一次。",
        "Points for each row, added; a project counts once, with its highest.",
        check=_points_check,
        primitives="P13 P16 P17 P25 P32 P37",
    ),
    Operator(
        "quota",
        (
            ROWS,
            Key("value", keys.name, MUST, "大小在哪列", "the column with the size", form="FIELD"),
            Key(
                "bands",
                keys.listing(keys.table(QUOTA_BAND)),
                MUST,
                "各档至少几个",
                "the bands",
                form="[{min, need}, ...]",
            ),
            word_key(
                "offset", "大档多的能否顶小档", "whether a larger band's surplus counts below", "none", "downwards"
            ),
            Key("from", keys.quantity, MUST, "从多少起扣", "start from", form="full | QUANTITY"),
            Key("per", keys.quantity, MUST, "每缺一个扣多少", "points off for each one short", form="QUANTITY"),
            floor_key(),
            KEY,
            *SELECTED,
        ),
        quota,
        "points",
        "各档最低个数，缺一个扣多少。",
        "Minimum counts per size band.",
        primitives="P15 P19",
    ),
    Operator(
        "rows_total",
        (
            ROWS,
            word_key("take", "数行数还是取某列", "what is taken", "count", "sum", "mean", "highest", "lowest"),
            Key("value", keys.name, MAY, "取哪列", "the column", None, "FIELD"),
            KEY,
            settle_key("empty", "一行也没有时", "when there is no row", "zero", "error", "not_applicable"),
            *SELECTED,
        ),
        rows_total,
        "ask",
        "明细表的行数，或某列的合计、平均。",
        "The number of rows, or the sum or mean of a column.",
        check=_total_check,
        primitives="P6 P25 P35",
    ),
    Operator(
        "ratings",
        (
            ROWS,
            Key("by", keys.name, MUST, "评分人类别在哪列", "the column with the raters' group", form="FIELD"),
            Key(
                "weights",
                keys.by_name(keys.quantity),
                MUST,
                "各类权重",
                "each group's weight",
                form="{GROUP: QUANTITY}",
            ),
            Key("value", keys.name, MUST, "分数在哪列", "the column with the rating", form="FIELD"),
            Key("trim", _trim, CHOICE, "去掉几个最高最低", "dropped extremes", form="none | {highest: 1, lowest: 1}"),
            word_key(
                "absent_group",
                "某类没有（或不足）评分时",
                "when a group has too few ratings",
                "error",
                "redistribute",
                "zero",
                "not_applicable",
            ),
            word_key("self", "自评算不算", "whether a unit rates itself", "included", "excluded"),
            Key("rater", keys.name, MAY, "评分人所在单位在哪列", "the column with the rater's unit", None, "FIELD"),
            Key("fewest", keys.whole, CHOICE, "一类至少几人才算", "fewest raters of a group", form="1, 2, ..."),
            KEY,
        ),
        ratings,
        "ask",
        "几类评分人按权重评议。",
        "Ratings by groups of raters, weighted.",
        check=_ratings_check,
        primitives="P22",
    ),
)
