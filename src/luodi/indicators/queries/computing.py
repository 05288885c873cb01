"""Computes indicators for units: the way from a question in words to an answer in exact numbers."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import ClassVar

from luodi.codebook import queries as codebook
from luodi.codebook.values.indicators import Indicator
from luodi.codebook.values.profile import Profile
from luodi.indicators import snapshot
from luodi.indicators.engine import answers, lacking, plan
from luodi.indicators.engine.answers import Sums
from luodi.indicators.engine.world import World, follow, open_world, standing
from luodi.indicators.rules.weights import Shape
from luodi.indicators.snapshot import layout, store
from luodi.indicators.snapshot.files import Manifest
from luodi.indicators.values import BASES, Answer, Question
from luodi.kernel.instant import END_OF_TIME
from luodi.kernel.keeping import Kept, same
from luodi.kernel.period import Period
from luodi.kernel.problem import Refused
from luodi.ledger import clock, following
from luodi.ledger import queries as ledger

NOW = END_OF_TIME - 1  # a cut that knows everything


class UnknownUnit(Refused):
    """No unit (nor perimeter) of that code has begun by D as of the cut. Parameters: `found`, `day`, `near`."""

    code: ClassVar[str] = "indicator.unknown_unit"


class UnknownList(Refused):
    """Neither the profile nor any project has such a list. Parameters: `found`, `known`."""

    code: ClassVar[str] = "indicator.unknown_list"


class NotSealed(Refused):
    """The period has no seal, so that there is no published value. Parameters: `period`."""

    code: ClassVar[str] = "indicator.not_sealed"


def compute(
    *,
    period: str | Period,
    units: Sequence[str] | None = None,
    children: bool = False,
    span: str = "ytd",
    role: str = "host",
    list_: str | None = None,
    cut: int | None = None,
    basis: str = "verified",
    growth_base: str = "revised",
    indicators: Sequence[str] | None = None,
    profile: Profile | None = None,
    count_owed: bool = False,
) -> Answer:
    """
    Compute indicators for units, exactly (values are fractions in yuan, persons, days, points; None: undefined or missing).

    `units` None: every unit of the tree, the root first, then the profile's perimeters (of units that there are), last what no unit holds (unit None).
    `cut` is an instant, None: everything known. Growth (`<id>_yoy`) is computed only when named; `growth_base` published compares
    with the value at that period's own seal. With `count_owed` the answer says how many cells the
    forms ask for that nobody has given.

    :raises luodi.kernel.period.BadPeriod: for a label that is none
    :raises luodi.indicators.engine.plan.UnknownIndicator: for an indicator the profile does not have
    :raises UnknownUnit: for a unit that had not begun by D
    """
    profile = profile or codebook.profile()
    period = period if isinstance(period, Period) else profile.calendar.accounting_year.parse(period)
    manifest = snapshot.refresh(profile)
    asked = answers.question(
        profile, period=period, span=span, cut=NOW if cut is None else cut, basis=BASES[basis], role=role, list_=list_
    )
    ids = tuple(dict.fromkeys(indicators if indicators is not None else plan.default_ids(profile)))
    how = _How(
        period, asked, basis, "" if cut is None else str(cut), None if units is None else tuple(units), children, ids,
        growth_base, count_owed,
    )  # fmt: skip
    if not how.may_be_kept:
        return _computed(how, manifest, profile)[0]
    stands, before = standing(snapshot.folder(), manifest), ANSWERS.peek(how)
    if before is not None and same(before[0], (profile,)) and before[1].stands(stands):
        kept = before[1]
    else:
        answer, read = _computed(how, manifest, profile)
        kept = _Kept(answer, {name: stands[name] for name in read})
    ANSWERS.put(how, (profile,), kept)
    return kept.answer


@dataclass(frozen=True)
class _How:
    """A question to the letter: two that are equal have one answer, while snapshot and profile stay."""

    period: Period
    asked: Question
    basis: str
    as_of: str
    units: tuple[str, ...] | None
    children: bool
    ids: tuple[str, ...]
    growth_base: str
    count_owed: bool

    @property
    def may_be_kept(self) -> bool:
        """Tell whether nothing but snapshot and profile decides the answer, and it is short: what a page shows."""
        few = self.units is not None and len(self.units) <= FEW and not self.children
        return few and self.growth_base == "revised" and not self.count_owed and following.may_keep()


@dataclass(frozen=True)
class _Kept:
    """
    An answer, and what the tables that its questions read rest on: all that it rests on itself. An act that writes none of those
    (a note, a duty; a plan, where no plan was asked for) leaves it standing.
    """

    answer: Answer
    rests_on: Mapping[str, object]

    def stands(self, standing: Mapping[str, object]) -> bool:
        """Tell whether the tables are what they were."""
        return all(standing[name] == before for name, before in self.rests_on.items())


FEW = 60  # units of an answer that is kept
ANSWERS: Kept[_Kept] = Kept(most=24)


def _computed(how: _How, manifest: Manifest, profile: Profile) -> tuple[Answer, frozenset[str]]:
    """Compute an answer; gives beside it the tables that were read for it."""
    asked = how.asked
    wanted, growth = _wanted(profile, how.ids)
    world = _opened(snapshot.folder(), manifest)
    where = answers.shape(world, profile, asked)
    chosen = chosen_lines(where, asked, how.units, how.children)
    owed = lacking.owed_cells(world, profile, today=clock.today()) if how.count_owed else None
    found = answers.sums(world, profile, asked, [*wanted, *(one for _, one in growth)], where, owed=owed)
    base = _base(world, profile, how.period, asked, asked.span, [one for _, one in growth], where, how.growth_base)
    finisher = answers.Finisher(profile, asked, answers.targets(world, asked))
    lines = answers.lines(finisher, found, wanted, chosen, growth, base)
    kinds = {one.id: one.unit for one in wanted} | {name: "ratio" for name, _ in growth}
    answer = Answer(how.period, asked.span, asked.role, how.basis, asked.cut, how.as_of, lines, kinds)
    by_program = any(isinstance(part, plan.Function) for part in found.parts)  # which may read what it likes
    return answer, frozenset(layout.TABLES if by_program else world.read)


def _wanted(profile: Profile, ids: Iterable[str] | None) -> tuple[list[Indicator], list[tuple[str, Indicator]]]:
    """Split what is named into indicators and growths."""
    wanted: list[Indicator] = []
    growth: list[tuple[str, Indicator]] = []
    for name in dict.fromkeys(ids if ids is not None else plan.default_ids(profile)):
        found = plan.definition(profile, name)
        if plan.is_growth(profile, name):
            growth.append((name, found))
        else:
            wanted.append(found)
    return wanted, growth


def _base(
    world: World,
    profile: Profile,
    period: Period,
    asked: Question,
    span: str,
    growing: Sequence[Indicator],
    where: Shape,
    growth_base: str,
) -> Sums | None:
    """Add up growth's base, rolled up by the tree of D; None where nothing grows, or the base was never published."""
    if not growing:
        return None
    cut: int | None = asked.cut
    if growth_base == "published":
        before = profile.calendar.accounting_year.year_before(period)
        cut = published_cut(profile, before)
    if cut is None:
        return None
    return answers.sums(world, profile, answers.year_before(profile, period, asked, span, cut), growing, where)


def published_cut(profile: Profile, period: Period) -> int | None:
    """Give the instant a period's figures were published at: the seal of its last month; None without one."""
    last_month = profile.calendar.accounting_year.month_of(period.last)
    found = ledger.cut_of(last_month.label)
    return None if found is None else found.at


def sealed(*, period: str, profile: Profile | None = None) -> int:
    """
    Give the cut of a period's seal.

    :raises NotSealed: where there is none
    """
    profile = profile or codebook.profile()
    found = published_cut(profile, profile.calendar.accounting_year.parse(period))
    if found is None:
        raise NotSealed(period=period)
    return found


def sealed_profile(*, period: str, profile: Profile | None = None) -> Profile:
    """
    Give the profile a period was sealed under: definitions, calendars and curves of a published value are those of its seal.

    :raises NotSealed: where there is no seal
    """
    profile = profile or codebook.profile()
    last_month = profile.calendar.accounting_year.month_of(profile.calendar.accounting_year.parse(period).last)
    seal = ledger.live_seal(last_month.label)
    if seal is None:
        raise NotSealed(period=period)
    body = store.profile_copy(seal.profile)
    return profile if body is None else codebook.from_canonical(body)


def chosen_lines(where: Shape, asked: Question, units: Sequence[str] | None, children: bool) -> list[str | None]:
    """List the lines to show: those named (and their children), or all of them."""
    if units is None:
        around = [
            name for name, members in where.perimeters.items() if any(unit in where.tree.units for unit in members)
        ]
        return [*_in_order(where), *around, None]
    found: list[str | None] = []
    for unit in units:
        if unit not in where.tree.units and unit not in where.perimeters and unit != where.root:
            near = ", ".join(get_close_matches(unit, [*where.tree.units, *where.perimeters], n=5, cutoff=0.3))
            raise UnknownUnit(found=unit, day=asked.last.isoformat(), near=near or where.root)
        found.append(unit)
        found += [child.code for child in where.tree.children(unit)] if children else []
    return list(dict.fromkeys(found))


def known_list(list_: str | None, *, profile: Profile | None = None) -> str | None:
    """
    Give the id of a list that somebody names by id or label, or a name of former days that stands in the ledger.

    :raises UnknownList: if neither the profile nor the ledger has it
    """
    profile = profile or codebook.profile()
    labels = {one.zh: one.id for one in profile.lists} | {one.id: one.id for one in profile.lists}
    if list_ is None or list_ in labels:
        return labels.get(list_ or "")
    known = [*(one.id for one in profile.lists), *store.lists_named()]
    if list_ not in known:
        raise UnknownList(found=list_, known=", ".join(dict.fromkeys(known)))
    return list_


def _in_order(where: Shape) -> list[str]:
    """List the units that exist at D: the root, then everything below it, depth first, then what stands apart."""
    found: dict[str, None] = {}
    waiting = [*(unit.code for unit in reversed(where.tree.roots()) if unit.code != where.root), where.root]
    while waiting:
        code = waiting.pop()
        if code not in found:
            found[code] = None
            waiting += [child.code for child in reversed(where.tree.children(code))]
    rest = [code for code in sorted(where.tree.units) if where.tree.exists(code) and code not in found]
    return [*found, *rest]


def current_world(profile: Profile) -> World:
    """Bring the snapshot up to date and open it; a snapshot that stands is opened once."""
    return _opened(snapshot.folder(), snapshot.refresh(profile))


def _opened(folder: Path, manifest: Manifest) -> World:
    """Keep the last snapshot open, each thread its own (a connection answers one at a time)."""
    kept: tuple[Path, Manifest, World] | None = getattr(_open, "world", None)
    if kept and kept[:2] == (folder, manifest):
        kept[2].forget()
        return kept[2]
    found = follow(kept[2], folder, manifest) if kept and kept[0] == folder else open_world(folder, manifest)
    _open.world = (folder, manifest, found)
    return found


_open = threading.local()
