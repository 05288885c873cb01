"""
A small city for tests, made through the real services: two districts, a park, the offices, people with posts, projects.

Synthetic, clock standing still at a known instant.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from luodi.identity import actions as identity
from luodi.identity.values import LOCAL_OPERATOR, UnitRow
from luodi.kernel import instant
from luodi.ledger import actions as ledger
from luodi.ledger import clock, making
from luodi.ledger.values import Act, Actor
from luodi.projects import facts

OPERATOR = Actor(LOCAL_OPERATOR, "cli")
BEGAN = date(2020, 1, 1)
WAN = 10_000

UNITS = (
    ("YL", "云岭市", "", "city", ""),
    ("YL01", "东川区", "YL", "district", "G1"),
    ("YL02", "西岭县", "YL", "district", "G2"),
    ("YLP1", "高新区", "YL", "park", "G3"),
    ("YL0101", "东川镇", "YL01", "town", ""),
    *((f"YLD{n:02}", f"部门{n:02}", "YL", "department", "G4") for n in range(1, 11)),
)

# person, unit, role
PEOPLE = (
    ("leader", "YL", "city_leader"),
    ("rep1", "YL01", "reporter"),
    ("chk1", "YL01", "checker"),
    ("sig1", "YL01", "signer"),
    ("head1", "YL01", "county_head"),
    ("rep2", "YL02", "reporter"),
    ("chk2", "YL02", "checker"),
    ("sig2", "YL02", "signer"),
    ("centre", "YLD02", "project_centre"),
    ("reform", "YLD03", "acceptor"),
    ("promo", "YLD01", "promotion_bureau"),
    ("audit", "YLD09", "auditor"),
    ("sysadmin", "YLD10", "system_admin"),
    ("secadmin", "YLD10", "security_admin"),
    ("auditadmin", "YLD10", "audit_admin"),
)


def at(day: date, hour: int = 9) -> int:
    """Give an instant of a day in city time."""
    return instant.start_of(day) + hour * 3600 * 1_000_000


def stand(day: date, hour: int = 9) -> date:
    """Set the synthetic store's clock and give the day."""
    clock.stand(at(day, hour))
    return day


def actor(person: str, unit: str = "") -> Actor:
    """Let a person act through the pages."""
    return Actor(person, "web", unit=unit)


def make(*, on: date = date(2025, 6, 2), people: bool = True) -> None:
    """Make a synthetic store with units and people."""
    making.make(seed="7")
    stand(on, 1)
    rows = [UnitRow(code, name, kind, BEGAN, parent=parent, group=group) for code, name, parent, kind, group in UNITS]
    identity.record_units(rows, actor=OPERATOR, on=on)
    for person, unit, role in PEOPLE if people else ():
        identity.register_person(person=person, name=f"演示{person}", actor=OPERATOR, on=on)
        identity.give_post(person=person, unit=unit, role=role, valid_from=BEGAN, actor=OPERATOR, on=on)


def version(code: str, host: str = "YL01", **changes: object) -> tuple[object, ...]:
    """Give a complete row of a project's version."""
    values: dict[str, object] = {
        "code": code, "national_code": "", "name": f"{code}生产线项目", "host": host, "introducer": "", "lead_department": "",
        "investor": f"{code}投资方", "uscc": "", "origin": "省外", "kind": "招商引资", "nature": "新建", "industry": "3011",
        "industry_edition": "2017", "chain": "", "contract_kind": "合同", "content": "年产一百万件",
        "total_investment": Decimal(50_000 * WAN), "fixed_investment": Decimal(40_000 * WAN), "strategic": False,
        "excluded": None, "valid_from": date(2024, 1, 1), "attributes": {}, "known_at": None, "loaded": False,
    }  # fmt: skip
    return tuple({**values, **changes}[column] for column in facts.VERSION_COLUMNS)


def event(code: str, stage: str, day: date, *, verified: bool = True) -> tuple[object, ...]:
    """Give a row of a stage event, verified with its own known time."""
    values = {
        "project": code, "stage": stage, "occurred_on": day, "month_only": False, "verified_at": at(day) if verified else None,
        "evidence": [], "evidence_note": "合同、许可证" if verified else None, "claimed_by": "", "verifier": "",
        "known_at": at(day), "loaded": True,
    }  # fmt: skip
    return tuple(values[column] for column in facts.STAGE_COLUMNS)


USUAL_LIFE = (
    ("在谈", date(2024, 1, 10)),
    ("签约", date(2024, 3, 10)),
    ("落地", date(2024, 6, 10)),
    ("开工", date(2024, 9, 10)),
)


def project(
    code: str, host: str = "YL01", *, life: tuple[tuple[str, date], ...] = USUAL_LIFE, **changes: object
) -> None:
    """Register a project with its stages."""
    acts = [
        Act(
            facts.VERSION_RECORDED,
            f"project:{code}",
            rows={"projects.ProjectVersion": [version(code, host, **changes)]},
        ),
        Act(
            facts.STAGE_RECORDED,
            f"project:{code}",
            rows={"projects.StageEvent": [event(code, stage, day) for stage, day in life]},
        ),
    ]
    ledger.record([act for act in acts if any(act.rows.values())], actor=OPERATOR)


NOW = datetime(2025, 6, 2, 1, tzinfo=UTC)
