"""How a check says what it noticed, and how a finding is known again."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from hashlib import sha256

from luodi.codebook.values import Check
from luodi.kernel import money
from luodi.statistics.checks.dossier import CheckDossier, SeenProject
from luodi.statistics.values.reporting import FiledCell, Finding

Said = Decimal | date | int | str


def notice(dossier: CheckDossier, check: Check, cell: FiledCell, **params: Said) -> Finding:
    """Say something about a cell. Amounts are said in the unit the measure is filed in."""
    measure = dossier.profile.measure(cell.measure)
    unit = measure.filed_in if measure is not None and measure.unit == "money" else ""
    project = dossier.projects.get(cell.subject)
    said = {key: in_words(value, unit) for key, value in params.items()}
    label = measure.zh if measure is not None else cell.measure
    return Finding(
        check=check.id,
        severity=check.severity,
        subject=cell.subject,
        period=dossier.period.label,
        measure=cell.measure,
        unit=dossier.unit,
        params={"who": project.label if project else cell.subject, "measure": label, **said},
    )


def note(dossier: CheckDossier, check: Check, project: SeenProject | None, **params: Said) -> Finding:
    """Say something about a project, or about the unit's whole return (no project)."""
    return Finding(
        check=check.id,
        severity=check.severity,
        subject=project.code if project else dossier.unit,
        period=dossier.period.label,
        unit=dossier.unit,
        params={
            "who": project.label if project else dossier.unit,
            **{key: in_words(value, "万元") for key, value in params.items()},
        },
    )


def in_words(value: Said, unit: str) -> str:
    """Write a parameter as a reader expects it: amounts in their unit without needless zeros, days in ISO."""
    if isinstance(value, Decimal):
        if unit in money.YUAN_IN and abs(value) >= 100:
            return f"{money.in_unit(value, unit, 2).normalize():f}{unit}"
        return f"{value.normalize():f}"
    return value.isoformat() if isinstance(value, date) else str(value)


def key_of(finding: Finding) -> str:
    """Name a finding for ever: what was checked, on what, when."""
    return _digest(finding.check, finding.subject, finding.measure, finding.period)


def fingerprint_of(finding: Finding) -> str:
    """Name the values a finding saw: an explanation keeps it quiet only while these stay."""
    return _digest(
        key_of(finding), *(f"{name}={finding.params[name]}" for name in sorted(finding.params) if name != "who")
    )


def _digest(*parts: str) -> str:
    return sha256("\x1f".join(parts).encode()).hexdigest()
