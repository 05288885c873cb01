"""A part of a sentence that may be an assignment, and what later words add to it: helpers, days, roles in brackets."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import takewhile

from luodi.kernel.gov_units import Mention
from luodi.supervision.texts import judging, lexicon, subjects
from luodi.supervision.texts.roles import Roles
from luodi.supervision.texts.sentences import Sentence
from luodi.supervision.texts.template import Template
from luodi.supervision.texts.values import Every, Found, When
from luodi.supervision.texts.when import Reader

CONTINUES_LENGTH = 40
_UNNAMED = ("none", "carried", "carried_list", "generic")


@dataclass
class Candidate:
    """A part of a sentence that may be an assignment, while later sentences may still add to it."""

    part: judging.Part
    start: int
    end: int
    what: str
    paragraph: int
    leads: tuple[Mention, ...] = ()
    helps: tuple[Mention, ...] = ()
    leaders: tuple[str, ...] = ()
    whens: tuple[When, ...] = ()
    everys: tuple[Every, ...] = ()
    heading: str = ""
    notes: tuple[str, ...] = ()
    has_roles: bool = False
    opens_item: bool = False
    joint: bool = False

    def judged(self) -> Found:
        """Weigh the candidate with all that was added to it."""
        kind = "roles" if self.has_roles and self.leads else self.part.kind
        part = replace(self.part, kind=kind, leads=self.leads, whens=self.whens, everys=self.everys)
        return Found(
            self.start, self.end, self.leads, self.helps, self.leaders, self.what, self.whens, self.everys,
            self.heading, judging.score(part), self.notes,
        )  # fmt: skip


def adds_to_last(made: Template, found: list[subjects.Subject], sentence: Sentence, collected: list[Candidate]) -> bool:
    """Let a sentence that only gives a day or names helpers belong to the candidate before it."""
    last = collected[-1] if collected and collected[-1].paragraph == sentence.paragraph else None
    if last is None or sentence.number:
        return False
    if not found and lexicon.rule("duties").search(made.text) and lexicon.rule("names_only").search(last.part.text):
        last.part = replace(last.part, text=last.part.text + "，" + made.text)
        last.what = made.text_of(0, len(made.text))
        return _add(last, made, sentence, ())
    if len(made.text) > CONTINUES_LENGTH:
        return False
    helping = subjects.helpers(made.text)
    only_help = bool(helping) and not found and not subjects.without_helpers(made.text)
    only_when = not found and bool(lexicon.rule("continues").search(made.text)) and bool(made.pieces)
    if not (only_help or only_when):
        return False
    return _add(last, made, sentence, tuple(mention for i in helping for mention in made.mentions(i)))


def _add(last: Candidate, made: Template, sentence: Sentence, helps: tuple[Mention, ...]) -> bool:
    last.helps += helps
    last.whens += made.whens(0, len(made.text))
    last.everys += made.everys(0, len(made.text))
    last.end = sentence.end
    return True


def add_roles(found: Roles, end: int, collected: list[Candidate], text: str, reader: Reader) -> None:
    """Give roles that stand alone to the last paragraph's candidates, back to those that have roles of their own."""
    last = collected[-1]
    near = takewhile(lambda one: one.paragraph == last.paragraph and not one.has_roles, reversed(collected))
    unnamed = [one for one in near if one.part.kind in _UNNAMED]
    takers = [one for one in unnamed if one is last or not judging.is_story(one.part.text)]
    items = [at for at, one in enumerate(takers) if one.opens_item]
    takers = takers[: items[-1] + 1] if items else takers  # not what stands before 一是
    for one in takers[1:]:
        take_roles(one, replace(found, due=None), text, reader)
    take_roles(last if last in takers or not takers else takers[0], found, text, reader)
    last.end = max(last.end, end)
    join_item(collected)


def join_item(collected: list[Candidate]) -> None:
    """
    Make one of the sentences in front of （责任单位：…）, which are one item's, when none of them names anybody.

    What only tells a story in front stays out; 一是 begins an item of its own.
    """
    last = collected[-1]
    while len(collected) > 1 and last.part.kind in _UNNAMED and not last.opens_item:
        before = collected[-2]
        if before.paragraph != last.paragraph or before.part.kind not in _UNNAMED:
            break
        if (before.has_roles and before.leads != last.leads) or judging.is_story(before.part.text):
            break
        last.start, last.what, last.opens_item = before.start, f"{before.what}；{last.what}", before.opens_item
        last.whens, last.everys = (*before.whens, *last.whens), (*before.everys, *last.everys)
        last.part = replace(last.part, text=f"{before.part.text}；{last.part.text}")
        del collected[-2]


def take_roles(candidate: Candidate, found: Roles, text: str, reader: Reader) -> None:
    """Give a candidate the units, leaders and days of roles that belong to it."""
    if found.leads and found.joint and candidate.has_roles and candidate.leads:
        candidate.helps += tuple(one for one in found.leads if one not in (*candidate.leads, *candidate.helps))
    elif found.leads:
        if candidate.joint:
            candidate.helps = (*candidate.leads, *candidate.helps)
        candidate.leads, candidate.joint = found.leads, found.joint
        candidate.notes = tuple(note for note in candidate.notes if note != "carried")
    candidate.has_roles = candidate.has_roles or bool(found.leads or found.leaders)
    candidate.helps += tuple(one for one in found.helps if one not in candidate.helps)
    candidate.leaders += found.leaders
    if found.due:
        candidate.whens = (*_exact(text, *found.due, reader), *candidate.whens)
    for start, end in filter(None, (found.due, found.note)):
        everys = reader.recurrences(text[start:end])
        candidate.everys += tuple(replace(one, start=one.start + start, end=one.end + start) for one in everys)


def _exact(text: str, start: int, end: int, reader: Reader) -> tuple[When, ...]:
    """Read what stands behind 完成时限：; a bare day or month counts there, and what says no day stands as it is written."""
    said = text[start:end]
    recurs = bool(reader.recurrences(said))
    whens = reader.deadlines(said)
    if not whens and said and not recurs:
        until = "底" if said[-1] in "月年季度" else "前"
        whens = [replace(one, text=said, start=0, end=len(said)) for one in reader.deadlines(said + until)]
    if whens:
        return tuple(replace(one, start=one.start + start, end=one.end + start) for one in whens)
    return () if recurs or not said else (When(said, start, end, None, 2, ("vague",)),)
