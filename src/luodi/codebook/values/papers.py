"""Sections about the monthly papers: titles, who receives them, what stands in them, which template lays them out."""

from __future__ import annotations

from typing import Literal

from luodi.codebook.values.base import Frozen, Item, Name, Whole, Words, Yes


class Ranking(Frozen):
    """A ranking table: units by one indicator, ties settled by the next ones, else in the order of the codes."""

    indicator: Name
    ties: tuple[Name, ...] = ()
    group: Name | None = None  # only units of this group


class Paper(Item):
    """
    A paper of the period. `kind`: notice 通报 (.docx), brief 简报 (.docx), table 月报表 (.xlsx), wall 挂图 (.pptx).

    Titles and lines may hold {city}, {period}, {edition}. `template` is a file of the profile folder; empty: the built-in layout.
    """

    kind: Literal["notice", "brief", "table", "wall"]
    title: Words
    issuer: Words
    to: tuple[Words, ...] = ()  # 主送
    copies: tuple[Words, ...] = ()  # 抄送, 分送
    compiler: str = ""  # 编辑
    template: str = ""
    indicators: tuple[Name, ...]
    rankings: tuple[Ranking, ...] = ()
    unit_kinds: tuple[Name, ...] = ()  # rows of the tables
    lagging: Whole = 10  # how many lagging projects are named
    numbered: Yes = False  # has an issue number
