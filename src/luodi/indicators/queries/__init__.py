"""
What others ask of the indicators: values, the rows behind them, what changed since a seal, the portfolio and its gaps.

Every answer comes from the snapshot, brought up to the last fact first.
"""

from luodi.indicators.queries.bridging import Bridge, Step, bridge, bridges
from luodi.indicators.queries.computing import (
    NOW,
    NotSealed,
    UnknownList,
    UnknownUnit,
    compute,
    current_world,
    known_list,
    published_cut,
    sealed,
    sealed_profile,
)
from luodi.indicators.queries.looking import Asked
from luodi.indicators.queries.portfolio import gaps, portfolio
from luodi.indicators.queries.references import exact, opened
from luodi.indicators.queries.tracing import Source, Trace, TraceLine, of_project, trace

__all__ = [
    "NOW",
    "Asked",
    "Bridge",
    "NotSealed",
    "Source",
    "Step",
    "Trace",
    "TraceLine",
    "UnknownList",
    "UnknownUnit",
    "bridge",
    "bridges",
    "compute",
    "current_world",
    "exact",
    "gaps",
    "known_list",
    "of_project",
    "opened",
    "portfolio",
    "published_cut",
    "sealed",
    "sealed_profile",
    "trace",
]
