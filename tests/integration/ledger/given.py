"""Small acts for the ledger's tests, of real fact types."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from luodi.ledger import actions
from luodi.ledger.values import Act, Actor
from luodi.projects import facts

SOMEBODY = Actor("p1", "web", unit="D1", os_user="clerk")
DAY = date(2024, 5, 17)


def version_row(code="P1", **changes):
    row = dict.fromkeys(facts.VERSION_COLUMNS, "")
    row |= {
        "code": code,
        "name": f"云岭{code}项目",
        "host": "D1",
        "investor": "某某投资有限公司",
        "content": "年产若干",
    }
    row |= {"total_investment": Decimal("120000000.50"), "fixed_investment": None, "strategic": None, "excluded": None}
    row |= {"valid_from": DAY, "attributes": {"园区": "高新", "a": "1"}, "known_at": None, "loaded": False, **changes}
    return tuple(row[name] for name in facts.VERSION_COLUMNS)


def version(code="P1", **changes):
    return Act(facts.VERSION_RECORDED, f"project:{code}", {"projects.ProjectVersion": [version_row(code, **changes)]})


def versions(codes, **changes):
    rows = [version_row(code, **changes) for code in codes]
    return Act(facts.VERSION_RECORDED, "import", {"projects.ProjectVersion": rows})


def stage(code="P1", name="开工", *, evidence=(), known_at=None, note="见照片"):
    row = (code, name, DAY, False, known_at, list(evidence), note, "D1", "项目中心", known_at, known_at is not None)
    return Act(facts.STAGE_RECORDED, f"project:{code}", {"projects.StageEvent": [row]}, evidence=tuple(evidence))


def void(target, reason="填错了"):
    row = ("projects.StageEvent", target, reason, None, False)
    return Act(facts.ROWS_VOIDED, "project:P1", {"ledger.Void": [row]})


def record(*acts, **options):
    return actions.record(acts, actor=SOMEBODY, **options)
