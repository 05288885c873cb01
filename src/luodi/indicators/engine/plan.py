"""
What has to be added up for the indicators asked: the profile's definitions taken apart into sums that columns can do.

Pure. A *part* is one number a project, weighted and added up per unit; ratios and the like are finished from parts later.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from luodi.codebook.values.indicators import (
    Cohort,
    Flow,
    Indicator,
    Median,
    Points,
    Projects,
    Python,
    Quantity,
    Ratio,
    Stock,
    Sum,
    TargetRate,
)
from luodi.codebook.values.profile import Profile
from luodi.kernel.problem import Refused

GROWTH = "_yoy"


class UnknownIndicator(Refused):
    """The profile has no indicator of that id. Parameters: `found`, `known`."""

    code: ClassVar[str] = "indicator.unknown"


class NotAdditive(Refused):
    """The indicator is no sum over projects, so that it has no growth or bridge. Parameters: `found`."""

    code: ClassVar[str] = "indicator.not_additive"


class Circular(Refused):
    """An indicator is defined by itself. Parameters: `found`."""

    code: ClassVar[str] = "indicator.circular"


@dataclass(frozen=True)
class Function:
    """A part that a Python function gives (`package.module:name`)."""

    name: str


@dataclass(frozen=True)
class Days:
    """What a median is taken of: days between two stages of the selected projects."""

    projects: Projects
    since: str
    until: str


Part = Quantity | Function


def definition(profile: Profile, wanted: str) -> Indicator:
    """
    Find an indicator's definition; of a growth `<id>_yoy` that of what grows.

    :raises UnknownIndicator: if the profile has none
    """
    found = profile.indicator(wanted) or profile.indicator(wanted.removesuffix(GROWTH))
    if found is None:
        raise UnknownIndicator(found=wanted, known=", ".join(item.id for item in profile.indicators))
    if wanted != found.id and not additive(found):
        raise NotAdditive(found=wanted)
    return found


def additive(found: Indicator) -> bool:
    """Tell whether an indicator is a sum over what came about in the span, so that it can grow."""
    return isinstance(found, Flow | Sum) or (isinstance(found, Python) and found.additive)


def is_growth(profile: Profile, wanted: str) -> bool:
    """Tell whether an id asks for the growth of another indicator."""
    return wanted.endswith(GROWTH) and profile.indicator(wanted) is None


def quantity(profile: Profile, asked: Quantity, seen: tuple[str, ...] = ()) -> Part:
    """
    Follow a reference to another indicator down to what is added up.

    :raises Circular: if the reference leads back to itself
    """
    if asked.indicator is None:
        return asked
    if asked.indicator in seen:
        raise Circular(found=asked.indicator)
    found = definition(profile, asked.indicator)
    if isinstance(found, Python):
        return Function(found.function)
    if not isinstance(found, Flow | Stock | Sum):
        raise NotAdditive(found=found.id)
    inner = quantity(profile, found.value, (*seen, found.id))
    if isinstance(inner, Function) or asked.span == "asked":
        return inner
    return inner.model_copy(update={"span": asked.span})


def to_date(profile: Profile, of: str) -> Part:
    """Give the part of an indicator taken year to date, whatever is asked."""
    return quantity(profile, Quantity(indicator=of, span="ytd"))


def cohort(found: Cohort) -> tuple[Quantity, Quantity]:
    """Give the two counts of a cohort: those selected that have reached the part, and all selected."""
    reached = found.projects.model_copy(update={"reached": (*found.projects.reached, found.reached)})
    return Quantity(count="projects", projects=reached), Quantity(count="projects", projects=found.projects)


def ratio(profile: Profile, found: Ratio) -> tuple[Part, Part]:
    """Give the two parts of a ratio."""
    return quantity(profile, found.numerator), quantity(profile, found.denominator)


def days(found: Median) -> Days:
    """Give what a median is taken of."""
    return Days(found.projects, found.since, found.until)


def parts(profile: Profile, found: Indicator) -> tuple[Part, ...]:
    """List everything that has to be added up for one indicator."""
    match found:
        case Flow() | Stock() | Sum():
            return (quantity(profile, found.value),)
        case Ratio():
            return ratio(profile, found)
        case Cohort():
            return cohort(found)
        case TargetRate():
            return (to_date(profile, found.of),)
        case Points():
            return parts(profile, rate_of(profile, found))
        case Median():
            return ()
        case Python():
            return (Function(found.function),)


def rate_of(profile: Profile, found: Points) -> TargetRate:
    """Give the target rate that a gap in points speaks of."""
    rate = definition(profile, found.of)
    if not isinstance(rate, TargetRate):
        raise NotAdditive(found=found.of)
    return rate


def all_parts(profile: Profile, wanted: Iterable[Indicator]) -> tuple[Part, ...]:
    """List every part that any of the indicators needs, each once, in a steady order."""
    return tuple(dict.fromkeys(part for found in wanted for part in parts(profile, found)))


def all_days(wanted: Iterable[Indicator]) -> tuple[Days, ...]:
    """List what medians are taken of, each once."""
    return tuple(dict.fromkeys(days(found) for found in wanted if isinstance(found, Median)))


def quantities(needed: Sequence[Part]) -> Iterator[Quantity]:
    """Pick the parts that are quantities."""
    return (part for part in needed if isinstance(part, Quantity))


def default_ids(profile: Profile) -> tuple[str, ...]:
    """List the indicators that are computed when none is named: all but growth."""
    return tuple(item.id for item in profile.indicators)
