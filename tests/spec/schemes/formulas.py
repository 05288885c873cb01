"""Works out the formula a score shows, as a clerk with a pocket calculator would. Imports nothing of luodi."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from fractions import Fraction
from statistics import median

CALLS: dict[str, Callable[..., Fraction]] = {
    "min": min,
    "max": max,
    "highest": lambda *found: max(found),
    "lowest": lambda *found: min(found),
    "mean": lambda *found: sum(found) / Fraction(len(found)),
    "median": lambda *found: Fraction(median(found)),
    "sum": lambda *found: sum(found, Fraction(0)),
    "count": lambda *found: Fraction(len(found)),
    "first": lambda *found: found[0],
    "last": lambda *found: found[-1],
}


def formula_value(formula: str) -> Fraction:
    """Give what stands before the sign of equality, worked out exactly."""
    written = re.split("[=≈]", formula)[0].replace("×", "*").strip()
    return _value(ast.parse(written, mode="eval").body, written)


def _value(node: ast.expr, written: str) -> Fraction:
    if isinstance(node, ast.Constant):
        return Fraction(ast.get_source_segment(written, node) or "")
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -_value(node.operand, written)
    if isinstance(node, ast.BinOp):
        left, right = _value(node.left, written), _value(node.right, written)
        if isinstance(node.op, ast.Div):
            return left / right
        return {ast.Add: left + right, ast.Sub: left - right, ast.Mult: left * right}[type(node.op)]
    assert isinstance(node, ast.Call) and isinstance(node.func, ast.Name), ast.dump(node)
    return CALLS[node.func.id](*(_value(one, written) for one in node.args))
