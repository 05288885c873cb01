"""
Lists and boards of projects, as a viewer may see them. A fixed number of queries whatever the number of projects.

Before signing, other units' projects show a code name, industry and size band and nothing else: they stay in a list only
where the filter asks for no more than that, since being found by a filter tells what it filters by.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from luodi.codebook import queries as codebook
from luodi.codebook.values.organisation import Permission
from luodi.codebook.values.profile import Profile
from luodi.identity import queries as identity
from luodi.identity.rules import secrecy, standing
from luodi.identity.rules.standing import Standing
from luodi.identity.values import Face, Scope, Secret
from luodi.kernel import chinese
from luodi.kernel.keeping import Kept, same
from luodi.kernel.pausing import settle, without_collecting
from luodi.ledger import following
from luodi.ledger.values import Cut
from luodi.projects.queries.cards import MANY, cards
from luodi.projects.queries.standing import NOW
from luodi.projects.rules import lights, stages
from luodi.projects.rules.lights import Colour, LightCase, Lights
from luodi.projects.values.rows import Event, PlanClass
from luodi.projects.values.views import Card, Column, Figures, Line

NO_FIGURES = Figures()


@dataclass(frozen=True)
class Filter:
    """
    What a list asks for; an empty field asks nothing. `unit`: in this unit or below, in any role; `host` in that role alone.

    `text` finds names, short names, pinyin, initials, codes, investors. `light`: at least as bad as nothing else; exactly this
    colour. `waiting_for`: claims whose turn it is to verify for this unit. `holder`: a person with a duty for it today.
    """

    stages: frozenset[str] = frozenset()
    states: frozenset[str] = frozenset()
    unit: str = ""
    host: str = ""
    kind: str = ""
    industry: str = ""  # beginning of the code
    list: str = ""
    light: Colour | None = None
    plan_class: PlanClass | None = None
    text: str = ""
    holder: str = ""
    waiting_for: str = ""
    codes: frozenset[str] = frozenset()
    with_problems: bool = False
    orphaned: bool = False  # a duty that it must have is missing


@dataclass(frozen=True)
class Viewer:
    """Somebody looking: what each permission covers, and the store's key for code names."""

    who: Standing
    on: date
    profile: Profile
    figures: Scope
    names: Scope
    key: bytes = field(repr=False)
    language: str = "zh"

    def names_show(self, card: Card) -> bool:
        """Tell whether the project's names are no secret from the viewer."""
        own = self.who.person in card.holders
        return secrecy.sees_names(self.names, signed=card.signed, units=card.units, answers_for=own)

    def sees(self, card: Card) -> bool:
        """Tell whether the whole card may be seen: within reach, and its names no secret from the viewer."""
        within = self.figures.covers(*card.units, answers_for=self.who.person in card.holders)
        return within and self.names_show(card)

    def face(self, card: Card) -> Face:
        """Give the project as it may be named: computed once for all to whom its names show, and once for all others."""
        named = self.names_show(card)
        found = card.faces.get((named, self.language))
        if found is None:
            found = self._face(card)
            card.faces[named, self.language] = found
        return found

    def _face(self, card: Card) -> Face:
        version = card.version
        secret = Secret(
            code=card.code,
            name=version.name,
            investor=version.investor,
            industry=version.industry,
            total_investment=version.total_investment,
            units=card.units,
            signed=card.signed,
            industry_edition=version.industry_edition,
        )
        own = self.who.person in card.holders
        bands, key = self.profile.size_bands, self.key
        return secrecy.face(secret, self.names, bands=bands, key=key, language=self.language, answers_for=own)


def viewer(who: Standing, *, on: date, language: str = "zh") -> Viewer:
    """Make a viewer of somebody; `who` comes from `identity.permissions.who`."""
    return Viewer(
        who=who,
        on=on,
        profile=codebook.profile(),
        figures=standing.scope(who, Permission.SEE_FIGURES),
        names=standing.scope(who, Permission.SEE_INVESTORS),
        key=identity.code_name_key(),
        language=language,
    )


Place = tuple[int, int, str, str]
Found = Mapping[str, tuple[Place, Line]]  # lines by code, each with its place in the order


@dataclass(frozen=True)
class Looked:
    """A list as it was found: the lines in order, and what each was found from, so that the next look is only at what moved."""

    cards: Mapping[str, Card]
    figures: Figures
    found: Found
    lines: tuple[Line, ...]


LOOKS: Kept[Looked] = Kept(most=12)  # several people ask for the same list: all whose permissions cover the same


def project_list(
    by: Viewer, wanted: Filter | None = None, *, figures: Figures = NO_FIGURES, cut: Cut = NOW
) -> tuple[Line, ...]:
    """
    List the projects that fit a filter, by furthest stage (last first), host and code; veiled ones last, in the order of their labels.

    The very same tuple comes back until a project, a figure or what the viewer may see moves.

    :param figures: what is known of figures, for lights; without them lights that need figures stay dark
    """
    wanted = wanted or Filter()
    if by.figures.empty:  # an administrator of the machine has no business with projects
        return ()
    lines = cards(on=by.on, profile=by.profile, cut=cut)
    key = _key(by, wanted)
    kept = LOOKS.peek(key)
    before = kept[1] if kept is not None and same(kept[0], (by.profile,)) else None
    if before is not None and before.cards is lines and before.figures is figures:
        return before.lines
    looked = _look(by, wanted, figures, lines, before)
    if following.may_keep() and cut == NOW and not (wanted.text or wanted.codes):  # what is searched for comes once
        LOOKS.put(key, (by.profile,), looked)
        if before is None and len(looked.found) >= MANY:
            settle()
    return looked.lines


def _key(by: Viewer, wanted: Filter) -> tuple[object, ...]:
    """Name everything of a viewer that decides what is seen, and how: two people it is the same for see the same."""
    own = by.figures.own_projects or by.names.own_projects
    under = by.who.tree.under(wanted.unit) if wanted.unit else frozenset()
    return (wanted, under, by.on, by.figures, by.names, by.who.person if own else "", by.key, by.language)


@without_collecting
def _look(by: Viewer, wanted: Filter, figures: Figures, lines: Mapping[str, Card], before: Looked | None) -> Looked:
    """Find the lines that fit: of what stands since the list was last looked at, as they were."""
    moved: Iterable[str] = lines
    found: dict[str, tuple[Place, Line]] = {}
    if before is not None:
        moved = _moved(before, lines, figures)
        found = {**before.found}
        for code in moved | (before.cards.keys() - lines.keys()):
            found.pop(code, None)
    order = {stage: place for place, stage in enumerate(by.profile.path)}
    test = _line_of(by, wanted, figures)
    for code in moved:
        line = test(lines[code])
        if line is not None:
            found[code] = (_order(line, code, order), line)
    if before is not None and found == before.found:  # what moved is out of sight: the very same list
        return Looked(lines, figures, found, before.lines)
    in_order = sorted(found.values(), key=lambda one: one[0])
    return Looked(lines, figures, found, tuple(line for _place, line in in_order))


def _moved(before: Looked, lines: Mapping[str, Card], figures: Figures) -> set[str]:
    """Tell which projects are others than when a list was last looked at, or have other figures."""
    moved = {code for code, card in lines.items() if before.cards.get(code) is not card}
    if before.figures is figures:
        return moved
    was, now = before.figures, figures
    for code in lines.keys() & (was.invested.keys() | now.invested.keys() | was.active.keys() | now.active.keys()):
        if was.invested.get(code) != now.invested.get(code) or was.active.get(code) != now.active.get(code):
            moved.add(code)
    return moved


def _order(line: Line, code: str, order: Mapping[str, int]) -> Place:
    if line.card is None:
        return (1 + line.face.veiled, 0, line.face.label, code)
    return (0, -order.get(line.card.furthest, -1), line.card.version.host, code)


def _line_of(by: Viewer, wanted: Filter, figures: Figures) -> Callable[[Card], Line | None]:
    """Give what makes a line of a card, or None where it doesn't fit."""
    fits = _tests(wanted, by)
    outside_fits = _outside_tests(wanted)

    def line(card: Card) -> Line | None:
        if by.sees(card):
            if all(test(card) for test in fits) and _found(wanted.text, card, _words):
                lamps = lights_of(card, by.profile, figures)
                if wanted.light is None or lamps.colour is wanted.light:
                    return Line(by.face(card), card, lamps, card.plan_class, card.state)
        elif outside_fits and (not wanted.industry or card.version.industry.startswith(wanted.industry)):
            face = by.face(card)
            if _found(wanted.text, card, lambda card: (face.label,) if face.veiled else _public_words(card)):
                return Line(face, None, state="" if face.veiled else card.state)
        return None

    return line


def lights_of(card: Card, profile: Profile, figures: Figures = NO_FIGURES) -> Lights:
    """Give a project's lights on its card's day: computed once for the same figures."""
    known = (figures.invested.get(card.code), figures.active.get(card.code, frozenset()))
    found = card.lit.get(known)
    if found is None:
        invested, active = known
        found = lights.lights(LightCase(card.dossier, card.on, profile, invested, active))
        card.lit.clear()  # figures of one moment are enough
        card.lit[known] = found
    return found


def _found(text: str, card: Card, words: Callable[[Card], Iterable[str]]) -> bool:
    return not text or any(chinese.matches_query(text, word) for word in words(card))


def _words(card: Card) -> tuple[str, ...]:
    version = card.version
    return tuple(filter(None, (version.name, card.code, version.national_code, version.investor, version.uscc)))


def _public_words(card: Card) -> tuple[str, ...]:
    return tuple(filter(None, (card.version.name, card.code)))


Test = Callable[[Card], bool]


def _tests(wanted: Filter, by: Viewer) -> list[Test]:
    """Turn a filter into tests on a card: only those that it asks for."""
    under = by.who.tree.under(wanted.unit) if wanted.unit else frozenset()
    possible: Iterable[tuple[object, Test]] = (
        (wanted.codes, lambda card: card.code in wanted.codes),
        (wanted.stages, lambda card: card.furthest in wanted.stages),
        (wanted.states, lambda card: card.state in wanted.states),
        (wanted.unit, lambda card: not card.units.isdisjoint(under)),
        (wanted.host, lambda card: card.version.host == wanted.host),
        (wanted.kind, lambda card: card.version.kind == wanted.kind),
        (wanted.industry, lambda card: card.version.industry.startswith(wanted.industry)),
        (wanted.list, lambda card: wanted.list in card.lists),
        (wanted.plan_class, lambda card: card.plan_class is wanted.plan_class),
        (wanted.holder, lambda card: wanted.holder in card.holders),
        (wanted.waiting_for, lambda card: any(_waits_for(event, wanted.waiting_for) for event in card.waiting)),
        (wanted.with_problems, lambda card: card.open_problems > 0),
        (wanted.orphaned, lambda card: bool(card.missing_duties)),
    )
    return [test for asked, test in possible if asked]


def _outside_tests(wanted: Filter) -> bool:
    """Tell whether a filter asks for no more than a code name, an industry or a text: then others' projects stay in."""
    return wanted == Filter(text=wanted.text, industry=wanted.industry)


# --- board ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Board:
    """Projects by furthest stage. `others`: seen by name or code name alone, counted apart."""

    columns: tuple[Column, ...]
    others: int


def board(by: Viewer, wanted: Filter | None = None, *, figures: Figures = NO_FIGURES, cut: Cut = NOW) -> Board:
    """Give counts and total investment by furthest stage, every stage of the path, with the lines of each."""
    lines = project_list(by, wanted, figures=figures, cut=cut)
    by_stage: defaultdict[str, list[Line]] = defaultdict(list)
    for line in lines:
        if line.card is not None:
            by_stage[line.card.furthest].append(line)
    columns = tuple(_column(stage, by_stage[stage]) for stage in ("", *by.profile.path))
    return Board(columns, others=sum(line.card is None for line in lines))


def _column(stage: str, lines: Sequence[Line]) -> Column:
    amounts = [line.card.version.total_investment for line in lines if line.card]
    known = [amount for amount in amounts if amount is not None]
    return Column(stage, len(lines), sum(known, Decimal(0)) if known else None, tuple(lines))


# --- waiting and left behind --------------------------------------------------------------------------------------


def _waits_for(event: Event, unit: str) -> bool:
    return stages.turn(event) == unit


def waiting_claims(by: Viewer, *, cut: Cut = NOW) -> list[tuple[Card, Event]]:
    """List the claims that the viewer may decide now, oldest first: for the queue of a day's verifications."""
    found = [
        (card, event)
        for card in cards(on=by.on, profile=by.profile, cut=cut).values()
        for event in card.waiting
        if standing.acts_for(by.who, Permission.VERIFY_STAGE, unit=stages.turn(event))
    ]
    return sorted(found, key=lambda pair: (pair[1].known_at, pair[1].row))
