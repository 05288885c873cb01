"""
Reads a scheme's mapping to the store: SCHEME.store.yaml beside SCHEME.yaml. All mistakes at once, each with its line and what is allowed.

What the mapping leaves out is settled by name: an input called as an indicator is that indicator, year to date, in the indicator's
own role; a group called as a kind of unit, or as one of the profile's assessment groups, holds those units.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import ClassVar, TypeVar

from luodi.assessment.schemes.scoring import rows_needed
from luodi.assessment.schemes.values import Scheme
from luodi.assessment.store.values import FieldOf, Look, Members, RowsOf, Source, StoreMap, TargetOf, UnitWord
from luodi.codebook.values import Profile
from luodi.indicators.values import BASES, ROLES, SPANS
from luodi.kernel import money, yamltext
from luodi.kernel.problem import Problem, Refused
from luodi.kernel.yamltext import Map, Node, Place, Seq, Text

FORMAT = "luodi-scheme-store/1"
GROWTH = "_yoy"
WORDS = ("name", "parent", "kind", "group")
MOST_HISTORY = 60
LOOK_KEYS = ("indicator", "span", "role", "list", "basis")
T = TypeVar("T")


class BadStoreMap(Refused):
    """The scheme can't be applied to the store: its mapping is wrong or leaves something open."""

    code: ClassVar[str] = "assess.mapping"


def beside(scheme: Path) -> Path:
    """Name the mapping of a scheme: SCHEME.store.yaml."""
    return scheme.with_name(f"{scheme.stem}.store.yaml")


def read(path: Path | None, scheme: Scheme, profile: Profile) -> StoreMap:
    """
    Read a mapping (None: only what names settle) and complete it for a scheme.

    :raises BadStoreMap: with every mistake, and every input, group and file of rows that stays open
    :raises luodi.kernel.yamltext.BadYaml: if it is no YAML; OSError if it can't be opened
    """
    reader = Reader(scheme, profile)
    found = StoreMap() if path is None else reader.whole(yamltext.load(path), Place(str(path)))
    found = _completed(found, scheme, profile)
    problems = [*reader.problems, *_open(found, scheme, profile, file=str(path or scheme.file))]
    if problems:
        raise BadStoreMap(*problems)
    return found


def _completed(found: StoreMap, scheme: Scheme, profile: Profile) -> StoreMap:
    """Settle by name what the mapping leaves out."""
    inputs: dict[str, Source] = {
        source.column: Look(source.column)
        for source in scheme.inputs.values()
        if source.type == "number" and _indicator(profile, source.column)
    }
    groups = {name: members for name in scheme.groups if (members := _by_name(name, profile)) is not None}
    return replace(found, inputs={**inputs, **found.inputs}, groups={**groups, **found.groups})


def _by_name(name: str, profile: Profile) -> Members | None:
    for kind in profile.unit_kinds:
        if name in (kind.id, kind.zh):
            return Members(kinds=frozenset({kind.id}))
    for group in profile.groups:
        if name in (group.id, group.zh):
            return Members(groups=frozenset({group.id}))
    return None


def _indicator(profile: Profile, name: str) -> bool:
    return profile.indicator(name) is not None or profile.indicator(name.removesuffix(GROWTH)) is not None


def _open(found: StoreMap, scheme: Scheme, profile: Profile, *, file: str) -> Iterable[Problem]:
    """Name what nobody settled."""
    for source in scheme.inputs.values():
        if source.column not in found.inputs:
            params = {"input": source.name, "column": source.column}
            yield Problem(
                "assess.input_open", f"inputs.{source.column}", params, file=file, path=f"inputs.{source.column}"
            )
        elif isinstance(found.inputs[source.column], UnitWord) and source.type == "number":
            params = {"input": source.name, "column": source.column}
            yield Problem(
                "assess.word_for_number", f"inputs.{source.column}", params, file=file, path=f"inputs.{source.column}"
            )
    for name in scheme.groups:
        if name not in found.groups:
            allowed = ", ".join([*(kind.id for kind in profile.unit_kinds), *(group.id for group in profile.groups)])
            yield Problem(
                "assess.group_open",
                f"groups.{name}",
                {"group": name, "allowed": allowed},
                file=file,
                path=f"groups.{name}",
            )
    for name in rows_needed(scheme):
        if name not in found.rows:
            yield Problem("assess.rows_open", f"rows.{name}", {"rows": name}, file=file, path=f"rows.{name}")


class Reader:
    """Reads one mapping and collects its mistakes."""

    def __init__(self, scheme: Scheme, profile: Profile) -> None:
        self.scheme, self.profile = scheme, profile
        self.problems: list[Problem] = []

    def wrong(self, place: Place, node: Node | int, code: str, **params: object) -> None:
        self.problems.append(place.problem(f"assess.{code}", node, **params))

    def whole(self, root: Node, place: Place) -> StoreMap:
        """Read the whole file."""
        if not isinstance(root, Map) or root.get("format") != FORMAT:
            found = root.get("format") if isinstance(root, Map) else root
            self.wrong(place.at("format"), 1, "format", found=found, allowed=FORMAT)
            return StoreMap()
        self.keys(root, {"format", "inputs", "groups", "rows", "history", "last_year"}, place)
        columns = {source.column: source.line for source in self.scheme.inputs.values()}
        return StoreMap(
            inputs=self.each(root, "inputs", place, columns, self.source),
            groups=self.each(root, "groups", place, self.scheme.groups, self.members),
            rows=self.each(root, "rows", place, rows_needed(self.scheme), self.rows),
            history=self.count(root.get("history"), place.at("history")),
            last_year=self.one_of(root, "last_year", place, ("true", "false"), "false") == "true",
        )

    def each(
        self, root: Map, section: str, place: Place, known: Mapping[str, object], read: Callable[[Map, Place], T]
    ) -> dict[str, T]:
        """Read a section of named mappings; a name the scheme hasn't is a mistake."""
        node = root.get(section)
        if node is None:
            return {}
        if not isinstance(node, Map):
            self.wrong(place.at(section), node, "not_a_mapping", found=node)
            return {}
        found = {}
        for name, given in node.items():
            at = place.at(section).at(name)
            if name not in known:
                self.wrong(at, node.lines[name], "not_in_scheme", found=name, allowed=", ".join(known) or "∅")
            elif not isinstance(given, Map):
                self.wrong(at, node.lines[name], "not_a_mapping", found=given)
            else:
                found[name] = read(given, at)
        return found

    def keys(self, node: Map, allowed: set[str], place: Place) -> None:
        self.problems += yamltext.unknown_keys(node, allowed, place)

    def one_of(self, node: Map, key: str, place: Place, allowed: Iterable[str], usual: str) -> str:
        """Read a word out of a closed list."""
        if key not in node:
            return usual
        found, words = node[key], list(allowed)
        if not isinstance(found, Text) or str(found) not in words:
            self.wrong(place.at(key), found, "not_allowed", found=found, allowed=", ".join(words))
            return usual
        return str(found)

    def word(self, node: Map, key: str, place: Place) -> str:
        found = node.get(key, Text(""))
        if not isinstance(found, Text):
            self.wrong(place.at(key), found, "not_a_word", found=found)
            return ""
        return str(found)

    def words(self, node: Map, key: str, place: Place, allowed: Mapping[str, str] | None = None) -> frozenset[str]:
        """Read a list of words, each by id or label where `allowed` says which there are."""
        given = node.get(key, Seq())
        if not isinstance(given, Seq) or not all(isinstance(one, Text) for one in given):
            self.wrong(place.at(key), given, "not_a_list", found=given)
            return frozenset()
        found = set()
        for one in given:
            if allowed is not None and str(one) not in allowed:
                self.wrong(
                    place.at(key), one, "not_allowed", found=one, allowed=", ".join(dict.fromkeys(allowed.values()))
                )
            else:
                found.add(allowed[str(one)] if allowed is not None else str(one))
        return frozenset(found)

    def count(self, node: Node | None, place: Place) -> int:
        if node is None:
            return 0
        if not isinstance(node, Text) or not str(node).isdecimal() or int(node) > MOST_HISTORY:
            self.wrong(place, node, "not_allowed", found=node, allowed=f"0 - {MOST_HISTORY}")
            return 0
        return int(node)

    def members(self, node: Map, place: Place) -> Members:
        """Read who belongs to a group."""
        self.keys(node, {"kinds", "groups", "units", "except", "under"}, place)
        kinds = {name: kind.id for kind in self.profile.unit_kinds for name in (kind.id, kind.zh)}
        groups = {name: group.id for group in self.profile.groups for name in (group.id, group.zh)}
        found = Members(
            self.words(node, "kinds", place, kinds), self.words(node, "groups", place, groups),
            self.words(node, "units", place), self.words(node, "except", place), self.word(node, "under", place),
        )  # fmt: skip
        if not (found.kinds or found.groups or found.units):
            self.wrong(place, node, "one_of", allowed="kinds, groups, units")
        return found

    def source(self, node: Map, place: Place) -> Source:
        """Read where an input comes from."""
        given = [key for key in ("indicator", "target", "unit") if key in node]
        if len(given) != 1:
            self.wrong(place, node, "one_of", allowed="indicator, target, unit")
            return UnitWord("name")
        if given == ["unit"]:
            self.keys(node, {"unit"}, place)
            return UnitWord(self.one_of(node, "unit", place, WORDS, "name"))
        if given == ["target"]:
            self.keys(node, {"target", "of", "kind"}, place)
            named = self.indicator(node, "target", place)
            kind = self.one_of(node, "kind", place, ("guaranteed", "striving"), "guaranteed")
            return TargetOf(named, self.one_of(node, "of", place, ("year", "period"), "year"), kind == "striving")
        self.keys(node, set(LOOK_KEYS), place)
        return self.look(node, place)

    def look(self, node: Map, place: Place) -> Look:
        """Read how an indicator is asked for."""
        return Look(
            self.indicator(node, "indicator", place), self.one_of(node, "span", place, SPANS, "ytd"), self.one_of(node, "role", place, ROLES, ""),
            self.word(node, "list", place) or None, self.one_of(node, "basis", place, BASES, "verified"),
        )  # fmt: skip

    def indicator(self, node: Map, key: str, place: Place) -> str:
        found = self.word(node, key, place)
        if not _indicator(self.profile, found):
            allowed = ", ".join(one.id for one in self.profile.indicators)
            self.wrong(place.at(key), node.get(key, node.line), "not_allowed", found=found, allowed=allowed)
        return found

    def rows(self, node: Map, place: Place) -> RowsOf:
        """Read a file of rows."""
        self.keys(node, {*LOOK_KEYS, "fields", "key"}, place)
        given = node.get("fields")
        fields = self.each(node, "fields", place, given, self.field_of) if isinstance(given, Map) else {}
        if not fields:
            self.wrong(place.at("fields"), node, "fields_needed")
        return RowsOf(self.look(node, place), fields, self.word(node, "key", place) or "project")

    def field_of(self, node: Map, place: Place) -> FieldOf:
        """Read a field of a row."""
        given = [key for key in ("column", "reached", "day_of") if key in node]
        if len(given) != 1:
            self.wrong(place, node, "one_of", allowed="column, reached, day_of")
            return FieldOf()
        self.keys(node, {*given, "in"} if given == ["column"] else set(given), place)
        if given == ["column"]:
            allowed = [*COLUMNS, *(one.id for one in self.profile.attributes)]
            unit = self.one_of(node, "in", place, money.YUAN_IN, "")
            return FieldOf(column=self.one_of(node, "column", place, allowed, "name"), unit=unit)
        stages = [stage.id for stage in self.profile.stages]
        found = self.one_of(node, given[0], place, stages, stages[0])
        return FieldOf(reached=found) if given == ["reached"] else FieldOf(day_of=found)


MONEY_COLUMNS = ("total_investment", "fixed_investment")
COLUMNS = (
    "code", "name", "host", "introducer", "lead_department", "investor", "origin", "kind", "nature", "industry", "chain",
    "contract_kind", "strategic", "state", *MONEY_COLUMNS,
)  # fmt: skip
