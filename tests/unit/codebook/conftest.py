"""A complete small profile; each test changes one thing of a copy."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from luodi.codebook.load import BadProfile, load_profile
from luodi.codebook.values import Profile

SMALL = """
city: {id: small, zh: 小城, en: Small, root: S, go_live: 2024-01, counted_kinds: [招商引资],
       not_secret_zh: 非涉密, not_secret_en: no secrets, not_statistics_zh: 部门数据, not_statistics_en: working figures}
unit_kinds:
  - {id: city, zh: 市, en: city}
  - {id: district, zh: 县, en: district, under: [city], level: 1, files: true}
groups: [{id: G, zh: 组, en: group}]
offices: [{id: bureau, zh: 局, en: bureau, unit: B}]
roles:
  - {id: reporter, zh: 填报人, en: reporter, reach: subtree, may: [fill_form]}
  - {id: sys, zh: 系统, en: system, reach: city, may: [keep_store], never_with: [sec, aud]}
  - {id: sec, zh: 安全, en: security, reach: city, may: [give_posts], never_with: [aud]}
  - {id: aud, zh: 审计, en: audit, reach: city, may: [read_audit, verify_ledger]}
size_bands:
  - {id: A, zh: 小, en: small, at_least: 0元}
  - {id: B, zh: 大, en: large, at_least: 1亿元}
vocabularies:
  - {id: kind, values: [招商引资, 政府投资]}
  - {id: origin, values: [境外, 省外]}
attributes: [{id: land, zh: 用地, en: land, type: decimal, required_from: 开工}]
evidence_kinds: [{id: paper, zh: 文件, en: paper, because: 规定}]
stages:
  - {id: 签约, en: signed, plays: signed, first: true, fields: [investor, land], evidence: [{any_of: [paper]}], verified_by: [{office: bureau}]}
  - {id: 开工, en: started, plays: started, follows: [签约], verified_by: [{of: host}]}
nodes: [{id: N, zh: 节点, en: node, before_stage: 开工}]
reasons: [{id: r, zh: 原因, en: reason}]
problem_kinds: [{id: p, zh: 难题, en: problem, days: 7}]
responsibilities: [{id: s, zh: 包保, en: sponsor, required_from: 签约}]
lists: [{id: 省重点, zh: 省重点, en: key, kept_by: bureau}]
lights:
  - {id: wait, zh: 等, en: wait, kind: waiting, unit: days, since: signed, until: started, yellow: 1, orange: 2, red: 3}
measures:
  - {id: invest_completed, zh: 完成投资, en: investment, unit: money, filed_in: 万元}
  - {id: funds_in_place, zh: 到位资金, en: funds, unit: money, filed_in: 万元}
  - {id: foreign_capital, zh: 外资, en: foreign, unit: money, filed_in: 万元, part_of: funds_in_place}
  - {id: tax_paid, zh: 税收, en: tax, unit: money, filed_in: 万元}
  - {id: output_value, zh: 产值, en: output, unit: money, filed_in: 万元}
  - {id: jobs_added, zh: 就业, en: jobs, unit: persons, filed_in: 人, places: 0}
  - {id: staff, zh: 人员, en: staff, unit: persons, filed_in: 人, filed_on: unit, unit_kinds: [district]}
forms:
  - {id: F, zh: 月报, en: monthly, measures: [{measure: invest_completed, column: cumulative}], owes: {unit_kinds: [district], reached: [started]},
     window: {due: 3, closes: 5}, owner: bureau, chain: [{of: filer}, {office: bureau}]}
checks:
  - {id: jump, severity: soft, forms: [F], thresholds: [{id: factor, value: 5}, {id: months, value: 6}, {id: at_least, value: 1}]}
indicators:
  - {id: signed_count, zh: 签约, en: signed, unit: count, kind: flow, value: {count: projects, projects: {first: signed}}}
  - {id: invest, zh: 投资, en: investment, unit: money, printed_in: 亿元, kind: sum, value: {sum: invest_completed, projects: {kinds: all}}}
  - {id: rate, zh: 目标, en: target, unit: ratio, kind: target_rate, of: invest}
  - {id: gap, zh: 差, en: gap, unit: points, kind: points, of: rate}
  - {id: share, zh: 占比, en: share, unit: ratio, kind: ratio, numerator: {indicator: invest}, denominator: {sum: invest_completed, span: since}}
papers:
  - {id: n, zh: 通报, en: notice, kind: notice, title: 题, issuer: 局, indicators: [invest], rankings: [{indicator: rate, ties: [invest], group: G}], unit_kinds: [district]}
"""

Change = Callable[..., Profile]


@pytest.fixture
def load(tmp_path: Path) -> Change:
    """Load the small profile after replacing text in it, or with more text in a second file."""

    def loading(old: str = "", new: str = "", *, more: str = "") -> Profile:
        assert old in SMALL
        (tmp_path / "a.yaml").write_text(SMALL.replace(old, new, 1) if old else SMALL, "utf-8")
        if more:
            (tmp_path / "b.yaml").write_text(more, "utf-8")
        return load_profile(tmp_path)

    return loading


@pytest.fixture
def mistakes(load: Change) -> Callable[..., list[tuple[str, str | None]]]:
    """Give code and path of every mistake after a change, in the order they are reported."""

    def found(old: str = "", new: str = "", *, more: str = "") -> list[tuple[str, str | None]]:
        with pytest.raises(BadProfile) as refusal:
            load(old, new, more=more)
        for problem in refusal.value.problems:
            assert "{" not in problem.message("zh").replace("{attribute", ""), problem
            assert "{" not in problem.message("en").replace("{attribute", ""), problem
            assert problem.file
        return [(problem.code, problem.path) for problem in refusal.value.problems]

    return found
