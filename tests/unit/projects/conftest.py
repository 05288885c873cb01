"""A complete project of the shipped city, from which each test changes one thing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import luodi
from luodi.codebook.load import load_profile
from luodi.codebook.values.profile import Profile
from luodi.projects.values.rows import Dossier, Event, Status, Version

TODAY = date(2025, 6, 2)


@cache
def profile() -> Profile:
    """Read the shipped profile."""
    return load_profile(Path(luodi.__file__).parent / "codebook" / "profiles" / "yunling")


def version(**changes: Any) -> Version:
    """Give a complete version."""
    complete = Version(
        code="P1",
        name="晨光智能工厂",
        kind="招商引资",
        valid_from=date(2024, 1, 1),
        national_code="2401-330100-04-01-123456",
        host="YL01",
        introducer="YL02",
        lead_department="YLD05",
        investor="晨光集团（演示）",
        uscc="91530000MA0000001P",
        origin="省外",
        nature="新建",
        industry="3011",
        contract_kind="合同",
        content="年产一百万件",
        total_investment=Decimal(500),
        fixed_investment=Decimal(400),
        attributes={"site": "东川镇", "energy_review": "不需要"},
        row=1,
    )
    return replace(complete, **changes)


def event(stage: str, day: date, status: Status = Status.VERIFIED, row: int = 0, **changes: Any) -> Event:
    """Give a stage event."""
    made = Event("P1", stage, day, status, row=row or day.toordinal(), known_at=day.toordinal(), last=row)
    return replace(made, **changes)


SIGNED, LANDED, STARTED = date(2024, 3, 1), date(2024, 5, 1), date(2024, 9, 1)


def started(**changes: Any) -> Dossier:
    """Give a project that was signed, landed and started in 2024."""
    events = (event("签约", SIGNED), event("落地", LANDED), event("开工", STARTED))
    return replace(Dossier("P1", versions=(version(),), events=events), **changes)


def codes(problems: Any) -> list[str]:
    """List the codes of problems."""
    return [problem.code for problem in problems]
