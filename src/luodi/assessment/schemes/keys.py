"""
Tables of keys: what may stand in a mapping of a scheme, what must, and which keys are *choices*.

A choice is a question that published texts leave open (ties, zero targets, where to round). It has no default:
a scheme that does not settle it is refused, and the refusal names the choice and the line. The same tables make the
author's manual, so the two can't drift.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from luodi.assessment.schemes.exact import MODES, NotANumber, Rounding
from luodi.assessment.schemes.exact import number as exact_number
from luodi.assessment.schemes.values import Cap, Full, Percent, Quantity, Ref
from luodi.kernel import predicates
from luodi.kernel.problem import Problem
from luodi.kernel.yamltext import Map, Place, Seq, Text, Unfit, day, integer, unknown_keys
from luodi.kernel.yamltext import Node as Yaml

MUST, CHOICE, MAY = "must", "choice", "may"
COMPUTED = ("total", "rank")


@dataclass
class Names:
    """What a scheme defines, known before its operators are read; and what reading gathers."""

    inputs: Mapping[str, str] = field(default_factory=dict)  # name -> type
    values: frozenset[str] = frozenset()
    items: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    lists: Mapping[str, Sequence[str]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    refs: list[Ref] = field(default_factory=list)
    rows: set[str] = field(default_factory=set)

    def known(self) -> frozenset[str]:
        """Give every name a reference may use."""
        return frozenset(self.inputs) | self.values | self.items | frozenset(COMPUTED)

    def refuse(self, place: Place, line: Yaml | int, code: str, **params: object) -> None:
        """Note a problem and go on reading."""
        self.problems.append(place.problem(code, line, **params))


Read = Callable[[Yaml, Place, Names, int], object]


@dataclass(frozen=True)
class Key:
    """One key of a mapping: how it is read, whether it is needed, what it means."""

    name: str
    read: Read
    need: str
    zh: str
    en: str
    default: object = None
    form: str = ""  # what may be written, for the manual


def read_keys(node: Yaml, keys: Sequence[Key], place: Place, names: Names, line: int) -> dict[str, object]:
    """Read a mapping by its table; problems are gathered in `names`."""
    if not isinstance(node, Map):
        names.refuse(place, getattr(node, "line", line) or line, "scheme.not_a_mapping", found=shown(node))
        return {}
    names.problems.extend(unknown_keys(node, {key.name for key in keys}, place))
    result: dict[str, object] = {}
    for key in keys:
        if key.name in node:
            at = node.lines[key.name]
            result[key.name] = key.read(node[key.name], place.at(key.name), names, at)
        elif key.need == MAY:
            result[key.name] = key.default
        else:
            _absent(key, place, names, line)
    return result


def _absent(key: Key, place: Place, names: Names, line: int) -> None:
    code = "scheme.choice_missing" if key.need == CHOICE else "scheme.key_missing"
    named = {"choice": key.name} if key.need == CHOICE else {"key": key.name}
    names.refuse(place.at(key.name), line, code, **named, form=key.form, meaning_zh=key.zh, meaning_en=key.en)


# Readers of single values -----------------------------------------------------------------------------------------


def shown(node: Yaml) -> str:
    """Say what was found, briefly."""
    if isinstance(node, Text):
        return str(node)
    if isinstance(node, Map):
        return "{" + ", ".join(node) + "}"
    return f"[{len(node)}]" if isinstance(node, Seq) else "null"


def unfit(node: Yaml, place: Place, names: Names, line: int, form: str) -> None:
    """Note that something else was expected here."""
    names.refuse(place, getattr(node, "line", line) or line, "scheme.unfit", found=shown(node), form=form)


def text(node: Yaml, place: Place, names: Names, line: int) -> str:
    """Read any scalar as text; an empty one is ''."""
    if isinstance(node, Text):
        return str(node)
    if node is not None:
        unfit(node, place, names, line, "text")
    return ""


def name(node: Yaml, place: Place, names: Names, line: int) -> str:
    """Read a name: not empty, without @."""
    found = text(node, place, names, line)
    if not found or "@" in found:
        unfit(node, place, names, line, "name")
    return found


def number(node: Yaml, place: Place, names: Names, line: int) -> Fraction:
    """Read an exact number."""
    if isinstance(node, Text):
        try:
            return exact_number(str(node))
        except NotANumber:
            pass
    unfit(node, place, names, line, "number")
    return Fraction(0)


def whole(node: Yaml, place: Place, names: Names, line: int) -> int:
    """Read a whole number above zero."""
    try:
        found = integer(node)
    except Unfit:
        found = 0
    if found < 1:
        unfit(node, place, names, line, "1, 2, 3 ...")
    return found


def a_day(node: Yaml, place: Place, names: Names, line: int) -> object:
    """Read a day, or nothing."""
    if node is None:
        return None
    try:
        return day(node)
    except Unfit:
        unfit(node, place, names, line, "2026-01-31")
        return None


def token(*allowed: str) -> Read:
    """Make a reader of one of a closed set of words."""

    def read(node: Yaml, place: Place, names: Names, line: int) -> str:
        if isinstance(node, Text) and str(node) in allowed:
            return str(node)
        unfit(node, place, names, line, " | ".join(allowed))
        return allowed[0]

    return read


def token_or_number(*allowed: str) -> Read:
    """Make a reader of a number or one of a closed set of words."""

    def read(node: Yaml, place: Place, names: Names, line: int) -> object:
        if isinstance(node, Text) and str(node) in allowed:
            return str(node)
        if not isinstance(node, Text) or not _is_number(node):
            unfit(node, place, names, line, " | ".join([*allowed, "NUMBER"]))
        else:
            return exact_number(str(node))
        return allowed[0]

    return read


def _is_number(node: Text) -> bool:
    try:
        exact_number(str(node))
    except NotANumber:
        return False
    return True


# Names of figures -------------------------------------------------------------------------------------------------


def ref(node: Yaml, place: Place, names: Names, line: int) -> Ref:
    """Read the name of a number: an input, a value, an item; with @previous and the like, one of an earlier period."""
    return _ref(node, place, names, line, numeric=True)


def any_ref(node: Yaml, place: Place, names: Names, line: int) -> Ref:
    """Read the name of an input of any type."""
    return _ref(node, place, names, line, numeric=False)


def _ref(node: Yaml, place: Place, names: Names, line: int, *, numeric: bool, any_time: bool = False) -> Ref:
    written = text(node, place, names, line)
    base, at, when = written.partition("@")
    found = Ref(base, when or None, getattr(node, "line", line) or line)
    if base not in names.known() or (at and not when):
        known = ", ".join(sorted(names.known()))
        names.refuse(place, found.line, "scheme.unknown_name", name=written, known=known)
    elif base == "rank" and not when and not any_time:
        names.refuse(place, found.line, "scheme.needs_period", name=written)
    elif numeric and names.inputs.get(base, "number") != "number":
        names.refuse(place, found.line, "scheme.not_numeric", name=written)
    names.refs.append(found)
    return found


def quantity(node: Yaml, place: Place, names: Names, line: int) -> Quantity:
    """Read a number, `full`, a name, or `{percent: 20, of: NAME or full}`."""
    if isinstance(node, Map):
        found = read_keys(node, PERCENT, place, names, line)
        of = found.get("of", Full())
        return Percent(_as_number(found.get("percent")), of if isinstance(of, Ref | Full) else Full())
    if isinstance(node, Text) and node == "full":
        return Full()
    if isinstance(node, Text) and not _is_number(node):
        return ref(node, place, names, line)
    return number(node, place, names, line)


def _as_number(value: object) -> Fraction:
    return value if isinstance(value, Fraction) else Fraction(0)


def _full_or_ref(node: Yaml, place: Place, names: Names, line: int) -> Ref | Full:
    return Full() if isinstance(node, Text) and node == "full" else ref(node, place, names, line)


PERCENT = (
    Key("percent", number, MUST, "百分之几", "how many percent"),
    Key("of", _full_or_ref, MUST, "占什么的百分之几：名称或 full（满分）", "of what: a name, or full (the full marks)"),
)


# Structures several operators share -------------------------------------------------------------------------------


def listing(read: Read, *, least: int = 1) -> Read:
    """Make a reader of a list, each entry read by `read`."""

    def read_all(node: Yaml, place: Place, names: Names, line: int) -> tuple[object, ...]:
        if not isinstance(node, Seq) or len(node) < least:
            unfit(node, place, names, line, "[...]")
            return ()
        return tuple(read(one, place.at(i), names, getattr(one, "line", line) or line) for i, one in enumerate(node))

    return read_all


def table(keys: Sequence[Key]) -> Read:
    """Make a reader of a mapping with a table of its own."""
    return lambda node, place, names, line: read_keys(node, keys, place, names, getattr(node, "line", line) or line)


def by_name(read: Read) -> Read:
    """Make a reader of a mapping whose keys are free words."""

    def read_all(node: Yaml, place: Place, names: Names, line: int) -> dict[str, object]:
        if not isinstance(node, Map) or not node:
            unfit(node, place, names, line, "{NAME: ...}")
            return {}
        return {key: read(value, place.at(key), names, node.lines[key]) for key, value in node.items()}

    return read_all


def cap(*places: str) -> Read:
    """Make a reader of a ceiling: `none`, `{on: PLACE, at: QUANTITY}`, or a list of them."""
    keys = (
        Key("on", token(*places), MUST, "封在哪一层", "what the ceiling lies on"),
        Key("at", quantity, MUST, "上限", "the ceiling"),
        Key("by", token("month", "quarter", "year"), MAY, "window：按月、季、年", "window: by month, quarter, year"),
        Key("date", text, MAY, "window：按明细表哪一列日期", "window: the rows' field with the day"),
    )

    def one(node: Yaml, place: Place, names: Names, line: int) -> Cap:
        found = read_keys(node, keys, place, names, getattr(node, "line", line) or line)
        at, on = found.get("at", Fraction(0)), str(found.get("on"))
        if on == "window" and not (found.get("by") and found.get("date")):
            names.refuse(place, line, "scheme.window_unsaid")
        by, date = found.get("by"), found.get("date")
        quantity_at = at if isinstance(at, Fraction | Ref | Full | Percent) else Fraction(0)
        return Cap(on, quantity_at, str(by) if by else None, str(date) if date else None)

    def read(node: Yaml, place: Place, names: Names, line: int) -> tuple[Cap, ...]:
        if isinstance(node, Text) and node == "none":
            return ()
        if isinstance(node, Seq):
            return tuple(one(each, place.at(i), names, line) for i, each in enumerate(node))
        return (one(node, place, names, line),)

    return read


def places_of(node: Yaml, place: Place, names: Names, line: int) -> int:
    """Read a number of decimal places; negative ones round to tens and hundreds."""
    try:
        found = integer(node)
    except Unfit:
        unfit(node, place, names, line, "0, 1, 2 ...")
        return 0
    if not 0 <= found <= 12:
        unfit(node, place, names, line, "0 ... 12")
    return found


ROUND = (
    Key("places", places_of, CHOICE, "保留几位小数", "decimal places kept", form="0 ... 12"),
    Key("mode", token(*MODES), CHOICE, "怎样进舍", "which way", form=" | ".join(MODES)),
)


def rounding(node: Yaml, place: Place, names: Names, line: int) -> Rounding | None:
    """Read `none` or `{places: 2, mode: half_up}`."""
    if isinstance(node, Text) and node == "none":
        return None
    found = read_keys(node, ROUND, place, names, line)
    places = found.get("places", 0)
    return Rounding(places if isinstance(places, int) else 0, str(found.get("mode", "half_up")))


def condition(subject: str, *, any_time: bool = False) -> Read:
    """Make a reader of a condition on `attribute`s (names of the scheme) or on `field`s (columns of the rows)."""

    def read(node: Yaml, place: Place, names: Names, line: int) -> predicates.Predicate | None:
        try:
            found = predicates.read(node, place, subjects={subject}, lists=names.lists)
        except predicates.BadPredicate as refusal:
            names.problems.extend(refusal.problems)
            return None
        if subject == "attribute":
            for one in sorted(predicates.names(found)):
                text_node = Text(one, getattr(node, "line", line) or line)
                _ref(text_node, place, names, line, numeric=False, any_time=any_time)
        return found

    return read


def groups(node: Yaml, place: Place, names: Names, line: int) -> tuple[str, ...]:
    """Read `group` (the unit's own), `all`, one group's name or a list of names: () own, ("*",) all."""
    written = [node] if isinstance(node, Text) else node if isinstance(node, Seq) else [None]
    if written == ["group"]:
        return ()
    if written == ["all"]:
        return ("*",)
    found = [text(one, place, names, line) for one in written]
    for one in found:
        if one not in names.groups:
            names.refuse(place, line, "scheme.unknown_group", group=one, known=", ".join(sorted(names.groups)))
    return tuple(found)


def plain(node: Yaml) -> object:
    """Give a YAML node as plain texts, lists and mappings, as the trace prints parameters."""
    if isinstance(node, Map):
        return {key: plain(value) for key, value in node.items()}
    if isinstance(node, Seq):
        return [plain(one) for one in node]
    return None if node is None else str(node)
