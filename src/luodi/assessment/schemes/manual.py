"""The list of operators for the author's manual, made from the tables that read schemes, so that the two can't drift."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

from luodi.assessment.schemes import keys, tables
from luodi.assessment.schemes.exact import text_of
from luodi.assessment.schemes.keys import CHOICE, MAY, MUST, Key
from luodi.assessment.schemes.operators import OPERATORS, among, basic, listed, running, stairs

NEEDS = {MUST: "必写 needed", CHOICE: "**必选 choice**", MAY: "可写 optional"}
SECTIONS: dict[str, Sequence[Key]] = {
    "scheme": tables.SCHEME,
    "inputs.NAME": tables.INPUT,
    "groups.NAME": tables.GROUP,
    "groups.NAME.by_period[]": tables.BY_PERIOD,
    "items.NAME (besides the operator's own keys)": tables.COMMON,
    "round": keys.ROUND,
    "rank": tables.RANK,
    "not_ranked[], vetoes[], moves[]": tables.RULE,
    "vetoes[].effect": tables.VETO_EFFECT,
    "moves[].effect": tables.MOVE_EFFECT,
    "grades.levels[]": tables.LEVEL,
    "prizes[]": tables.PRIZE,
    "lists.NAME": tables.LIST,
    "pool": tables.POOL,
    "approval": tables.APPROVAL,
}
PARTS: dict[str, dict[str, Sequence[Key]]] = {
    "sum": {"of[]": basic.TERM},
    "rank_band": {"bands[]": among.BAND},
    "steps": {"up, down": (*stairs.SIDE, stairs.CLIFF)},
    "brackets": {"above, below: list": stairs.SLICE, "above, below: endless": stairs.ENDLESS},
    "targets": {"targets[]": stairs.TARGET},
    "lookup": {"bands[]": stairs.STEP_BAND},
    "ladder": {"levels[]": stairs.LEVEL},
    "points_by_row": {"bands[]": listed.ROW_BAND, "once": listed.ONCE},
    "quota": {"bands[]": listed.QUOTA_BAND},
    "ratings": {"trim": listed.TRIM},
    "over_periods": {"window": running.LAST, "each": running.EACH},
}


def operators() -> list[dict[str, Any]]:
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


def sections() -> str:
    """Write the tables of a scheme's keys apart from its operators, as Markdown."""
    return "\n".join(line for name, table in SECTIONS.items() for line in (f"**`{name}`**", "", *_table(table), ""))


def written() -> str:
    """Write every operator with its keys, as Markdown."""
    lines = []
    for op in OPERATORS.values():
        lines += [
            f"#### `{op.name}`",
            "",
            f"{op.zh} {op.en} ({op.primitives}; result: {op.result})",
            "",
            *_table(op.keys),
            "",
        ]
        for name, table in PARTS.get(op.name, {}).items():
            lines += [f"`{name}`:", "", *_table(table), ""]
    return "\n".join(lines)


def _table(table: Sequence[Key]) -> Iterator[str]:
    yield "| key | | form | 含义 | meaning |"
    yield "| --- | --- | --- | --- | --- |"
    for key in table:
        form = key.form.replace("|", "\\|")
        need = NEEDS[key.need] + _unless_said(key)
        yield f"| `{key.name}` | {need} | {f'`{form}`' if form else ''} | {key.zh} | {key.en} |"


def _unless_said(key: Key) -> str:
    """Say what an optional key means when it is left out."""
    default = text_of(key.default) if isinstance(key.default, Fraction) else key.default
    return f", `{default}`" if key.need == MAY and default not in (None, "", ()) else ""
