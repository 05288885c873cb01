"""What every act on a project is written with: the entry of the table, words, lists of choices, reasons, days, amounts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from luodi.codebook.values import Permission as P
from luodi.kernel.money import in_unit, to_yuan
from luodi.kernel.problem import Problem, words
from luodi.web.labels import named
from luodi.web.templatetags.luodi import label_of
from luodi.web.views.project_act_case import Case, Field, NotReadable

TYPED_IN = "万元"  # amounts on forms


@dataclass(frozen=True)
class Verb:
    """An act: who may, what it asks, the last row it rests on, what it does, and whether the row it names takes it."""

    id: str
    icon: str
    needs: tuple[P, ...]
    fields: Callable[[Case], list[Field]]
    act: Callable[[Case], object]
    expected: Callable[[Case], int]
    subject: Callable[[Case], str] = lambda case: ""
    buttons: tuple[str, ...] = ()


def say(case: Case, code: str, **params: Any) -> str:
    """Say something in the reader's language."""
    return words(f"project.{code}", case.viewer.language, **params)


def listed(case: Case, items: Iterable[Any]) -> tuple[tuple[str, str], ...]:
    """Give what the profile lists as choices."""
    return tuple((item.id, label_of(item, case.viewer.language)) for item in items)


def stage_name(case: Case, stage: str) -> str:
    """Name a stage in the reader's language."""
    return named(case.viewer.profile, stage, case.viewer.language)


def today(case: Case) -> str:
    """Write today for a field of a day."""
    return str(case.viewer.today.isoformat())


def reason_fields(case: Case) -> list[Field]:
    """Ask for a typed reason."""
    return [
        Field("reason_kind", "choice", say(case, "reason_kind"), choices=listed(case, case.viewer.profile.reasons), required=True),
        Field("reason", "area", say(case, "reason"), required=True),
    ]  # fmt: skip


def reason_only(case: Case) -> list[Field]:
    """Ask for a reason."""
    return [Field("reason", "area", say(case, "reason"), required=True)]


def reason_if_back(case: Case) -> list[Field]:
    """Ask for a reason, which sending back needs."""
    return [Field("reason", "area", say(case, "reason"), help=say(case, "reason_if_back"))]


def day_of(label: str) -> Callable[[Case], list[Field]]:
    """Ask for one day."""
    return lambda case: [Field("on", "day", say(case, label), value=today(case), required=True)]


def amount(case: Case, name: str) -> Decimal | None:
    """Read an amount typed in 万元 as yuan; blank is None. Raises NotReadable."""
    given = case.typed(name).replace(",", "").replace("，", "")
    if not given:
        return None
    try:
        found = Decimal(given)
    except InvalidOperation:
        raise NotReadable(Problem("project.act_amount", where=name, params={"found": given})) from None
    if not found.is_finite():
        raise NotReadable(Problem("project.act_amount", where=name, params={"found": given}))
    return to_yuan(found, TYPED_IN)


def written(yuan: Decimal | None) -> str:
    """Write an amount for a field, in 万元, without zeros at the end."""
    if yuan is None:
        return ""
    shown = f"{in_unit(yuan, TYPED_IN, 6):f}"
    return shown.rstrip("0").rstrip(".") if "." in shown else shown
