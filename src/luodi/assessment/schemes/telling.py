"""Telling a scheme to a committee, and two schemes apart: what each line does, and what changed between two files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import repeat
from pathlib import Path
from typing import Any

from luodi.assessment.schemes import keys
from luodi.assessment.schemes.exact import text_of
from luodi.assessment.schemes.operators import OPERATORS
from luodi.assessment.schemes.values import Node, Scheme
from luodi.kernel.problem import words
from luodi.kernel.yamltext import Map, Seq, Text, load
from luodi.kernel.yamltext import Node as Yaml


def explained(scheme: Scheme) -> dict[str, Any]:
    """Tell a scheme line by line: what each item does, by which settled choices, on what basis."""
    return {
        "scheme": scheme.id,
        "title": scheme.title,
        "valid": {"from": scheme.valid_from, "to": scheme.valid_to},
        "basis": scheme.basis,
        "approval": scheme.approval,
        "mark": None
        if scheme.approval
        else {language: words("scheme.mark.trial", language) for language in ("zh", "en")},
        "inputs": [
            {"input": one.name, "unit": one.unit, "source": one.source, "missing": one.missing, "kind": one.kind}
            for one in scheme.inputs.values()
        ],
        "groups": [
            {
                "group": group.name,
                "items": [
                    {"item": item, "weight": text_of(group.weights[item]) if item in group.weights else None}
                    for item in group.items
                ],
                "not_applicable": "redistribution" if group.redistribute else "no_redistribution",
            }
            for group in scheme.groups.values()
        ],
        "values": [_node(one) for one in scheme.values.values()],
        "items": [_node(one) for one in scheme.items.values()],
        "total": _node(scheme.total),
        "lists": [
            {"list": one.name, "version": one.version, "source": one.source, "members": len(one.members)}
            for one in scheme.lists.values()
        ],
    }


def _node(node: Node) -> dict[str, Any]:
    op = OPERATORS[node.op]
    return {
        "name": node.name,
        "title": node.title or node.name,
        "op": node.op,
        "uses": [ref.text for ref in node.refs],
        "parameters": node.parameters,
        "choices": node.choices,
        "basis": node.basis,
        "text": {"zh": op.zh, "en": op.en},
    }


def differences(old: str | Path, new: str | Path) -> list[dict[str, Any]]:
    """List every key that two scheme files don't share, with the line in each. Raises BadYaml."""
    before, after = dict(_flat(load(old))), dict(_flat(load(new)))
    found = []
    for path in dict.fromkeys([*before, *after]):
        was, now = before.get(path), after.get(path)
        if was is None or now is None or was[0] != now[0]:
            found.append(
                {
                    "path": path,
                    "old": was and was[0],
                    "old_line": was and was[1],
                    "new": now and now[0],
                    "new_line": now and now[1],
                    "did": "added" if was is None else "removed" if now is None else "changed",
                }
            )
    return found


def _flat(node: Yaml, path: str = "", line: int = 0) -> Iterator[tuple[str, tuple[str, int]]]:
    if isinstance(node, Map) and node:
        for key, value in node.items():
            yield from _flat(value, f"{path}.{key}" if path else key, node.lines[key])
    elif isinstance(node, Seq) and all(isinstance(one, Text) or one is None for one in node):
        yield path, ("[" + ", ".join(keys.shown(one) for one in node) + "]", line)
    elif isinstance(node, Seq):
        for i, value in enumerate(node):
            yield from _flat(value, f"{path}.{i}", getattr(value, "line", line))
    else:
        yield path, (keys.shown(node), line)


def unit_told(document: Mapping[str, Any], unit: str, language: str) -> Iterator[str]:
    """Yield a unit's score in plain sentences, one a line."""
    for one in document["units"]:
        if one["unit"] == unit:
            gap = " " if language == "en" else ""
            yield one["text"][language] + (gap + one["notes"][language] if "notes" in one else "")
            yield from map(_line, one["items"], repeat(language))
            for part in one.get("parts", ()):
                yield words("scheme.say.part", language, **{key: part[key] for key in ("group", "share", "score")})
                yield from map(_line, part["items"], repeat(language))


def _line(item: Mapping[str, Any], language: str) -> str:
    """Say an item's sentence, its formula where it has one, and its basis where it gives one."""
    told = [item["sentence"][language]]
    if item["text"][language] != told[0]:
        told.append(item["text"][language])
    return "- " + "  ".join([*told, f"[{item['basis']}]"] if item["basis"] else told)
