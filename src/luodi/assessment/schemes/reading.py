"""
From YAML to a Scheme, or to every problem at once, each with file and line.

A key nobody reads is an error, and so is a choice nobody made. Names are known before operators are read, so that an
item may use a value that stands below it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

from luodi.assessment.schemes import keys, tables
from luodi.assessment.schemes.cycles import cycles
from luodi.assessment.schemes.exact import Rounding
from luodi.assessment.schemes.keys import CHOICE, Key, Names, read_keys
from luodi.assessment.schemes.operators import OPERATORS
from luodi.assessment.schemes.operators.base import Operator
from luodi.assessment.schemes.values import (
    Cap,
    Grades,
    Group,
    Input,
    Listing,
    Node,
    Order,
    Pool,
    Prize,
    Rank,
    Ref,
    Rule,
    Scheme,
    Variant,
)
from luodi.kernel.problem import Problem, Refused, refuse_if_any
from luodi.kernel.yamltext import Map, Place, Text, load, loads
from luodi.kernel.yamltext import Node as Yaml

FORMAT = "luodi-scheme/1"
COMMON = frozenset({"op", "basis", "title", "round", "scale", "when", "else", "monotonic"})


class BadScheme(Refused):
    """The scheme can't be used as it is written."""

    code = "scheme.unfit"


def read_scheme(file: str | Path) -> Scheme:
    """Read a scheme from a file. Raises BadScheme (or BadYaml) with every problem; OSError if it can't be opened."""
    return _scheme(load(file), str(file))


def read_scheme_text(text: str, *, file: str = "<scheme>") -> Scheme:
    """Read a scheme from text. Raises BadScheme or BadYaml."""
    return _scheme(loads(text, file=file), file)


def _scheme(root: Yaml, file: str) -> Scheme:
    place = Place(file)
    if not isinstance(root, Map):
        raise BadScheme(place.problem("scheme.not_a_mapping", 1, found=keys.shown(root)))
    if root.get("format") != FORMAT:
        line = root.lines.get("format", 1)
        raise BadScheme(place.at("format").problem("scheme.format", line, found=keys.shown(root.get("format"))))
    names = _names(root, place)
    top: dict[str, Any] = read_keys(root, tables.SCHEME, place, names, root.line)
    nodes = {
        section: _nodes(root.get(section), place.at(section), names, tables.COMMON, in_items=section == "items")
        for section in ("values", "items")
    }
    total = None
    if "total" in root:
        total = _node("total", root["total"], place.at("total"), names, root.lines["total"], tables.TOTAL)
    groups = {
        name: _group(name, group, place.at("groups").at(name), names, root.lines.get("groups", 1))
        for name, group in _mapping(root.get("groups")).items()
    }
    if names.problems or total is None:
        raise BadScheme(*_each_once(names.problems))
    scheme = Scheme(
        file=file,
        groups=groups,
        total=total,
        values=nodes["values"],
        items=nodes["items"],
        lines=dict(root.lines),
        **_top(top, root, names),
    )
    _settle(scheme, place, names)
    _after_names(scheme, place, names)
    names.problems.extend(cycles(scheme, place))
    refuse_if_any(names.problems, BadScheme)
    return scheme


def _each_once(problems: Sequence[Problem]) -> list[Problem]:
    seen: dict[tuple[object, ...], Problem] = {}
    for problem in problems:
        seen.setdefault((problem.code, problem.line, problem.path), problem)
    return list(seen.values())


def _mapping(node: Yaml) -> Mapping[str, Yaml]:
    return node if isinstance(node, Map) else {}


def _names(root: Map, place: Place) -> Names:
    """Collect what the scheme defines, before anything refers to it."""
    inputs = {}
    for name, node in _mapping(root.get("inputs")).items():
        kind = _mapping(node).get("type")
        inputs[name] = str(kind) if isinstance(kind, Text) else "number"
    lists: dict[str, Sequence[str]] = {}
    for name, node in _mapping(root.get("lists")).items():
        members = _mapping(node).get("members")
        lists[name] = [str(one) for one in members] if isinstance(members, list) else []
    values, items = frozenset(_mapping(root.get("values"))), frozenset(_mapping(root.get("items")))
    names = Names(inputs, values, items, frozenset(_mapping(root.get("groups"))), lists)
    _twice(names, root, place)
    return names


def _twice(names: Names, root: Map, place: Place) -> None:
    """Refuse a name that stands in two sections, or that means something already."""
    seen: dict[str, str] = dict.fromkeys(tables.RESERVED, "luodi")
    for section in ("inputs", "values", "items"):
        node = root.get(section)
        for name in _mapping(node):
            line = node.lines[name] if isinstance(node, Map) else 0
            at = place.at(section).at(name)
            if name in seen:
                names.refuse(at, line, "scheme.name_twice", name=name, other=seen[name])
            if "@" in name or not name.strip():
                names.refuse(at, line, "scheme.bad_name", name=name)
            seen[name] = section


# Nodes: values, items, totals -------------------------------------------------------------------------------------


def _nodes(node: Yaml, place: Place, names: Names, common: Sequence[Key], *, in_items: bool) -> dict[str, Node]:
    if node is None:
        return {}
    if not isinstance(node, Map):
        keys.unfit(node, place, names, 0, "{NAME: {op: ...}}")
        return {}
    table = common if in_items else tables.VALUE_COMMON
    read = {name: _node(name, one, place.at(name), names, node.lines[name], table) for name, one in node.items()}
    return {name: one for name, one in read.items() if one is not None}


def _node(name: str, node: Yaml, place: Place, names: Names, line: int, common: Sequence[Key]) -> Node | None:
    if not isinstance(node, Map):
        names.refuse(place, line, "scheme.not_a_mapping", found=keys.shown(node))
        return None
    op = OPERATORS.get(str(node.get("op")))
    if op is None:
        code = "scheme.unknown_op" if "op" in node else "scheme.op_missing"
        found = {"op": keys.shown(node.get("op")), "known": ", ".join(sorted(OPERATORS))}
        names.refuse(place.at("op"), node.lines.get("op", line), code, **found)
        return None
    names.refs = []
    before = len(names.problems)
    args: dict[str, Any] = read_keys(node, (*op.keys, *common), place, names, line)
    if len(names.problems) == before and op.check is not None:
        op.check(args, place, names, line)
    refs = tuple({ref.text: ref for ref in names.refs}.values())
    return _built(name, op, args, refs, node, line)


def _built(name: str, op: Operator, args: dict[str, Any], refs: tuple[Ref, ...], node: Map, line: int) -> Node:
    scale = args.get("scale")
    choices = {key.name for key in op.keys if key.need == CHOICE} | {
        "scale",
        "round",
        "over",
        "direction",
        "when",
        "else",
    }
    names_only = {"value", "to", "count", "of", "base", "less", "reported", "found"}
    written = {
        key: keys.plain(value)
        for key, value in node.items()
        if key not in COMMON or key in ("scale", "round", "when", "else")
    }
    rounding = args.get("round")
    monotonic = args.get("monotonic")
    return Node(
        name=name,
        op=op.name,
        args=args,
        refs=refs,
        reach=tuple(args.get(op.reach) or ()) if op.reach else (),
        round=rounding if isinstance(rounding, Rounding) else None,
        scale=scale.get("from")
        if isinstance(scale, dict)
        else Fraction(1)
        if op.result == "share" and scale is None
        else None,
        when=args.get("when"),
        otherwise=None if args.get("else") == "not_applicable" else args.get("else", Fraction(0)),
        basis=str(args.get("basis") or ""),
        title=str(args.get("title") or ""),
        parameters={
            key: value
            for key, value in written.items()
            if key not in choices and not (key in names_only and isinstance(value, str) and not _numeric(value))
        },
        choices={key: value for key, value in written.items() if key in choices},
        uses={key: value for key, value in written.items() if key in names_only and isinstance(value, str)},
        monotonic=monotonic if isinstance(monotonic, dict) else {},
        line=line,
    )


def _numeric(value: str) -> bool:
    return value[:1] in "+-0123456789"


# Groups -----------------------------------------------------------------------------------------------------------


def _group(name: str, node: Yaml, place: Place, names: Names, line: int) -> Group:
    at = getattr(node, "line", line) or line
    found: dict[str, Any] = read_keys(node, tables.GROUP, place, names, at)
    items = tuple(found.get("items") or ())
    weights: dict[str, Fraction] = dict(found.get("weights") or {})
    variants = tuple(
        Variant(tuple(one.get("periods", ())), tuple(one.get("items", ())), dict(one["weights"] or weights))
        for one in found.get("by_period") or ()
        if "periods" in one and "items" in one
    )
    own_total = node.get("total") if isinstance(node, Map) else None
    total = _node("total", own_total, place.at("total"), names, at, tables.TOTAL) if own_total is not None else None
    for weighted, where in [(weights, "weights"), *((variant.weights, "by_period") for variant in variants)]:
        known = {*items, *(item for variant in variants for item in variant.items)}
        for item in weighted:
            if item not in known:
                names.refuse(place.at(where).at(item), at, "scheme.weight_of_nothing", item=item, group=name)
    redistribute = str(found.get("not_applicable")) in ("redistribution", "redistribute")
    return Group(name, items, weights, redistribute, found.get("weights_total"), variants, total, at)


# The rest ---------------------------------------------------------------------------------------------------------


def _top(top: dict[str, Any], root: Map, names: Names) -> dict[str, Any]:
    valid, approval, rank = top.get("valid") or {}, top.get("approval") or {}, top["rank"]
    return {
        "id": top["id"],
        "title": top["title"] or top["id"],
        "valid_from": valid.get("from"),
        "valid_to": valid.get("to"),
        "basis": top["basis"],
        "approval": approval.get("number"),
        "inputs": {name: _input(name, one, root) for name, one in top["inputs"].items()},
        "lists": {
            name: Listing(name, one["version"], one["source"], tuple(one["members"]))
            for name, one in (top["lists"] or {}).items()
        },
        "rank": _rank(rank, root),
        "corrections": top["corrections"],
        "published": dict(top["published"] or {}),
        "no_history": top["no_history"] or "",
        "year_starts": top["year_starts"] or 1,
        "group_change": top["group_change"] or "",
        "unranked_peers": top["unranked_peers"] != "excluded",
        "not_ranked": _rules(top["not_ranked"]),
        "vetoes": _rules(top["vetoes"]),
        "grades": _grades(top["grades"], root),
        "moves": _rules(top["moves"]),
        "prizes": tuple(_prize(one) for one in top["prizes"] or ()),
        "pool": _pool(top["pool"]),
    }


def _input(name: str, one: dict[str, Any], root: Map) -> Input:
    allowed = one["range"] or {}
    inputs = root["inputs"]
    return Input(
        name=name,
        column=one["column"] or name,
        type=one["type"],
        unit=one["unit"],
        missing=one["missing"],
        source=one["source"],
        kind=one["kind"],
        perimeter=one["perimeter"],
        least=allowed.get("least"),
        most=allowed.get("most"),
        step=one["step"],
        line=inputs.lines[name] if isinstance(inputs, Map) else 0,
    )


def _rank(rank: dict[str, Any], root: Map) -> Rank:
    return Rank(
        by=rank["by"].text,
        descending=rank["order"] == "desc",
        ties=rank["ties"],
        then=tuple(Order(one["by"].text, one["order"] == "desc") for one in rank["then"] or ()),
        precision=rank["precision"],
        within=rank["within"],
        line=root.lines["rank"],
    )


def _rules(found: Sequence[dict[str, Any]] | None) -> tuple[Rule, ...]:
    return tuple(
        Rule(one["id"], one["when"], one.get("effect") or {}, one.get("force") != "soft", one["basis"], one["line"])
        for one in found or ()
    )


def _grades(found: dict[str, Any] | None, root: Map) -> Grades | None:
    if found is None:
        return None
    levels = tuple(found["levels"])
    names = tuple(dict.fromkeys([*(level["grade"] for level in levels), found["otherwise"]]))
    return Grades(levels, found["otherwise"], names, root.lines["grades"])


def _prize(one: dict[str, Any]) -> Prize:
    return Prize(
        one["id"], one["places"], one["by"].text, one["order"] == "desc", one["within"], one["ties"], one["when"],
        one["basis"], one["line"],
    )  # fmt: skip


def _pool(found: dict[str, Any] | None) -> Pool | None:
    if found is None:
        return None
    frozen = found["frozen_on"]
    return Pool(tuple(found["units"]), frozen if isinstance(frozen, date) else date.min, found["approved_by"])


def _settle(scheme: Scheme, place: Place, names: Names) -> None:
    """Refuse what only the whole scheme shows to be unsettled."""
    groups = scheme.groups.values()
    columns = [group.weights for group in groups] + [one.weights for group in groups for one in group.variants]
    weighted = {item for weights in columns for item, weight in weights.items() if weight}
    for item in sorted(weighted & set(scheme.items)):
        node = scheme.items[item]
        if node.args.get("scale") is None and OPERATORS[node.op].result == "ask":
            at = place.at("items").at(item).at("scale")
            names.refuse(at, node.line, "scheme.choice_missing", **tables.words_of(tables.SCALE, "scale"))
    nodes = [*scheme.values.values(), *scheme.items.values()]
    computed = frozenset(scheme.values) | frozenset(scheme.items) | frozenset(keys.COMPUTED)
    asks = [ref for node in nodes for ref in node.refs if ref.when and ref.name in computed]
    if asks and not scheme.no_history:
        key = tables.find("no_history")
        names.refuse(
            place.at("no_history"), asks[0].line, "scheme.choice_missing", **tables.words_of(key, "no_history")
        )
    if scheme.not_ranked and "unranked_peers" not in scheme.lines:
        key = tables.find("unranked_peers")
        line = scheme.lines["not_ranked"]
        names.refuse(
            place.at("unranked_peers"), line, "scheme.choice_missing", **tables.words_of(key, "unranked_peers")
        )
    _items_used(scheme, place, names)


def _items_used(scheme: Scheme, place: Place, names: Names) -> None:
    for total in [scheme.total, *(group.total for group in scheme.groups.values() if group.total)]:
        for ref in total.refs:
            in_a_group = any(
                ref.name in group.items or any(ref.name in variant.items for variant in group.variants)
                for group in scheme.groups.values()
            )
            if ref.name in scheme.items and not in_a_group:
                names.refuse(place.at("total"), ref.line, "scheme.item_in_no_group", item=ref.name)
        if any(isinstance(one, Cap) and one.on == "item" for one in total.args.get("cap") or ()):
            names.refuse(place.at("total"), total.line, "scheme.unfit", found="on: item", form="on: sum")


def _after_names(scheme: Scheme, place: Place, names: Names) -> None:
    """Refuse grades that no rule gives."""
    grades = frozenset(scheme.grades.names) if scheme.grades else frozenset()
    for rule in (*scheme.vetoes, *scheme.moves):
        for key in ("grade", "grade_at_most"):
            grade = rule.effect.get(key)
            if grade and grade not in grades:
                names.refuse(
                    place, rule.line, "scheme.unknown_grade", grade=grade, known=", ".join(sorted(grades)) or "-"
                )
        if rule.effect.get("move") and not grades:
            names.refuse(place, rule.line, "scheme.unknown_grade", grade="move", known="-")
