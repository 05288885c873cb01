"""
Secrecy before signing, and who may open evidence. Pure; lists, pages, search, findings, exports and papers all ask here.

Before a verified 签约 other units see only a code name, the industry and a size band: who can be searched will not be entered.
Images of evidence open for the filer, the acceptor and the auditor; others see that they exist and who checked them.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from decimal import Decimal

from luodi.codebook import industries
from luodi.codebook.values import Permission, SizeBand
from luodi.identity.rules.standing import Standing, acts_for, may
from luodi.identity.values import EvidenceAccess, Face, Scope, Secret

# Letters and digits that nobody mistakes for one another over the telephone.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_NAME_LENGTH = 6


def sees_names(scope: Scope, *, signed: bool, units: frozenset[str], answers_for: bool = False) -> bool:
    """
    Tell whether a project's true names show.

    :param scope: the viewer's scope of SEE_INVESTORS
    :param units: host, introducer, lead department and whoever shares the project
    """
    return signed or scope.covers(*units, answers_for=answers_for)


def face(
    project: Secret,
    scope: Scope,
    *,
    bands: Sequence[SizeBand],
    key: bytes,
    language: str = "zh",
    answers_for: bool = False,
) -> Face:
    """Give a project as the viewer may see it: with its names, or veiled."""
    band, edition = size_band(project.total_investment, bands, language), project.industry_edition
    if not sees_names(scope, signed=project.signed, units=project.units, answers_for=answers_for):
        division = industries.division(project.industry, edition=edition)
        code, name = (division.code, division.name) if division else ("", "")
        return Face(code_name(project.code, key=key), code, band, veiled=True, industry_name=name)
    return Face(
        label=project.name or project.code,
        industry=project.industry,
        size_band=band,
        veiled=False,
        code=project.code,
        investor=project.investor,
        industry_name=industries.label(project.industry, edition=edition),
    )


def code_name(project: str, *, key: bytes) -> str:
    """Give a project's code name 项目代号: always the same in one store, and telling nothing of the project."""
    number = int.from_bytes(hmac.new(key, project.encode("utf-8"), hashlib.sha256).digest()[:8], "big")
    letters = []
    for _ in range(CODE_NAME_LENGTH):
        number, rest = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[rest])
    return f"代号{''.join(letters)}"


def size_band(total: Decimal | None, bands: Sequence[SizeBand], language: str = "zh") -> str:
    """Give the label of the band an amount falls into; empty if the amount or the bands are not known."""
    if total is None:
        return ""
    found = [band for band in bands if band.at_least <= total]
    return getattr(found[-1], language) if found else ""


def may_open(who: Standing, evidence: EvidenceAccess) -> bool:
    """
    Tell whether somebody may open the file of a piece of evidence.

    The filer: the person who filed it, or whoever files for that unit now. The acceptor: whoever verifies or accepts for one of the
    units that check it. The auditor: who has SEE_EVIDENCE for the filing unit.
    """
    if who.person and who.person == evidence.filed_by:
        return True
    filing = (Permission.CLAIM_STAGE, Permission.FILL_FORM)
    if any(acts_for(who, permission, unit=evidence.filed_unit) for permission in filing):
        return True
    checking = (Permission.VERIFY_STAGE, Permission.ACCEPT_FORM)
    if any(acts_for(who, permission, unit=unit) for permission in checking for unit in evidence.checking_units):
        return True
    return may(who, Permission.SEE_EVIDENCE, unit=evidence.filed_unit)
