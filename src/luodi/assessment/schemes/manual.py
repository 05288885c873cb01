"""The list of operators for the author's manual, made from the tables that read schemes, so that the two can't drift."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from luodi.assessment.schemes import tables
from luodi.assessment.schemes.keys import CHOICE, MUST, Key
from luodi.assessment.schemes.operators import OPERATORS
from luodi.assessment.schemes.operators.base import Operator

NEEDS = {
    "zh": {MUST: "必写", CHOICE: "**必选**", "may": "可写"},
    "en": {MUST: "needed", CHOICE: "**choice**", "may": "optional"},
}
HEADS = {"zh": "| 键 | | 写法 | 含义 |", "en": "| key | | form | meaning |"}


def listed() -> list[dict[str, Any]]:
    """List every operator with its keys."""
    return [
        {
            "op": op.name,
            "text": {"zh": op.zh, "en": op.en},
            "result": op.result,
            "primitives": op.primitives.split(),
            "keys": [
                {"key": one.name, "need": one.need, "form": one.form, "zh": one.zh, "en": one.en} for one in op.keys
            ],
        }
        for op in OPERATORS.values()
    ]


def written(language: str) -> str:
    """Write the tables of the manual: the scheme's own keys, then each operator's, as Markdown."""
    return "\n".join([*_sections(language), *(line for op in OPERATORS.values() for line in _operator(op, language))])


def _sections(language: str) -> Iterator[str]:
    for name, table in (
        ("scheme", tables.SCHEME),
        ("inputs", tables.INPUT),
        ("groups", tables.GROUP),
        ("items", tables.COMMON),
        ("rank", tables.RANK),
        ("grades.levels", tables.LEVEL),
        ("vetoes.effect", tables.VETO_EFFECT),
        ("moves.effect", tables.MOVE_EFFECT),
        ("prizes", tables.PRIZE),
        ("lists", tables.LIST),
        ("pool", tables.POOL),
    ):
        yield f"\n#### `{name}`\n"
        yield from _table(table, language)


def _operator(op: Operator, language: str) -> Iterator[str]:
    yield f"\n#### `{op.name}`\n"
    yield f"{op.zh if language == 'zh' else op.en} ({op.primitives})\n"
    yield from _table(op.keys, language)


def _table(table: tuple[Key, ...], language: str) -> Iterator[str]:
    yield HEADS[language]
    yield "| --- | --- | --- | --- |"
    for key in table:
        form = key.form.replace("|", "\\|")
        yield f"| `{key.name}` | {NEEDS[language][key.need]} | {f'`{form}`' if form else ''} | {key.zh if language == 'zh' else key.en} |"
