"""
The kinds of import files: columns, their Chinese headers, what each holds (contract.md, Import files).

A column is a table entry here; how its cells are read is looked up by the name in `read` (see `reading.py`).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Column:
    """
    One column: code, Chinese header, how it is read, whether a row needs it.

    `width` is how wide a template draws it; `note` a key of the words catalogue that explains it there.
    """

    code: str
    header: str
    read: str = "label"
    required: bool = False
    also: tuple[str, ...] = ()
    width: int = 14


@dataclass(frozen=True)
class Kind:
    """
    One kind of file. `key` names the row, `value` is what a voiding row compares; `model` the projection it fills.

    `extra` are columns that may stand in the file beyond those of its template.
    """

    name: str
    header: str
    model: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    value: tuple[str, ...]

    @property
    def all_columns(self) -> tuple[Column, ...]:
        """The kind's columns and those that every kind may have."""
        return (*self.columns, *COMMON)

    def column(self, code: str) -> Column:
        """Find a column by code. Raises KeyError."""
        return next((column for column in self.all_columns if column.code == code), None) or _absent(code)

    @property
    def required(self) -> tuple[str, ...]:
        """Codes of the columns no row may leave empty."""
        return tuple(column.code for column in self.columns if column.required)


def _absent(code: str) -> Column:
    raise KeyError(code)


COMMON = (Column("known_at", "获知时间", "moment", width=18), Column("void", "作废", "yes_no", width=6))

UNITS = Kind(
    "units",
    "单位沿革",
    "identity.UnitVersion",
    (
        Column("code", "单位代码", "label40", True),
        Column("name", "单位名称", "label200", True, width=24),
        Column("parent", "上级代码", "label40"),
        Column("kind", "类别", "unit_kind", True),
        Column("group", "考核组", "group"),
        Column("successor", "后继代码", "label40"),
        Column("valid_from", "启用日期", "day", True),
        Column("valid_to", "停用日期", "day"),
    ),
    key=("code",),
    value=("valid_from",),
)

PROJECTS = Kind(
    "projects",
    "项目档案",
    "projects.ProjectVersion",
    (
        Column("code", "项目编号", "label80"),
        Column("national_code", "项目代码（在线平台）", "national_code", also=("项目代码", "在线平台代码"), width=26),
        Column("name", "项目名称", "text", True, width=30),
        Column("host", "属地", "unit"),
        Column("introducer", "引进单位", "unit"),
        Column("lead_department", "牵头部门", "unit"),
        Column("investor", "投资方", "text", width=26),
        Column("uscc", "统一社会信用代码", "uscc", width=22),
        Column("origin", "资金来源地", "vocabulary:origin"),
        Column("kind", "项目类型", "vocabulary:kind", True),
        Column("nature", "建设性质", "vocabulary:nature"),
        Column("industry", "行业代码", "label10"),
        Column("industry_edition", "行业分类版本", "edition"),
        Column("chain", "产业链", "vocabulary:chain"),
        Column("contract_kind", "签约类型", "vocabulary:contract_kind"),
        Column("content", "建设内容及规模", "text", width=30),
        Column("total_investment", "总投资", "money"),
        Column("fixed_investment", "固定资产投资", "money"),
        Column("strategic", "战新", "yes_no", width=8),
        Column("excluded", "不计入原因", "text"),
        Column("valid_from", "起始日期", "day", True),
    ),
    key=("code", "valid_from"),
    value=("name",),
)

STAGES = Kind(
    "stages",
    "阶段事件",
    "projects.StageEvent",
    (
        Column("project", "项目编号", "label80", True),
        Column("stage", "阶段", "stage", True),
        Column("occurred_on", "发生日期", "day_or_month", True),
        Column("verified", "已核实", "yes_no", width=8),
        Column("evidence", "佐证", "text", width=24),
        Column("verified_at", "核实时间", "moment", width=18),
    ),
    key=("project", "stage"),
    value=("occurred_on",),
)

LISTS = Kind(
    "lists",
    "清单",
    "projects.ListEntry",
    (
        Column("project", "项目编号", "label80", True),
        Column("list", "清单", "list", True, width=20),
        Column("valid_from", "列入日期", "day", True),
        Column("valid_to", "移出日期", "day"),
    ),
    key=("project", "list"),
    value=("valid_from",),
)

PLANS = Kind(
    "plans",
    "年度计划",
    "projects.YearPlan",
    (
        Column("project", "项目编号", "label80", True),
        Column("year", "年度", "year", True, width=8),
        Column("month", "月份", "month", width=8),
        Column("invest", "计划投资", "money"),
        Column("start_on", "计划开工", "day"),
        Column("finish_on", "计划竣工", "day"),
    ),
    key=("project", "year", "month"),
    value=("invest",),
)

FIGURES = Kind(
    "figures",
    "填报数据",
    "statistics.Figure",
    (
        Column("subject", "对象编号", "label80", True, also=("项目编号", "单位代码")),
        Column("measure", "指标项", "measure", True, width=18),
        Column("period", "期间", "period", True),
        Column("value", "数值", "raw"),
        Column("form", "表号", "label40"),
        Column("accepted", "已审核", "yes_no", width=8),
        Column("accepted_at", "审核时间", "moment", width=18),
        Column("rate", "汇率", "number", width=10),
        Column("rate_on", "汇率日期", "day"),
    ),
    key=("subject", "measure", "period"),
    value=("value",),
)

NOTES = Kind(
    "notes",
    "进展情况",
    "projects.Note",
    (
        Column("project", "项目编号", "label80", True),
        Column("period", "期间", "period", True),
        Column("progress", "形象进度", "text", width=30),
        Column("problems", "存在问题", "text", width=30),
        Column("next", "下步计划", "text", width=30),
        Column("coordinate", "需协调事项", "text", width=30),
    ),
    key=("project", "period"),
    value=("progress",),
)

TARGETS = Kind(
    "targets",
    "目标任务",
    "statistics.Target",
    (
        Column("unit", "单位代码", "label40", True),
        Column("indicator", "指标", "indicator", True, width=20),
        Column("period", "期间", "period", True),
        Column("value", "目标值", "raw"),
        Column("kind", "目标类别", "target_kind"),
        Column("source", "来源", "target_source"),
    ),
    key=("unit", "indicator", "period", "kind", "source"),
    value=("value",),
)

ATTRIBUTIONS = Kind(
    "attributions",
    "归属分成",
    "projects.Attribution",
    (
        Column("project", "项目编号", "label80", True),
        Column("role", "角色", "role", True),
        Column("unit", "单位代码", "label40", True),
        Column("share", "份额", "share", width=10),
        Column("measure", "指标项", "measure"),
        Column("mode", "方式", "mode", width=8),
        Column("valid_from", "起始日期", "day", True),
    ),
    key=("project", "role", "measure", "valid_from", "unit"),
    value=("share",),
)

ENTERPRISES = Kind(
    "enterprises",
    "企业名录",
    "directory.Enterprise",
    (
        Column("code", "企业编号", "label80", True),
        Column("name", "企业名称", "text", True, width=30),
        Column("uscc", "统一社会信用代码", "uscc", width=22),
        Column("aliases", "别名", "text", width=26),
        Column("former", "曾用名", "text", width=26),
    ),
    key=("code",),
    value=("name",),
)

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (UNITS, PROJECTS, STAGES, LISTS, PLANS, FIGURES, NOTES, TARGETS, ATTRIBUTIONS, ENTERPRISES)
}

TARGET_KINDS = {"保证": "guaranteed", "争取": "striving"}
TARGET_SOURCES = {"上级": "above", "本级": "own"}
ROLES = {"属地": "host", "引进": "introducer", "牵头": "lead_department"}
MODES = {"分成": "split", "全额": "full"}
EDITIONS = {"2017": "2017", "2011": "2011"}
