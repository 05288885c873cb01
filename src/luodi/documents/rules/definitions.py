"""Definitions in words, written from the profile's data, so that the sheet of definitions cannot drift from what is computed."""

from __future__ import annotations

from fractions import Fraction

from luodi.codebook.values.indicators import (
    Cohort,
    Flow,
    Indicator,
    Median,
    Points,
    Projects,
    Quantity,
    Ratio,
    Stock,
    Sum,
    TargetRate,
)
from luodi.codebook.values.profile import Profile
from luodi.codebook.values.reporting import Form
from luodi.documents.rules.numbers import unit_of, written
from luodi.documents.values import Definition, Source

SPANS = {"asked": "", "period": "当期", "ytd": "年初至期末", "since": "累计至期末"}
FIELDS = {"total_investment": "总投资", "fixed_investment": "固定资产投资"}
ROLES = {"host": "属地", "introducer": "引进单位", "lead_department": "牵头部门"}
INTERNAL = "内部工作调度表"


def definition(profile: Profile, indicator: Indicator) -> Definition:
    """Give an indicator's line in the sheet of definitions."""
    words = indicator.means_zh or meaning(profile, indicator)
    return Definition(
        id=indicator.id,
        label=indicator.zh,
        unit=unit_of(indicator),
        words=f"{words}。按{ROLES[indicator.role]}口径。",
        basis=indicator.basis,
    )


def meaning(profile: Profile, indicator: Indicator) -> str:
    """Say what an indicator counts."""
    match indicator:
        case Flow() | Stock() | Sum():
            return quantity(profile, indicator.value)
        case Ratio():
            return f"{quantity(profile, indicator.numerator)}÷{quantity(profile, indicator.denominator)}"
        case Cohort():
            reached = "、".join(profile.labels((indicator.reached,)))
            return f"{chosen(profile, indicator.projects)}中，期末已“{reached}”的占比"
        case Median():
            ends = [profile.playing(part) or part for part in (indicator.since, indicator.until)]
            return f"{chosen(profile, indicator.projects)}从首次“{ends[0]}”到首次“{ends[1]}”天数的中位数"
        case TargetRate():
            return f"“{_label(profile, indicator.of)}”年初至期末数÷年度目标（上级下达的保证目标，没有的用本级目标）"
        case Points():
            return f"“{_label(profile, indicator.of)}”减序时进度（已过月数÷12，单位另有进度曲线的从其曲线），以百分点计"
        case _:
            return f"由程序 {indicator.function} 计算"


def _label(profile: Profile, wanted: str) -> str:
    found = profile.indicator(wanted)
    return found.zh if found else wanted


def quantity(profile: Profile, asked: Quantity) -> str:
    """Say what one number adds up."""
    span = SPANS[asked.span]
    if asked.indicator:
        return f"{span}“{_label(profile, asked.indicator)}”"
    projects = chosen(profile, asked.projects)
    if asked.sum:
        measure = profile.measure(asked.sum)
        return f"{projects}{span}填报的“{measure.zh if measure else asked.sum}”合计"
    if asked.plan:
        return f"{projects}年度计划投资合计"
    if asked.rises:
        after = f"首次“{profile.playing(asked.after) or asked.after}”之后，" if asked.after else ""
        return f"{projects}{after}期内{FIELDS[asked.rises]}调增额合计"
    if asked.amount:
        return f"{projects}期末{FIELDS[asked.amount]}合计"
    return f"{projects}个数"


def chosen(profile: Profile, projects: Projects) -> str:
    """Say which projects are selected."""
    return "、".join(_conditions(profile, projects)) + "的项目"


COLUMNS = {
    "origin": "资金来源地",
    "contract_kind": "签约类型",
    "nature": "建设性质",
    "kind": "项目类型",
    "industry": "行业代码",
    "chain": "产业链",
}


def _column(profile: Profile, field: str) -> str:
    attribute = profile.attribute(field)
    return COLUMNS.get(field, attribute.zh if attribute else field)


def _conditions(profile: Profile, projects: Projects) -> list[str]:
    kinds = profile.city.counted_kinds if projects.kinds is None else projects.kinds
    found = ["各类" if kinds == "all" else "或".join(kinds)]
    if projects.first:
        found.append(f"期内首次“{profile.playing(projects.first) or projects.first}”")
    if projects.first_while:
        found.append(f"当日{_column(profile, projects.first_while.field)}为{'或'.join(projects.first_while.values)}")
    for parts, words in ((projects.reached, "已"), (projects.not_reached, "未")):
        found += [f"{words}“{'”“'.join(profile.labels(parts))}”"] if parts else []
    for parts, words in ((projects.state, "当前为"), (projects.state_not, "当前不是")):
        found += [f"{words}“{'”“'.join(profile.labels(parts))}”"] if parts else []
    found += [f"{_column(profile, one.field)}为{'或'.join(one.values)}" for one in projects.has]
    if projects.strategic is not None:
        found.append("属于战新" if projects.strategic else "不属于战新")
    for amount, words in ((projects.at_least, "以上"), (projects.below, "以下")):
        found += [f"总投资{written(Fraction(amount), '亿元', 0)}亿元{words}"] if amount is not None else []
    found += [f"在“{projects.on_list}”清单"] if projects.on_list else []
    if projects.planned is not None:
        found.append("有年度计划" if projects.planned else "无年度计划")
    return found


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
