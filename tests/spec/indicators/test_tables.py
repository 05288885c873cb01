"""Every drawn table holds on the store the tests run on: what is drawn is filed as facts, what is expected is computed exactly."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
import yaml

from luodi.codebook import queries as codebook
from luodi.indicators import queries
from luodi.ledger import making
from tests.slowcounter import counter, filing
from tests.slowcounter.city import City, Figure, Plan, Share, Stage, Target, Unit, Version
from tests.slowcounter.columns import profile_of
from tests.slowcounter.counter import Asked

FILES = sorted(Path(__file__).parent.glob("*.yaml"))
UNITS = {"全市": "YL", "东区": "D1", "西区": "D2", "未归属": None}
START = date(2020, 1, 1)
TREE = tuple(
    Unit(code, parent, kind, START, 0)
    for code, parent, kind in (("YL", "", "city"), ("D1", "YL", "district"), ("D2", "YL", "district"))
)
WAN = 10_000


def rows(text: str | None) -> list[dict[str, str]]:
    """Read a drawn table: a line of headings, then a line each row, cells between bars."""
    lines = [[cell.strip() for cell in line.split("|")] for line in (text or "").strip().splitlines()]
    return [dict(zip(lines[0], line, strict=True)) for line in lines[1:]]


def amount(text: str) -> Decimal | None:
    if text.endswith("人"):
        return Decimal(text[:-1])
    return Decimal(text) * WAN if text else None


def city_of(drawn: dict[str, str]) -> City:
    """Turn the drawn tables into a city. Everything is known and accepted from the beginning."""
    figures = [(row, row.get("列") == "累计") for row in rows(drawn.get("figures"))]
    return City(
        units=TREE,
        versions=tuple(
            Version(
                code=row["项目编号"],
                valid_from=date.fromisoformat(row["起始日期"]),
                known_at=1,
                host=UNITS[row["属地"]] if row["属地"] else "",
                origin=row.get("资金来源地", ""),
                kind=row["项目类型"],
                contract_kind=row.get("签约类型", ""),
                total_investment=amount(row["总投资"]),
                strategic=row.get("战新") == "是",
                excluded=row.get("不计入原因", ""),
            )
            for row in rows(drawn["projects"])
        ),
        stages=tuple(
            Stage(row["项目编号"], row["阶段"], date.fromisoformat(row["发生日期"]), 1, 1) for row in rows(drawn.get("stages"))
        ),
        figures=tuple(Figure(r["对象编号"], r["指标项"], r["期间"], amount(r["数值"]), 1, 1, cumulative) for r, cumulative in figures),
        shares=tuple(
            Share(
                r["项目编号"], {"属地": "host"}[r["角色"]], UNITS[r["单位"]], *Fraction(r["份额"]).as_integer_ratio(), date.fromisoformat(r["起始日期"]), 1, r["项目编号"], full=r["方式"] == "全额"
            )
            for r in rows(drawn.get("attributions"))
        ),
        plans=tuple(Plan(r["项目编号"], int(r["年度"]), amount(r["计划投资"]), 1) for r in rows(drawn.get("plans"))),
        targets=tuple(
            Target(
                UNITS[r["单位代码"]], r["指标"], r["期间"], amount(r["目标值"]), 1, {"保证": "guaranteed", "争取": "striving"}[r["目标类别"]], {"上级": "above", "本级": "own"}[r["来源"]]
            )
            for r in rows(drawn.get("targets"))
        ),
    )  # fmt: skip


def expected(text: str) -> dict[tuple[str, str | None], Fraction | None]:
    return {
        (row["指标"], UNITS[unit]): None if cell == "无" else Fraction(cell)
        for row in rows(text)
        for unit, cell in row.items()
        if unit != "指标"
    }


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_drawn_values_come_out(file: Path) -> None:
    drawn = yaml.safe_load(file.read_text("utf-8"))
    making.make(seed="1")
    city = city_of(drawn)
    filing.file_city(city)
    profile = profile_of(city)
    for case in [drawn, *drawn.get("more", [])]:
        wanted = expected(case["expect"])
        ids = list(dict.fromkeys(indicator for indicator, _ in wanted))
        asked = {"span": "ytd", **case["ask"], "period": str(case["ask"]["period"])}
        found = queries.compute(**asked, indicators=ids, profile=profile)
        for (indicator, unit), value in wanted.items():
            assert found.value(indicator, unit) == value, (indicator, unit, asked)
            if not indicator.endswith("_yoy"):
                assert counter.count(city, Asked(**asked), unit)[indicator] == value, ("slow counter", indicator, unit)


def test_every_indicator_of_the_shipped_profile_is_drawn() -> None:
    drawn: set[str] = set()
    for file in FILES:
        read = yaml.safe_load(file.read_text("utf-8"))
        drawn |= {indicator for case in [read, *read.get("more", [])] for indicator, _ in expected(case["expect"])}
    assert {one.id for one in codebook.profile().indicators} <= drawn
