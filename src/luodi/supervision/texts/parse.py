"""
From clean text to candidates: walk the sentences in order, carry the subject on, and collect what each part says.

Scope of a subject: it holds for the sentences after it in its paragraph; inside an item (一是 …) only to the item's
end; what opens a list (：) holds for the list's items, over paragraphs too. 我们 and the like end it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise, takewhile

from luodi.kernel.gov_units import Group, Matcher, Mention
from luodi.supervision.texts import judging, lexicon, roles, subjects, template
from luodi.supervision.texts.roles import Roles
from luodi.supervision.texts.sentences import Sentence, sentences
from luodi.supervision.texts.template import Spot, Template
from luodi.supervision.texts.values import Every, Found, When
from luodi.supervision.texts.when import Reader

HEADING_LENGTH = 40
CONTINUES_LENGTH = 40
LEADS_IN_LENGTH = 40
TOPIC_LENGTH = 22


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

    def judged(self) -> Found:
        """Weigh the candidate with all that was added to it."""
        kind = "roles" if self.has_roles and self.leads else self.part.kind
        part = replace(self.part, kind=kind, leads=self.leads, whens=self.whens, everys=self.everys)
        return Found(
            self.start, self.end, self.leads, self.helps, self.leaders, self.what, self.whens, self.everys,
            self.heading, judging.score(part), self.notes,
        )  # fmt: skip


@dataclass
class Scope:
    """Whose sentences these are: of the list, the paragraph, the item; and under which headings."""

    listed: tuple[Mention, ...] | None = None
    base: tuple[Mention, ...] | None = None
    item: tuple[Mention, ...] | None = None
    in_item: bool = False
    heading: str = ""
    inner_heading: str = ""
    open_list: bool = False

    def begin_paragraph(self, first: Sentence) -> None:
        """Carry a list's subject into its items, and nothing else over a paragraph's end."""
        if not (self.listed is not None and (first.number or self.open_list)):
            self.listed = None
        self.base, self.item, self.in_item, self.inner_heading = None, None, False, ""

    def begin_item(self) -> None:
        """Forget what the item before was about."""
        self.item, self.in_item, self.inner_heading = None, True, ""

    def name(self, leads: tuple[Mention, ...] | None) -> None:
        """Set the subject; None is nobody's."""
        if self.in_item:
            self.item = leads if leads is not None else ()
        else:
            self.base = leads

    def carried(self) -> tuple[tuple[Mention, ...], str]:
        """Give the subject that holds here, and how it was carried."""
        if self.item is not None:
            return self.item, "carried" if self.item else "none"
        if self.base:
            return self.base, "carried_list" if self.in_item and self.base is self.listed else "carried"
        return (self.listed, "carried_list") if self.listed else ((), "none")


def candidates(text: str, matcher: Matcher, reader: Reader) -> list[Found]:
    """Collect every part that may be an assignment, weighed."""
    collected: list[Candidate] = []
    scope = Scope()
    for paragraph in sentences(text):
        scope.begin_paragraph(paragraph[0])
        for at, sentence in enumerate(paragraph):
            following = paragraph[at + 1] if at + 1 < len(paragraph) else None
            _sentence(
                text,
                sentence,
                following,
                _spots(text, sentence.start, sentence.end, matcher, reader),
                scope,
                collected,
                matcher,
                reader,
            )
        scope.open_list = paragraph[-1].opens_list or (scope.listed is not None and paragraph[-1].mark.startswith("；"))
    return [candidate.judged() for candidate in collected]


def _spots(text: str, start: int, end: int, matcher: Matcher, reader: Reader) -> list[Spot]:
    """Find all that templates replace in one sentence, brackets of roles first."""
    inside = text[start:end]
    found = [Spot(one.start, one.end, "", None) for one in roles.in_brackets(text, matcher, start, end)]
    found += template.leaders(text, start, end)
    for group in matcher.groups(inside):
        if inside[max(group.start - 2, 0) : group.start] == "作为":
            continue  # 市商务局作为牵头部门
        mentions = tuple(lexicon.moved(mention, start) for mention in group.mentions)
        found.append(
            Spot(
                group.start + start,
                group.end + start,
                lexicon.UNIT,
                Group(group.start + start, group.end + start, mentions),
            )
        )
    for when in reader.deadlines(inside):
        found.append(
            Spot(
                when.start + start,
                when.end + start,
                lexicon.WHEN,
                replace(when, start=when.start + start, end=when.end + start),
            )
        )
    for every in reader.recurrences(inside):
        found.append(
            Spot(
                every.start + start,
                every.end + start,
                lexicon.EVERY,
                replace(every, start=every.start + start, end=every.end + start),
            )
        )
    return sorted(found, key=lambda spot: spot.start)


def _sentence(
    text: str,
    sentence: Sentence,
    following: Sentence | None,
    spots: list[Spot],
    scope: Scope,
    collected: list[Candidate],
    matcher: Matcher,
    reader: Reader,
) -> None:
    alone = roles.read(text, *_unbracketed(text, sentence.body, sentence.end), matcher)
    if alone is not None and collected:
        _add_roles(alone, sentence.end, collected, text, reader)
        return
    if sentence.number == "inner" and not (sentence.first and scope.listed is None):
        scope.begin_item()
    made = template.make(text, sentence.body, sentence.end, spots)
    found = subjects.find(made.text)
    if _adds_to_last(made, found, sentence, collected):
        return
    bracket_follows = following is not None and text[following.body : following.body + 1] == "（"
    if not bracket_follows and _is_heading(sentence, following, made, found, scope):
        _set_heading(scope, sentence, text)
        if not found:
            return
    brackets = roles.in_brackets(text, matcher, sentence.body, sentence.end)
    topic = not found and not brackets and _is_topic(sentence, following, made, scope)
    if topic:
        scope.name(None)
    made_of = _parts(text, sentence, made, found, scope, brackets, reader)
    weighed = [replace(one, part=replace(one.part, topic=True)) if topic else one for one in made_of]
    if not (sentence.opens_list and not brackets):
        collected += weighed
    if sentence.opens_list:
        scope.listed = scope.carried()[0] or None
        scope.base = scope.listed if not sentence.last else scope.base


def _unbracketed(text: str, start: int, end: int) -> tuple[int, int]:
    """Leave out the brackets around a sentence that stands in them as a whole."""
    if text[start:end].startswith("（") and text[start:end].endswith("）"):
        return start + 1, end - 1
    return start, end


def _parts(
    text: str,
    sentence: Sentence,
    made: Template,
    found: list[subjects.Subject],
    scope: Scope,
    brackets: list[Roles],
    reader: Reader,
) -> Iterator[Candidate]:
    """Cut a sentence where another is told to act, and give each part with whom it names."""
    helping = subjects.helpers(made.text)
    begins = _begins(made, found)
    for at, (begin, subject) in enumerate(begins):
        end = begins[at + 1][0] if at + 1 < len(begins) else len(made.text)
        leads, leaders, kind = _named(made, found, subject, begin, end, scope)
        helps = tuple(mention for i in helping if begin <= i < end for mention in _mentions(made, i))
        whens, everys = made.whens(begin, end), made.everys(begin, end)
        order_at = max((subject.order_at if subject else 0) - begin, 0)
        span_end = _trimmed(text, made.start(begin), made.start(end) if end < len(made.text) else sentence.end)
        part = judging.Part(
            made.text[begin:end], kind, order_at, question=sentence.mark.startswith("？"),
            quoted=bool(lexicon.rule("quoted").search(made.text[begin:end])),
        )  # fmt: skip
        candidate = Candidate(
            part, made.start(begin), span_end, _what(text, made, begin + order_at, end), sentence.paragraph,
            leads, tuple(one for one in helps if one not in leads), leaders, whens, everys,
            " / ".join(filter(None, (scope.heading, scope.inner_heading))),
            ("carried",) if kind.startswith("carried") else (),
        )  # fmt: skip
        if candidate.end > candidate.start:
            for bracket in brackets:
                if candidate.start <= bracket.start < candidate.end:
                    _take_roles(candidate, bracket, text, reader)
            yield candidate


def _begins(made: Template, found: list[subjects.Subject]) -> list[tuple[int, subjects.Subject | None]]:
    """Give where each part begins: a leader's clause and the unit's after it are one part."""
    if not found:
        return [(0, None)]
    clause = found[0].clause_at
    kept = clause <= 4 or lexicon.rule("leads_in").search(made.text) or "，" not in made.text[: clause - 1][-40:]
    begins: list[tuple[int, subjects.Subject | None]] = [
        (0 if kept and clause <= LEADS_IN_LENGTH else clause, found[0])
    ]
    for before, subject in pairwise(found):
        led_by_person = before.lead_at >= 0 and isinstance(made.group(before.lead_at), str)
        if not led_by_person and subject.clause_at > begins[-1][0]:
            begins.append((subject.clause_at, subject))
    return begins


def _named(
    made: Template, found: list[subjects.Subject], subject: subjects.Subject | None, begin: int, end: int, scope: Scope
) -> tuple[tuple[Mention, ...], tuple[str, ...], str]:
    """Give who leads a part, which leader stands over it, and how that is known; keeps the scope."""
    if subject is None:
        leads, kind = scope.carried()
        return leads, (), kind
    if subject.kind == "generic":
        scope.name(None)
        return (), (), "generic"
    here = [one for one in found if begin <= one.lead_at < end]
    leads = tuple(mention for one in here for mention in _mentions(made, one.lead_at))
    leaders = tuple(str(made.group(one.lead_at)) for one in here if isinstance(made.group(one.lead_at), str))
    scope.name(leads)
    return leads, leaders, subject.kind


def _mentions(made: Template, index: int) -> tuple[Mention, ...]:
    piece = made.group(index)
    return piece.mentions if isinstance(piece, Group) else ()


def _what(text: str, made: Template, begin: int, end: int) -> str:
    """Say what is to be done: the words behind the order, without brackets of roles."""
    roles_first = lexicon.rule("roles_first").match(made.text[begin:end])
    begin += roles_first.end() if roles_first else 0
    said = "".join(text[made.at[i] : made.until[i]] for i in range(begin, end))
    return re.sub(r"^(?:要|须|应|必须|务必|负责|牵头|抓紧|，|、|：|\s)+", "", said).rstrip("，、；：。 ")


def _trimmed(text: str, start: int, end: int) -> int:
    while end > start and text[end - 1] in "，、；：。 ":
        end -= 1
    return end


# what later sentences add -------------------------------------------------------------------------------------------


def _adds_to_last(
    made: Template, found: list[subjects.Subject], sentence: Sentence, collected: list[Candidate]
) -> bool:
    """Let a sentence that only gives a day or names helpers belong to the candidate before it."""
    last = collected[-1] if collected and collected[-1].paragraph == sentence.paragraph else None
    if last is None or len(made.text) > CONTINUES_LENGTH or sentence.number:
        return False
    helping = subjects.helpers(made.text)
    only_help = bool(helping) and not found and not subjects.without_helpers(made.text)
    only_when = not found and bool(lexicon.rule("continues").search(made.text)) and bool(made.pieces)
    if not (only_help or only_when):
        return False
    last.helps += tuple(mention for i in helping for mention in _mentions(made, i))
    last.whens += made.whens(0, len(made.text))
    last.everys += made.everys(0, len(made.text))
    last.end = sentence.end
    return True


def _add_roles(found: Roles, end: int, collected: list[Candidate], text: str, reader: Reader) -> None:
    """Give roles that stand alone to the last paragraph's candidates, back to those that have roles of their own."""
    last = collected[-1]
    near = takewhile(lambda one: one.paragraph == last.paragraph and not one.has_roles, reversed(collected))
    takers = [one for one in near if one.part.kind in ("none", "carried", "carried_list", "generic")]
    for candidate in takers or [last]:
        _take_roles(candidate, found, text, reader)
    last.end = max(last.end, end)


def _take_roles(candidate: Candidate, found: Roles, text: str, reader: Reader) -> None:
    if found.leads:
        candidate.leads = found.leads
        candidate.notes = tuple(note for note in candidate.notes if note != "carried")
    candidate.has_roles = candidate.has_roles or bool(found.leads or found.leaders)
    candidate.helps += tuple(one for one in found.helps if one not in candidate.helps)
    candidate.leaders += found.leaders
    if found.due:
        start, end = found.due
        whens = _exact(text, start, end, reader)
        candidate.whens = (*whens, *candidate.whens)
        candidate.everys += tuple(
            replace(every, start=every.start + start, end=every.end + start)
            for every in reader.recurrences(text[start:end])
        )


def _exact(text: str, start: int, end: int, reader: Reader) -> tuple[When, ...]:
    """Read what stands behind 完成时限：; a bare day counts there, and what says no day stands as it is written."""
    said = text[start:end]
    whens = reader.deadlines(said) or (
        []
        if reader.recurrences(said)
        else [replace(one, text=said, end=len(said)) for one in reader.deadlines(said + "前")]
    )
    if whens:
        return tuple(replace(one, start=one.start + start, end=one.end + start) for one in whens)
    return () if reader.recurrences(said) or not said else (When(said, start, end, None, 2, ("vague",)),)


# headings -----------------------------------------------------------------------------------------------------------


def _is_heading(
    sentence: Sentence, following: Sentence | None, made: Template, found: list[subjects.Subject], scope: Scope
) -> bool:
    """Tell a heading: numbered or alone, short, naming nobody and no day, with what it heads behind it."""
    if len(made.text) > HEADING_LENGTH or any(one.kind != "generic" for one in found):
        return False
    if any(isinstance(piece, When | Every) for piece in made.pieces.values()):
        return False
    if sentence.first and sentence.number == "outer":
        goes_on = following is not None and not following.number and not following.mark.startswith("；")
        return goes_on or (sentence.last and not sentence.mark and scope.listed is None)
    if sentence.number == "inner":
        return following is not None and not following.number and not scope.carried()[0] and sentence.mark[:1] == "。"
    return sentence.first and sentence.last and not sentence.mark and scope.listed is None


def _is_topic(sentence: Sentence, following: Sentence | None, made: Template, scope: Scope) -> bool:
    """Tell 要打造优美的环境。, which says what the following sentences are about: short, of no named unit's work."""
    carried = scope.carried()[0]
    if following is None or made.pieces or len(made.text) > TOPIC_LENGTH or not made.text.startswith("要"):
        return False
    named = bool(carried) and not any(mention.collective for mention in carried)
    return "，" not in made.text and not named and not lexicon.words("products").search(made.text)


def _set_heading(scope: Scope, sentence: Sentence, text: str) -> None:
    said = text[sentence.body : sentence.end].strip()
    if sentence.number == "inner":
        scope.inner_heading = said
    else:
        scope.heading = said
