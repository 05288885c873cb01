"""
Prints the methodology annex, docs/methodology.md: every indicator in words, and the worked examples that the tests hold.

Run by `make methodology` after a definition or an example has changed; a test says so if it was forgotten. The words come from
the shipped profile, the examples from tests/spec/indicators, where each is filed as facts and computed on every store.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from luodi.codebook.load import SHIPPED, load_profile
from luodi.codebook.rules import meaning
from luodi.codebook.values import Profile

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = ROOT / "tests" / "spec" / "indicators"
PAGE = ROOT / "docs" / "methodology.md"
TABLES = {
    "projects": "项目 projects", "attributions": "归属 attributions", "stages": "阶段 stages", "figures": "填报数 figures",
    "plans": "年度计划 plans", "targets": "目标 targets",
}  # fmt: skip
SPANS = {"ytd": "年初至期末 year to date", "period": "当期 in the period", "since": "累计 since the beginning"}
HEAD = """# 指标方法说明 · Methodology of the indicators

本页由 `make methodology` 打印：释义取自配置，算例就是测试（SQLite 和 PostgreSQL 上都逐数算过）。部门调度数据，不作为法定统计数据。

Printed by `make methodology`: the words are the profile's, the examples are the tests, computed to the last digit on both stores.
"""
EXAMPLE_HEAD = """## 算例 · Worked examples

项目属地为东区、西区，两区合为全市。总投资、金额类填报数以万元填，算得的金额以元计；“无”是没有数，不是零；分数是准确值。没有写明的，一概从头已知、已审核。

Projects lie in two districts, 东区 and 西区, of one city. Investments and money are filed in 万元 and computed in yuan; 无 is a missing
value, not zero; fractions are exact. What is not said is known and accepted from the beginning.
"""


def annex() -> str:
    """Write the whole page."""
    examples = [
        part for path in sorted(EXAMPLES.glob("*.yaml")) for part in example(yaml.safe_load(path.read_text("utf-8")))
    ]
    return "\n".join([HEAD, *explained(load_profile(SHIPPED)), EXAMPLE_HEAD, *examples]).rstrip() + "\n"


def explained(profile: Profile) -> Iterator[str]:
    """Yield what every indicator means."""
    yield "## 释义 · What each means\n"
    for one in profile.indicators:
        yield f"### {one.zh} {one.en} `{one.id}`\n"
        yield f"{meaning.definition(profile, one, 'zh')}\n"
        yield f"{meaning.definition(profile, one, 'en')}\n"


def example(drawn: Mapping[str, Any]) -> Iterator[str]:
    """Yield one example: what is on the ledger, then each question with its answers."""
    yield f"### {drawn['title']}\n"
    yield f"{drawn['means'].strip()}\n"
    for name, label in TABLES.items():
        if name in drawn:
            yield f"{label}\n"
            yield table(drawn[name])
    for case in (drawn, *drawn.get("more", ())):
        yield f"**{question(case['ask'])}** {case.get('why', '')}".rstrip() + "\n"
        yield table(case["expect"])


def question(asked: Mapping[str, Any]) -> str:
    """Say what is asked."""
    more = [f"{name}={value}" for name, value in asked.items() if name not in ("period", "span")]
    return "，".join([str(asked["period"]), SPANS[asked.get("span", "ytd")], *more])


def table(text: str) -> str:
    """Turn a drawn table into one of the page's."""
    lines = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]
    head, *rows = [f"| {' | '.join(cells)} |" for cells in lines]
    return "\n".join([head, "|" + " --- |" * len(lines[0]), *rows]) + "\n"


if __name__ == "__main__":
    PAGE.write_text(annex(), "utf-8")
