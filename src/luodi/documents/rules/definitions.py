"""Lines of the sheet of definitions: what an indicator means, and which form with which legal head the figures come from."""

from __future__ import annotations

from luodi.codebook.rules import meaning
from luodi.codebook.values.indicators import Flow, Indicator, Sum
from luodi.codebook.values.papers import Paper
from luodi.codebook.values.profile import Profile
from luodi.codebook.values.reporting import Form
from luodi.documents.rules.numbers import unit_of
from luodi.documents.values import Definition, Source

INTERNAL = "内部工作调度表"
GROWTH = Definition(  # design: ledger.md, Growth
    id="<id>_yoy",
    label="累计同比",
    unit="%",
    words="本期间与上年同一期间之比减1。上年的项目属性和日期取上年当时的，按现在的单位沿革汇总，截止同一时点（可比口径）；上年没有数或不大于0的，不计算。",
)


def definition(profile: Profile, indicator: Indicator) -> Definition:
    """Give an indicator's line in the sheet of definitions."""
    return Definition(
        id=indicator.id,
        label=indicator.zh,
        unit=unit_of(indicator),
        words=meaning.definition(profile, indicator, "zh"),
        basis=indicator.basis,
    )


def of_paper(profile: Profile, paper: Paper) -> tuple[Definition, ...]:
    """Give the lines of everything a paper prints: its indicators, what units are ranked and tied by, and growth."""
    ranked = (name for one in paper.rankings for name in (one.indicator, *one.ties))
    printed = [profile.indicator(name) for name in dict.fromkeys((*paper.indicators, *ranked))]
    lines = tuple(definition(profile, one) for one in printed if one is not None)
    return (*lines, GROWTH) if any(isinstance(one, Flow | Sum) for one in printed) else lines


def source(form: Form) -> Source:
    """Give a form's legal head, or say that it is an internal working form."""
    if form.legal is None:
        return Source(form.id, form.zh, INTERNAL)
    legal = form.legal
    head = (
        f"表号：{legal.number}；制定机关：{legal.issued_by}；"
        f"批准（备案）文号：{legal.approved_by}；有效期至：{legal.valid_until}"
    )
    return Source(form.id, form.zh, head)
