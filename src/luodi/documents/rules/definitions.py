"""Lines of the sheet of definitions: what an indicator means, and which form with which legal head the figures come from."""

from __future__ import annotations

from luodi.codebook.rules import meaning
from luodi.codebook.values.indicators import Indicator
from luodi.codebook.values.profile import Profile
from luodi.codebook.values.reporting import Form
from luodi.documents.rules.numbers import unit_of
from luodi.documents.values import Definition, Source

INTERNAL = "内部工作调度表"


def definition(profile: Profile, indicator: Indicator) -> Definition:
    """Give an indicator's line in the sheet of definitions."""
    return Definition(
        id=indicator.id,
        label=indicator.zh,
        unit=unit_of(indicator),
        words=meaning.definition(profile, indicator, "zh"),
        basis=indicator.basis,
    )


def source(form: Form) -> Source:
    """Give a form's legal head, or say that it is an internal working form."""
    if form.legal is None:
        return Source(form.id, form.zh, INTERNAL)
    legal = form.legal
    head = (
        f"表号：{legal.number}；制定机关：{legal.issued_by}；"
        f"批准（备案）文号：{legal.approved_by}；有效期至：{legal.valid_until}"
    )
    return Source(form.id, form.zh, head)
