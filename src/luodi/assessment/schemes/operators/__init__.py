"""The published list of operators: at most 25, each with its required choices."""

from __future__ import annotations

from luodi.assessment.schemes.operators import among, basic, listed, running, stairs
from luodi.assessment.schemes.operators.base import Operator

OPERATORS: dict[str, Operator] = {
    operator.name: operator for module in (basic, among, stairs, listed, running) for operator in module.OPERATORS
}
