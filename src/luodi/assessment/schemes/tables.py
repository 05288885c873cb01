"""The tables of keys of a scheme apart from its operators: inputs, groups, total, rank and what follows scoring."""

from __future__ import annotations

from fractions import Fraction

from luodi.assessment.schemes import keys
from luodi.assessment.schemes.keys import CHOICE, MAY, MUST, Key, Names
from luodi.assessment.schemes.values import Ref
from luodi.kernel import predicates
from luodi.kernel.yamltext import Map, Node, Place, Seq, Text

AFTER = frozenset({"total", "rank", "rank_from_bottom", "grade", "state"})
RESERVED = (
    *sorted(AFTER),
    "full",
    "none",
    "group",
    "all",
    "unit",
    "period",
    "input",
    "value",
    "kind",
    "known_at",
    "share",
    "perimeter",
)


def words_of(key: Key, name: str) -> dict[str, object]:
    """Give the parameters of a 'choice missing' problem."""
    return {"choice": name, "form": key.form, "meaning_zh": key.zh, "meaning_en": key.en}


def find(name: str) -> Key:
    """Find a key of the scheme's own table."""
    return next(key for key in SCHEME if key.name == name)


def _skip(node: Node, place: Place, names: Names, line: int) -> None:
    """Leave a section to its own reader."""


def _scale(node: Node, place: Place, names: Names, line: int) -> object:
    if isinstance(node, Text) and node == "none":
        return "none"
    found = keys.read_keys(
        node, (Key("from", keys.number, MUST, "多少算满分", "what counts as full"),), place, names, line
    )
    if found.get("from") is not None and found["from"] == 0:
        keys.unfit(node, place, names, line, "{from: 100}")
    return found


def _otherwise(node: Node, place: Place, names: Names, line: int) -> object:
    return keys.token_or_number("not_applicable")(node, place, names, line)


def _monotonic(node: Node, place: Place, names: Names, line: int) -> object:
    found = keys.by_name(keys.token("up", "down"))(node, place, names, line)
    for one in found if isinstance(found, dict) else ():
        if names.inputs.get(one) != "number":
            names.refuse(place, line, "scheme.unknown_name", name=one, known=", ".join(sorted(names.inputs)))
    return found


SCALE = Key(
    "scale",
    _scale,
    MAY,
    "多少折成满分；none 为直接得分",
    "what counts as full marks; none: points as they are",
    None,
    "none | {from: NUMBER}",
)
BASIS = Key("basis", keys.text, MAY, "依据（文件、条款）", "the article it rests on", "", "TEXT")
TITLE = Key("title", keys.text, MAY, "名称", "its name for readers", "", "TEXT")
ROUND = Key(
    "round", keys.rounding, CHOICE, "在这里怎样进舍", "how to round here", form="none | {places: 2, mode: half_up}"
)
COMMON = (
    Key("op", keys.text, MUST, "算法", "the operator", form="OPERATOR"),
    BASIS,
    TITLE,
    ROUND,
    SCALE,
    Key("when", keys.condition("attribute"), MAY, "满足条件才计", "only when this holds", None, "CONDITION"),
    Key(
        "else",
        _otherwise,
        MAY,
        "不满足时得多少（缺省 0）",
        "what it gives when not (0 unless said)",
        Fraction(0),
        "NUMBER | not_applicable",
    ),
    Key(
        "monotonic",
        _monotonic,
        MAY,
        "声明随哪个输入升（降）",
        "declared: rises or falls with an input",
        None,
        "{INPUT: up | down}",
    ),
)
VALUE_COMMON = (
    *(key for key in COMMON if key.name not in ("round", "scale", "monotonic")),
    Key(
        "round",
        keys.rounding,
        MAY,
        "在这里怎样进舍（缺省不舍）",
        "rounding (none unless said)",
        None,
        "none | {places, mode}",
    ),
)
TOTAL = (COMMON[0], BASIS, TITLE, ROUND)


def _items(node: Node, place: Place, names: Names, line: int) -> tuple[str, ...]:
    """Read a list of items, each once."""
    if not isinstance(node, Seq) or not node:
        keys.unfit(node, place, names, line, "[ITEM, ...]")
        return ()
    found = [keys.text(one, place.at(i), names, line) for i, one in enumerate(node)]
    for i, one in enumerate(found):
        if one not in names.items:
            names.refuse(
                place.at(i),
                getattr(node[i], "line", line),
                "scheme.unknown_item",
                item=one,
                known=", ".join(sorted(names.items)),
            )
        elif one in found[:i]:
            names.refuse(place.at(i), getattr(node[i], "line", line), "scheme.item_twice", item=one)
    return tuple(found)


def _weights(node: Node, place: Place, names: Names, line: int) -> dict[str, object]:
    if not isinstance(node, Map):
        keys.unfit(node, place, names, line, "{ITEM: NUMBER}")
        return {}
    found = {}
    for item, weight in node.items():
        if item not in names.items:
            names.refuse(
                place.at(item), node.lines[item], "scheme.unknown_item", item=item, known=", ".join(sorted(names.items))
            )
        found[item] = keys.number(weight, place.at(item), names, node.lines[item])
        if found[item] < 0:
            keys.unfit(weight, place.at(item), names, node.lines[item], "0 or more")
    return dict(found)


ITEMS = Key("items", _items, MUST, "计哪些项", "the items", form="[ITEM, ...]")
WEIGHTS = Key(
    "weights",
    _weights,
    MAY,
    "各项权重（满分）；0 为不适用",
    "weights (full marks); 0: not applicable",
    None,
    "{ITEM: NUMBER}",
)
PATTERNS = keys.listing(keys.text)
BY_PERIOD = (
    Key(
        "periods", PATTERNS, MUST, "哪些期（可用 * 和 ?）", "which periods (* and ? as in file names)", form="[PATTERN]"
    ),
    ITEMS,
    Key(
        "weights",
        _weights,
        MAY,
        "这些期的权重（缺省同上）",
        "their weights (as above unless said)",
        None,
        "{ITEM: NUMBER}",
    ),
)
GROUP = (
    ITEMS,
    WEIGHTS,
    Key(
        "not_applicable",
        keys.token("no_redistribution", "redistribution", "redistribute"),
        CHOICE,
        "不适用项的权重是否摊给其余",
        "whether the weight of an item that doesn't apply goes to the others",
        form="no_redistribution | redistribution",
    ),
    Key("weights_total", keys.number, MAY, "权重应合计多少", "what the weights must add up to", None, "NUMBER"),
    Key(
        "by_period",
        keys.listing(keys.table(BY_PERIOD)),
        MAY,
        "分时期的项目集",
        "item sets that change by period",
        None,
        "[{periods, items, weights}]",
    ),
    Key("total", _skip, MAY, "本组自己的合计办法", "the group's own total", None, "as total"),
)
RANGE = (
    Key("least", keys.number, MAY, "不小于", "not below", None, "NUMBER"),
    Key("most", keys.number, MAY, "不大于", "not above", None, "NUMBER"),
)
INPUT = (
    Key("from", keys.token("column"), MUST, "从哪里来", "where it comes from", form="column"),
    Key(
        "missing",
        keys.token("error", "zero", "not_applicable"),
        CHOICE,
        "缺数怎么办",
        "when it is missing",
        form="error | zero | not_applicable",
    ),
    Key("unit", keys.text, MAY, "计量单位", "unit of measure", "", "TEXT"),
    Key("source", keys.text, MAY, "数据由谁提供", "who supplies it", "", "TEXT"),
    Key("column", keys.name, MAY, "列名（缺省同名）", "the column (its own name unless said)", "", "TEXT"),
    Key(
        "type",
        keys.token("number", "text", "day"),
        MAY,
        "数、文字或日期",
        "number, text or day",
        "number",
        "number | text | day",
    ),
    Key(
        "kind",
        keys.token("audited", "self", "audited_else_self"),
        MAY,
        "取审定数、自报数，还是无审定取自报",
        "audited, self, or self where not audited",
        "audited_else_self",
        "audited | self | audited_else_self",
    ),
    Key("perimeter", keys.text, MAY, "哪个口径", "which perimeter of the unit", "", "TEXT"),
    Key("range", keys.table(RANGE), MAY, "允许范围", "allowed range", None, "{least, most}"),
    Key("step", keys.number, MAY, "最小计数单位", "the smallest step it can move by", None, "NUMBER"),
)
LIST = (
    Key("version", keys.text, MUST, "版本", "version", form="TEXT"),
    Key("source", keys.text, MUST, "来源", "source", form="TEXT"),
    Key("members", keys.listing(keys.text, least=0), MUST, "成员", "members", form="[TEXT]"),
)


def _after_ref(node: Node, place: Place, names: Names, line: int) -> Ref:
    if isinstance(node, Text) and str(node).partition("@")[0] in AFTER:
        base, _, when = str(node).partition("@")
        return Ref(base, when or None, line)
    return keys.ref(node, place, names, line)


def _after_condition(node: Node, place: Place, names: Names, line: int) -> predicates.Predicate | None:
    """Read a condition judged after scoring: it may ask for total, rank, rank_from_bottom and grade besides."""
    try:
        found = predicates.read(node, place, lists=names.lists)
    except predicates.BadPredicate as refusal:
        names.problems.extend(refusal.problems)
        return None
    for one in sorted(predicates.names(found)):
        base, _, when = one.partition("@")
        if base not in names.known() | AFTER or (one.endswith("@") and not when):
            known = ", ".join(sorted(names.known() | AFTER))
            names.refuse(place, getattr(node, "line", line), "scheme.unknown_name", name=one, known=known)
    return found


def _then(node: Node, place: Place, names: Names, line: int) -> tuple[object, ...]:
    if node is None or (isinstance(node, Seq) and not node):
        return ()
    return (
        tuple(_plain_order(one, place.at(i), names, line) for i, one in enumerate(node))
        if isinstance(node, Seq)
        else _no_list(node, place, names, line)
    )


def _no_list(node: Node, place: Place, names: Names, line: int) -> tuple[object, ...]:
    keys.unfit(node, place, names, line, "[NAME | {by: NAME, order: desc}]")
    return ()


def _plain_order(node: Node, place: Place, names: Names, line: int) -> dict[str, object]:
    if isinstance(node, Map):
        return keys.read_keys(node, ORDER, place, names, line)
    return {"by": _after_ref(node, place, names, line), "order": "desc"}


ORDER = (
    Key("by", _after_ref, MUST, "按什么", "by what", form="NAME"),
    Key("order", keys.token("desc", "asc"), CHOICE, "从高到低还是从低到高", "which end is first", form="desc | asc"),
)
RANK = (
    Key("by", _after_ref, MUST, "按什么排", "what is ranked", form="total | NAME"),
    ORDER[1],
    Key(
        "ties",
        keys.token("same_rank_skip", "same_rank_dense", "refuse"),
        CHOICE,
        "并列怎么排",
        "the places of equals",
        form="same_rank_skip | same_rank_dense | refuse",
    ),
    Key("then", _then, MAY, "相等时再按什么", "what settles equals first", (), "[NAME | {by: NAME, order: asc}]"),
    Key(
        "precision",
        keys.rounding,
        MAY,
        "比较到几位（缺省同得分）",
        "places compared at (those of the score unless said)",
        None,
        "none | {places, mode}",
    ),
    Key(
        "within",
        keys.token("group", "all"),
        MAY,
        "组内排还是全体排",
        "inside each group or over all",
        "group",
        "group | all",
    ),
)


RULE = (
    Key("id", keys.name, MUST, "代号", "its id", form="NAME"),
    Key("when", _after_condition, MUST, "条件", "the condition", form="CONDITION"),
    BASIS,
    Key("effect", keys.text, MUST, "后果（not_ranked 没有此键）", "what follows (not in not_ranked)", form="{...}"),
    Key(
        "force",
        keys.token("hard", "soft"),
        CHOICE,
        "硬约束直接生效，软约束只提出（not_ranked 没有此键）",
        "hard: applied; soft: only proposed to people (not in not_ranked)",
        form="hard | soft",
    ),
)


def _rule(effects: tuple[Key, ...]) -> keys.Read:
    """Make a reader of a rule judged after scoring; one without effects only keeps a unit out of the ranking."""
    effect = Key("effect", keys.table(effects), MUST, RULE[3].zh, RULE[3].en, form=RULE[3].form)
    table = (*RULE[:3], effect, RULE[4]) if effects else RULE[:3]

    def read(node: Node, place: Place, names: Names, line: int) -> dict[str, object]:
        at = getattr(node, "line", line) or line
        return {**keys.read_keys(node, table, place, names, at), "line": at}

    return read


VETO_EFFECT = (
    Key("score", keys.number, MAY, "总分改为", "the total becomes", None, "NUMBER"),
    Key("points", keys.number, MAY, "总分加（减）", "added to the total", None, "NUMBER"),
    Key("rank", keys.token("last"), MAY, "列末位", "ranked behind all others", None, "last"),
    Key("not_ranked", keys.token("true"), MAY, "不参加排名", "not ranked", None, "true"),
    Key("grade", keys.text, MAY, "等次定为", "the grade becomes", None, "GRADE"),
    Key("grade_at_most", keys.text, MAY, "等次不高于", "no better than", None, "GRADE"),
    Key("no_prize", keys.token("true"), MAY, "不得评奖", "no prize", None, "true"),
)
MOVE_EFFECT = (
    Key("move", keys.token("up", "down"), MUST, "升等还是降等", "up or down", form="up | down"),
    Key("levels", keys.whole, MAY, "几等", "how many grades", 1, "1, 2, ..."),
)
LEVEL = (
    Key("grade", keys.name, MUST, "等次", "the grade", form="TEXT"),
    Key("when", _after_condition, MAY, "条件", "the condition", None, "CONDITION"),
    Key("places", keys.whole, MAY, "最多几个", "at most so many units", None, "1, 2, ..."),
    Key(
        "percent",
        keys.number,
        MAY,
        "最多占参加排名的百分之几（只舍不入）",
        "at most so many percent of the ranked, rounded down",
        None,
        "NUMBER",
    ),
)
GRADES = (
    Key(
        "levels",
        keys.listing(keys.table(LEVEL)),
        MUST,
        "由高到低各等次",
        "from best to worst",
        form="[{grade, when, places, percent}]",
    ),
    Key("otherwise", keys.name, MUST, "其余为", "all others", form="TEXT"),
)


def _prize(node: Node, place: Place, names: Names, line: int) -> dict[str, object]:
    at = getattr(node, "line", line) or line
    return {**keys.read_keys(node, PRIZE, place, names, at), "line": at}


PRIZE = (
    Key("id", keys.name, MUST, "奖项", "the prize", form="TEXT"),
    Key("places", keys.whole, MUST, "名额", "how many", form="1, 2, ..."),
    Key("by", _after_ref, MUST, "按什么排", "by what", form="NAME"),
    ORDER[1],
    Key(
        "ties",
        keys.token("all_in", "none_in", "refuse"),
        CHOICE,
        "末位并列怎么办",
        "equals at the last place",
        form="all_in | none_in | refuse",
    ),
    Key("within", keys.token("group", "all"), CHOICE, "每组还是全体", "each group, or over all", form="group | all"),
    Key("when", _after_condition, MAY, "入围条件", "who qualifies", None, "CONDITION"),
    BASIS,
)
POOL = (
    Key("units", keys.listing(keys.text), MUST, "参加单位", "the units", form="[UNIT]"),
    Key("frozen_on", keys.a_day, MUST, "冻结之日", "the day it was frozen", form="2026-01-31"),
    Key("approved_by", keys.text, MUST, "谁批准", "who approved it", form="TEXT"),
)
VALID = (
    Key("from", keys.a_day, MUST, "自", "from", form="2026-01-01"),
    Key("to", keys.a_day, MAY, "至", "to", None, "2026-12-31"),
)
APPROVAL = (
    Key("number", keys.text, MUST, "批准文号", "approval number", form="TEXT"),
    Key("by", keys.text, MAY, "批准机关", "by whom", "", "TEXT"),
    Key("on", keys.a_day, MAY, "批准之日", "on", None, "2026-01-31"),
)
RULE_NOT_RANKED = _rule(())
RULE_VETO = _rule(VETO_EFFECT)
RULE_MOVE = _rule(MOVE_EFFECT)
SCHEME = (
    Key("format", keys.text, MUST, "格式", "format", form="luodi-scheme/1"),
    Key("id", keys.name, MUST, "代号", "id", form="NAME"),
    TITLE,
    Key("valid", keys.table(VALID), MUST, "有效期", "in force", form="{from, to}"),
    Key("basis", keys.text, MUST, "依据", "what it rests on", form="TEXT"),
    Key(
        "approval",
        keys.table(APPROVAL),
        MAY,
        "批准；没有则只供内部测算",
        "approval; without one, for internal trial only",
        None,
        "{number, by, on}",
    ),
    Key("inputs", keys.by_name(keys.table(INPUT)), MUST, "输入", "inputs", form="{NAME: {...}}"),
    Key("values", _skip, MAY, "中间值", "derived values", None, "{NAME: {op: ...}}"),
    Key(
        "lists",
        keys.by_name(keys.table(LIST)),
        MAY,
        "外部名单及版本",
        "external lists and versions",
        None,
        "{NAME: {...}}",
    ),
    Key("groups", keys.by_name(_skip), MUST, "分组", "groups", form="{NAME: {...}}"),
    Key("items", keys.by_name(_skip), MUST, "指标项", "items", form="{NAME: {op: ...}}"),
    Key("total", _skip, MUST, "合计", "the total", form="{op: sum, ...}"),
    Key("rank", keys.table(RANK), MUST, "排名", "the ranking", form="{by, order, ties, then}"),
    Key(
        "corrections",
        keys.token("rerank", "carry_forward"),
        CHOICE,
        "通报后更正：重排还是结转",
        "corrected after publication: rank again, or carry forward",
        form="rerank | carry_forward",
    ),
    Key(
        "published",
        keys.by_name(keys.a_day),
        MAY,
        "各期通报之日",
        "the day each period was published",
        None,
        "{PERIOD: DAY}",
    ),
    Key(
        "no_history",
        keys.token("error", "zero", "not_applicable"),
        MAY,
        "没有往期得分时（用到 @ 的得分、名次必选）",
        "no earlier score (needed when an earlier score or rank is used)",
        None,
        "error | zero | not_applicable",
    ),
    Key("year_starts", keys.whole, MAY, "核算年度从几月起", "month the accounting year begins", 1, "1 ... 12"),
    Key(
        "group_change",
        keys.token("last_group", "longest_group", "by_share", "refuse"),
        MAY,
        "期中换组怎么办（不写则拒绝）",
        "a unit that changes group in mid-period (refused unless said)",
        None,
        "last_group | longest_group | by_share | refuse",
    ),
    Key(
        "not_ranked",
        keys.listing(RULE_NOT_RANKED),
        MAY,
        "哪些本期不排名",
        "who is not ranked this period",
        None,
        "[{id, when, basis}]",
    ),
    Key(
        "unranked_peers",
        keys.token("included", "excluded"),
        MAY,
        "不排名者算不算可比对象（写了 not_ranked 必选）",
        "whether they are peers (needed with not_ranked)",
        None,
        "included | excluded",
    ),
    Key("vetoes", keys.listing(RULE_VETO), MAY, "否决", "vetoes", None, "[{id, when, effect, force, basis}]"),
    Key("grades", keys.table(GRADES), MAY, "等次", "grades", None, "{levels, otherwise}"),
    Key(
        "moves",
        keys.listing(RULE_MOVE),
        MAY,
        "升降等",
        "promotion and demotion",
        None,
        "[{id, when, effect, force, basis}]",
    ),
    Key("prizes", keys.listing(_prize), MAY, "奖项", "prizes", None, "[{id, places, by, order, ties, within, when}]"),
    Key("pool", keys.table(POOL), MAY, "冻结的参评名单", "the frozen pool", None, "{units, frozen_on, approved_by}"),
)
