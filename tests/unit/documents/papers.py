"""A small complete bulletin, to change one thing from."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

from luodi.documents.rules.numbers import plain
from luodi.documents.values import Bulletin, Column, Edition, Filing, Head, Kind, SealNote, UnitRow, UnitTable


def head(**changes: object) -> Head:
    """Give the head of a final notice."""
    found = Head(
        kind=Kind.NOTICE,
        edition=Edition.FINAL,
        checking=False,
        title="关于2025年5月情况的通报",
        period="2025年5月",
        span="1—5月",
        issuer="项目中心",
        to=("各县",),
        copies=("办公室",),
        compiler="综合科",
        issue=5,
        year=2025,
        made_on=date(2025, 6, 3),
        completeness="截至2025年6月3日",
        basis="数据截至2025年6月2日封账（已审核）",
        statement="部门调度数据，不作为法定统计数据",
        synthetic=True,
        seal=SealNote("2025-05", "ab" * 32, "sha256", date(2025, 6, 2)),
    )
    return replace(found, **changes)  # type: ignore[arg-type]


def bulletin(**changes: object) -> Bulletin:
    """Give a notice with one ranking."""
    rate = plain(Fraction(228, 1000), "%", 1)
    rows = (UnitRow("A", "甲县", (rate,), rank=1), UnitRow("B", "乙县", (plain(None, "%", 1),), filed=False))
    return Bulletin(
        head=head(**changes),
        comments=(("全市完成", rate, "%。"),),
        overview=(),
        rankings=(UnitTable("按完成率排名", (Column("rate", "完成率", "%"),), rows, ranked=True),),
        tables=(),
        filing=Filing(2, 1, 2, 1, (("乙县", ("月报",)),)),
        lagging=(),
        lagging_more=0,
        matters=(),
        corrections=(),
        transfers=(),
        definitions=(),
        sources=(),
    )
