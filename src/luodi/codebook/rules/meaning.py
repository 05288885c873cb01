"""
An indicator's definition in words, written from the profile's data in either language, so that it can't drift from what is computed.

Papers, pages and the command line say the same sentence. What a city wrote itself (`means_zh`, `means_en`) goes before it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from luodi.codebook import labels
from luodi.codebook.values.indicators import (
    Cohort,
    Flow,
    Indicator,
    Median,
    Points,
    Projects,
    Quantity,
    Ratio,
    Stock,
    Sum,
    TargetRate,
)
from luodi.codebook.values.profile import Profile
from luodi.kernel.money import YUAN_IN
from luodi.kernel.problem import words


@dataclass(frozen=True)
class Reader:
    """Whose words are used: a city's labels, in one language."""

    profile: Profile
    language: str

    def say(self, code: str, **params: object) -> str:
        """Say a code of the catalogue `meaning`."""
        return words(f"meaning.{code}", self.language, **params)

    def indicator(self, wanted: str) -> str:
        """Give an indicator's label; its id where the profile has none of it."""
        found = self.profile.indicator(wanted)
        return wanted if found is None else found.zh if self.language == "zh" else found.en

    def measure(self, wanted: str) -> str:
        """Give a measure's label; its id where the profile has none of it."""
        found = self.profile.measure(wanted)
        return wanted if found is None else found.zh if self.language == "zh" else found.en

    def stage(self, part: str) -> str:
        """Give the stage that plays a part; the part's own name in a city without one."""
        return labels.named(self.profile, self.profile.playing(part) or part, self.language)

    def stages(self, parts: Iterable[str], joined: str) -> str:
        """List stages, each in quotation marks."""
        return self.say(joined).join(self.say("quoted", one=self.stage(part)) for part in parts)

    def values(self, found: Iterable[str]) -> str:
        """List coded values that are alternatives."""
        return self.say("or").join(labels.named(self.profile, one, self.language) for one in found)

    def field(self, column: str) -> str:
        """Give a column's label as it stands inside a sentence."""
        return labels.field_label(self.profile, column, self.language).lower()


def definition(profile: Profile, indicator: Indicator, language: str) -> str:
    """Say what an indicator counts and to whom it is credited."""
    own = indicator.means_zh if language == "zh" else indicator.means_en
    said = Reader(profile, language)
    return said.say(
        "definition", meaning=own or meaning(profile, indicator, language), role=said.say(f"role.{indicator.role}")
    )


def meaning(profile: Profile, indicator: Indicator, language: str) -> str:
    """Say what an indicator counts."""
    said = Reader(profile, language)
    match indicator:
        case Flow() | Stock() | Sum():
            return _quantity(said, indicator.value)
        case Ratio():
            above, below = _quantity(said, indicator.numerator), _quantity(said, indicator.denominator)
            return said.say("ratio", numerator=above, denominator=below)
        case Cohort():
            return said.say("cohort", projects=_chosen(said, indicator.projects), reached=said.stage(indicator.reached))
        case Median():
            since, until = said.stage(indicator.since), said.stage(indicator.until)
            return said.say("median", projects=_chosen(said, indicator.projects), since=since, until=until)
        case TargetRate():
            return said.say("target_rate", of=said.indicator(indicator.of))
        case Points():
            return said.say("points", of=said.indicator(indicator.of))
        case _:
            return said.say("python", function=indicator.function)


def _quantity(said: Reader, asked: Quantity) -> str:
    """Say what one number adds up."""
    span = "" if asked.span == "asked" else said.say(f"span.{asked.span}")
    if asked.indicator:
        return said.say("indicator", of=said.indicator(asked.indicator), span=span)
    projects = _chosen(said, asked.projects)
    if asked.sum:
        return said.say("sum", measure=said.measure(asked.sum), projects=projects, span=span)
    if asked.plan:
        return said.say("plan", projects=projects)
    if asked.rises:
        after = said.say("after", stage=said.stage(asked.after)) if asked.after else ""
        return said.say("rises", column=said.say(asked.rises), projects=projects, after=after)
    if asked.amount:
        return said.say("amount", column=said.say(asked.amount), projects=projects)
    return said.say("count", projects=projects)


def _chosen(said: Reader, projects: Projects) -> str:
    """Say which projects are selected."""
    return said.say("projects", conditions=said.say("and").join(_conditions(said, projects)))


def _conditions(said: Reader, projects: Projects) -> Iterator[str]:
    kinds = said.profile.city.counted_kinds if projects.kinds is None else projects.kinds
    yield said.say("every_kind") if kinds == "all" else said.say("kinds", kinds=said.values(kinds))
    if projects.first:
        yield said.say("first", stage=said.stage(projects.first))
    if projects.first_while:
        one = projects.first_while
        yield said.say("then", column=said.field(one.field), values=said.values(one.values))
    for code, joined in (("reached", "both"), ("not_reached", "or"), ("state", "or"), ("state_not", "or")):
        parts = getattr(projects, code)
        if parts:
            yield said.say(code, stages=said.stages(parts, joined))
    for has in projects.has:
        yield said.say("has", column=said.field(has.field), values=said.values(has.values))
    for code in ("strategic", "planned"):
        wanted = getattr(projects, code)
        if wanted is not None:
            yield said.say(code if wanted else f"not_{code}")
    for code in ("at_least", "below"):
        yuan = getattr(projects, code)
        if yuan is not None:
            yield said.say(code, amount=_amount(said, yuan))
    if projects.on_list:
        yield said.say("on_list", list=labels.named(said.profile, projects.on_list, said.language))


def _amount(said: Reader, yuan: Decimal) -> str:
    """Say a threshold in 亿元 where that is a whole number, else in 万元, exactly."""
    unit = "亿元" if yuan % YUAN_IN["亿元"] == 0 else "万元"
    number = f"{(yuan / YUAN_IN[unit]).normalize():f}"
    return said.say("in_yi" if unit == "亿元" else "in_wan", number=number)
