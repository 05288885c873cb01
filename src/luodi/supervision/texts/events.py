"""The table of fairs and meetings: name, other names, first and last day; headed by codes or in Chinese."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from luodi.kernel.gov_units import tables
from luodi.kernel.problem import Problem, refuse_if_any
from luodi.supervision.texts.values import Event

HEADERS: Mapping[str, tuple[str, ...]] = {
    "name": ("name", "event", "名称", "活动", "活动名称", "会议", "会议名称"),
    "aliases": ("aliases", "alias", "别名", "简称"),
    "first": ("from", "day", "date", "start", "starts_on", "first", "开始日期", "开幕日期", "日期", "开始", "时间"),
    "last": ("to", "end", "ends_on", "last", "结束日期", "闭幕日期", "结束"),
}


def read(file: Path) -> list[Event]:
    """Read the table. Raises BadUnits (decompose.bad_table) with every problem and its line."""
    problems: list[Problem] = []
    events = []
    for line, row in tables.rows(file, headers=HEADERS, needed=("name", "first")):
        first = tables.day(row["first"], "from", file, line, problems)
        last = tables.day(row["last"], "to", file, line, problems)
        if not row["name"] or (not row["first"]):
            problems.append(Problem("decompose.no_event", file=str(file), line=line))
        elif first and last and last < first:
            params = {"since": first, "until": last}
            problems.append(Problem("decompose.days_reversed", params=params, file=str(file), line=line))
        elif first:
            others = [name.strip() for name in re.split("[;；]", row["aliases"]) if name.strip()]
            events.append(Event((row["name"], *others), first, last or first))
    refuse_if_any(problems, tables.BadUnits)
    return events
