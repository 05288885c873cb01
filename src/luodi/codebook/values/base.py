"""
Scalars and the common shape of a profile's items.

Every model is frozen and refuses keys it doesn't know. A scalar arrives either as the exact text of a YAML file
(kernel.yamltext) or as the native value of a profile kept beside a seal, and both mean the same.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, PlainSerializer
from pydantic_core import PydanticCustomError

from luodi.kernel import money, yamltext
from luodi.kernel.problem import Refused


class Frozen(BaseModel):
    """A value of the profile: frozen, closed, and never converted by guess."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=False)


def unfit(expected: str, found: object) -> PydanticCustomError:
    """Build the error for a scalar that is not what its key needs; `expected` is a word of `profile.expected.*`."""
    return PydanticCustomError("unfit", "{expected}: {found}", {"expected": expected, "found": str(found)})


def _reader(expected: str, native: type | tuple[type, ...], read: Callable[[yamltext.Node], object]) -> BeforeValidator:
    """Accept the native value, or the text of a file through one of yamltext's readers."""

    def convert(value: object) -> object:
        if isinstance(value, native) and not (isinstance(value, bool) and native is not bool):
            return value
        text = value if isinstance(value, yamltext.Text) else yamltext.Text(value) if isinstance(value, str) else None
        try:
            return read(text)
        except (yamltext.Unfit, ValueError, KeyError):
            raise unfit(expected, value) from None

    return BeforeValidator(convert)


def _money(node: yamltext.Node) -> Decimal:
    """Read an amount with its unit, `1亿元` or `5000 万元`, as yuan."""
    text = yamltext.text(node).replace(" ", "")
    unit = next(unit for unit in sorted(money.YUAN_IN, key=len, reverse=True) if text.endswith(unit))
    return money.to_yuan(yamltext.decimal(yamltext.Text(text.removesuffix(unit))), unit)


def _amount(node: yamltext.Node) -> Decimal:
    try:
        return _money(node)
    except StopIteration:
        raise yamltext.Unfit("money", node) from None


def _month(node: yamltext.Node) -> str:
    """Read a month label `2024-05`, or the merged `2024-01..02`."""
    from luodi.kernel.period import CALENDAR_YEAR, Kind

    try:
        period = CALENDAR_YEAR.parse(yamltext.text(node))
    except Refused:
        raise yamltext.Unfit("month", node) from None
    if period.kind not in (Kind.MONTH, Kind.JAN_FEB):
        raise yamltext.Unfit("month", node)
    return period.label


def _name(value: str) -> str:
    if not value or value != value.strip() or any(sign in value for sign in " ;,\t\n"):
        raise unfit("name", value)
    return value


def _label(value: str) -> str:
    if not value or value != value.strip() or any(sign in value for sign in ";\t\n"):
        raise unfit("label", value)
    return value


def _words(value: str) -> str:
    if not value.strip():
        raise unfit("words", value)
    return value.strip()


def _whole(value: int) -> int:
    if value < 0:
        raise unfit("whole", value)
    return value


Yes = Annotated[bool, _reader("boolean", bool, yamltext.boolean)]
Int = Annotated[int, _reader("integer", int, yamltext.integer)]
Whole = Annotated[Int, AfterValidator(_whole)]  # 0, 1, 2 ...
Number = Annotated[Decimal, _reader("decimal", Decimal, yamltext.decimal)]
Day = Annotated[date, _reader("day", date, yamltext.day)]
Month = Annotated[str, _reader("month", (), _month)]
Money = Annotated[
    Decimal, _reader("money", Decimal, _amount), PlainSerializer(lambda yuan: f"{yuan:f}元", when_used="json")
]
Name = Annotated[str, AfterValidator(_name)]  # an id: no spaces, commas or semicolons
Label = Annotated[str, AfterValidator(_label)]  # an id that files write in words: spaces allowed
Words = Annotated[str, AfterValidator(_words)]  # something a person reads; never blank


class Item(Frozen):
    """Something the profile lists: its id, its Chinese label, its English one."""

    id: Name
    zh: Words
    en: Words


class Dated(Frozen):
    """A rule with its source and the days it holds: `valid_from` first day, `valid_to` first day no longer (both may be open)."""

    basis: str = ""
    valid_from: Day | None = None
    valid_to: Day | None = None

    def holds_on(self, day: date) -> bool:
        """Tell whether the rule is in force on a day."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day < self.valid_to)
