"""Reading an earlier answer of `luodi plan`, to plan again beside it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from luodi.kernel.problem import Problem
from luodi.scheduling.document import BadPlan

Baseline = Mapping[str, date]  # "project/matter" -> the day it was to be handed in


def load(file: Path) -> Baseline:
    """Read the starts of an earlier plan. Raises BadPlan for a file that is none."""
    try:
        told = json.loads(file.read_text("utf-8-sig"))
        return {
            f"{project['id']}/{matter['id']}": date.fromisoformat(matter["start"])
            for project in told["projects"]
            for matter in project["matters"]
            if matter["start"] is not None
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        found = f"{type(error).__name__}: {error}"
        raise BadPlan(Problem("plan.bad_baseline", file=str(file), params={"found": found})) from None
