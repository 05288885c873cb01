"""From clean text to candidates: walk the sentences in order, carry the subject on, and collect what each part says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise

from luodi.kernel.gov_units import Group, Matcher, Mention
from luodi.supervision.texts import candidate, headings, judging, lexicon, roles, subjects, template
from luodi.supervision.texts.candidate import Candidate
from luodi.supervision.texts.roles import Roles
from luodi.supervision.texts.scope import Scope
from luodi.supervision.texts.sentences import Sentence, sentences
from luodi.supervision.texts.subjects import Subject
from luodi.supervision.texts.template import Spot, Template
from luodi.supervision.texts.values import Every, Found, When
from luodi.supervision.texts.when import Reader

LEADS_IN_LENGTH = 40
# 市住建局： in a line of its own, then 请你局…: who is written to.
_WRITTEN_TO = re.compile("[^。；！？]{2,60}：$")
_ASIDE = re.compile("（[^（）]{6,120}）")
_ITS = re.compile("(?<=由)其(?![他它中余间实])")
_YOU = re.compile("(?:你|贵)(?:局|委|办|厅|院|校|中心|单位|公司|集团|县区|县|区|市|州|镇|乡|街道|部门)")


@dataclass
class _Text:
    """A text while it is read."""

    text: str
    matcher: Matcher
    reader: Reader
    scope: Scope = field(default_factory=Scope)
    collected: list[Candidate] = field(default_factory=list)


def candidates(text: str, matcher: Matcher, reader: Reader) -> list[Found]:
    """Collect every part that may be an assignment, weighed."""
    read = _Text(text, matcher, reader)
    paragraphs = list(sentences(text))
    for paragraph, beyond in zip(paragraphs, [*paragraphs[1:], []], strict=False):
        read.scope.begin_paragraph(paragraph[0])
        for at, sentence in enumerate(paragraph):
            following = paragraph[at + 1] if at + 1 < len(paragraph) else None
            after = following or (beyond[0] if beyond else None)
            _sentence(read, sentence, following, roles_follow=after is not None and roles.begin(text, after.body))
        ended = paragraph[-1]
        read.scope.open_list = ended.opens_list or (read.scope.listed is not None and ended.mark.startswith("；"))
    return [one.judged() for one in read.collected]


def _sentence(read: _Text, sentence: Sentence, following: Sentence | None, *, roles_follow: bool) -> None:
    text, scope, collected = read.text, read.scope, read.collected
    inside = _unbracketed(text, sentence.body, sentence.end)
    bracketed = inside != (sentence.body, sentence.end)
    alone = roles.read(text, *inside, read.matcher, bracketed=bracketed, only_units=bracketed and not sentence.first)
    if alone is not None and collected:
        candidate.add_roles(alone, sentence.end, collected, text, read.reader)
        return
    if sentence.number == "inner":
        scope.begin_item()
    made = template.make(text, sentence.body, sentence.end, _spots(read, sentence.start, sentence.end))
    if _is_written_to(text, sentence, made):
        scope.written_to = _everybody(made)
    if following is not None and made.text == lexicon.UNIT:  # （三）市城管局。负责…
        scope.name(made.mentions(0), duties=True)
        return
    found = _without_persons(subjects.find(made.text), made)
    if lexicon.rule("speaks").search(made.text):
        scope.name(None)
    if candidate.adds_to_last(made, found, sentence, collected):
        return
    roles_follow |= following is not None and text[following.body : following.body + 1] == "（"
    if not roles_follow and headings.is_heading(sentence, following, made, found, scope):
        headings.set_heading(scope, sentence, text)
        if not found:
            return
    brackets = roles.in_brackets(text, read.matcher, sentence.body, sentence.end)
    topic = not found and not brackets and headings.is_topic(sentence, following, made, scope)
    if topic:
        scope.name(None)
    parts = list(_parts(read, sentence, made, found, brackets))
    scope.topic = topic or (scope.topic and not found)
    if not (sentence.opens_list and not brackets):
        for one in parts if topic else ():
            one.part = replace(one.part, topic=True)
        read.collected += parts
        if scope.numbered and parts and parts[-1].has_roles:
            candidate.join_item(read.collected)
    if sentence.opens_list:
        scope.listed = scope.carried()[0] or None
        scope.base = scope.listed if not sentence.last else scope.base


def _spots(read: _Text, start: int, end: int) -> list[Spot]:
    """Find all that templates replace in one sentence, brackets of roles first."""
    inside = read.text[start:end]
    found = [Spot(one.start, one.end, "", None) for one in roles.in_brackets(read.text, read.matcher, start, end)]
    found += template.leaders(read.text, start, end)
    for group in read.matcher.groups(inside):
        if inside[max(group.start - 2, 0) : group.start] != "作为":  # 市商务局作为牵头部门
            mentions = tuple(lexicon.moved(mention, start) for mention in group.mentions)
            whole = Group(group.start + start, group.end + start, mentions)
            found.append(Spot(whole.start, whole.end, lexicon.UNIT, whole))
    for you in _YOU.finditer(inside) if read.scope.written_to else ():
        whole = Group(you.start() + start, you.end() + start, read.scope.written_to)
        found.append(Spot(whole.start, whole.end, lexicon.UNIT, whole))
    found += _its(inside, start, found)
    found += _asides(read.text, start, end, found)
    everys = read.reader.recurrences(inside)
    timed: tuple[When | Every, ...] = (*read.reader.deadlines(inside, everys), *everys)
    for one in timed:
        moved = replace(one, start=one.start + start, end=one.end + start)
        symbol = lexicon.WHEN if isinstance(one, When) else lexicon.EVERY
        found.append(Spot(moved.start, moved.end, symbol, moved))
    return sorted(found, key=lambda spot: spot.start)


def _its(inside: str, start: int, found: list[Spot]) -> Iterator[Spot]:
    """Read 由其… as the units named last before it."""
    for its in _ITS.finditer(inside):
        before = [spot.piece for spot in found if spot.symbol == lexicon.UNIT and spot.end <= start + its.start()]
        if before and isinstance(before[-1], Group):
            whole = Group(start + its.start(), start + its.end(), before[-1].mentions)
            yield Spot(whole.start, whole.end, lexicon.UNIT, whole)


def _without_persons(found: list[Subject], made: Template) -> list[Subject]:
    """Leave out leaders who act behind a unit's order (…，由市领导约谈): it is the unit's task."""
    return [one for one in found if one is found[0] or not _are_persons(one, made)]


def _are_persons(subject: Subject, made: Template) -> bool:
    mentions = made.mentions(subject.lead_at) if subject.lead_at >= 0 else ()
    return bool(mentions) and all(mention.people for mention in mentions)


def _asides(text: str, start: int, end: int, found: list[Spot]) -> Iterator[Spot]:
    """Leave out what is said aside of another unit: …反馈结果（重大事项由市政府督查室督查）."""
    units = [spot for spot in found if spot.symbol == lexicon.UNIT]
    for aside in _ASIDE.finditer(text, start + 1, end):
        inside = any(aside.start() < unit.start and unit.end <= aside.end() for unit in units)
        across = any(unit.start < aside.start() < unit.end for unit in units)
        if inside and not across:
            yield Spot(aside.start(), aside.end(), "", None)


def _is_written_to(text: str, sentence: Sentence, made: Template) -> bool:
    """Tell a salutation: units and a colon, alone in its paragraph."""
    if not (sentence.first and sentence.last and _WRITTEN_TO.fullmatch(text[sentence.start : sentence.end] + "：")):
        return False
    return sentence.mark.startswith("：") and not made.text.strip(f"{lexicon.UNIT}，、：") and bool(made.pieces)


def _everybody(made: Template) -> tuple[Mention, ...]:
    return tuple(mention for at in sorted(made.pieces) for mention in made.mentions(at))


def _unbracketed(text: str, start: int, end: int) -> tuple[int, int]:
    """Leave out the brackets around a sentence that stands in them as a whole."""
    if text[start:end].startswith("（") and text[start:end].endswith("）"):
        return start + 1, end - 1
    return start, end


def _parts(
    read: _Text, sentence: Sentence, made: Template, found: list[Subject], brackets: list[Roles]
) -> Iterator[Candidate]:
    """Cut a sentence where another is told to act, and give each part with whom it names."""
    begins = _begins(made, found, numbered=sentence.number == "outer")
    for (begin, subject), (end, _) in pairwise([*begins, (len(made.text), None)]):
        if not made.text[begin:end].strip("，、；：。 "):
            continue  # a number, and nothing behind it
        one = _part(read, sentence, made, found, subject, begin, end)
        for bracket in brackets:
            if one.start <= bracket.start < max(one.end, _last(made, end, sentence)):
                candidate.take_roles(one, bracket, read.text, read.reader)
        yield one


def _last(made: Template, end: int, sentence: Sentence) -> int:
    """Give where a part ends in the clean text, its brackets included."""
    return made.start(end) if end < len(made.text) else sentence.end


def _part(
    read: _Text,
    sentence: Sentence,
    made: Template,
    found: list[Subject],
    subject: Subject | None,
    begin: int,
    end: int,
) -> Candidate:
    text = read.text
    leads, leaders, kind = _named(made, found, subject, begin, end, read.scope)
    helps = [mention for i in subjects.helpers(made.text) if begin <= i < end for mention in made.mentions(i)]
    order_at = max((subject.order_at if subject else 0) - begin, 0)
    said = made.text[begin:end]
    part = judging.Part(
        said,
        kind,
        order_at,
        question=sentence.mark.startswith("？"),
        quoted=bool(lexicon.rule("quoted").search(said)),
        under_topic=read.scope.topic,
        listed=read.scope.numbered,
    )
    return Candidate(
        part,
        made.start(begin),
        _trimmed(text, made.start(begin), _last(made, end, sentence)),
        _what(made, begin + order_at, end),
        sentence.paragraph,
        leads,
        tuple(one for one in helps if one not in leads),
        leaders,
        made.whens(begin, end),
        made.everys(begin, end),
        " / ".join(filter(None, (read.scope.heading, read.scope.inner_heading))),
        ("carried",) if kind.startswith("carried") else (),
        opens_item=sentence.number == "inner",
    )


def _begins(made: Template, found: list[Subject], *, numbered: bool) -> list[tuple[int, Subject | None]]:
    """Give where each part begins: a leader's clause and the unit's after it are one part, and so is a numbered item."""
    if not found:
        return [(0, None)]
    clause = found[0].clause_at
    kept = clause <= 4 or lexicon.rule("leads_in").search(made.text) or "，" not in made.text[: clause - 1][-40:]
    kept = kept or (numbered and not judging.is_story(made.text[:clause]))
    begins: list[tuple[int, Subject | None]] = [(0 if kept and clause <= LEADS_IN_LENGTH else clause, found[0])]
    for before, subject in pairwise(found):
        led_by_person = before.lead_at >= 0 and isinstance(made.group(before.lead_at), str)
        at = subjects.with_topic(made.text, subject.clause_at)
        if not led_by_person and at > begins[-1][0] and at > before.order_at:
            begins.append((at, subject))
    return begins


def _named(
    made: Template, found: list[Subject], subject: Subject | None, begin: int, end: int, scope: Scope
) -> tuple[tuple[Mention, ...], tuple[str, ...], str]:
    """Give who leads a part, which leader stands over it, and how that is known; keeps the scope."""
    if subject is None:
        leads, kind = scope.carried()
        return leads, (), kind
    if subject.kind == "generic":
        scope.name(None)
        return (), (), "generic"
    here = [one for one in found if begin <= one.lead_at < end]
    leads = _whose(made, tuple(mention for one in here for mention in made.mentions(one.lead_at)))
    leaders = tuple(str(made.group(one.lead_at)) for one in here if isinstance(made.group(one.lead_at), str))
    scope.name(leads, duties=subject.kind == "colon")
    return leads, leaders, subject.kind


def _whose(made: Template, leads: tuple[Mention, ...]) -> tuple[Mention, ...]:
    """Give the unit a sentence is about where only those are told who stand for it: 石桥镇…，书记镇长要…."""
    about = lexicon.rule("about_unit").match(made.text)
    stand_for = frozenset(lexicon.rules()["stands_for"])
    if about is None or not leads or any(mention.text not in stand_for for mention in leads):
        return leads
    units = made.mentions(about.start("lead"))
    return leads if any(mention.people for mention in units) else units


def _what(made: Template, begin: int, end: int) -> str:
    """Say what is to be done: the words behind the order, without brackets of roles."""
    roles_first = lexicon.rule("roles_first").match(made.text[begin:end])
    begin += roles_first.end() if roles_first else 0
    return re.sub(r"^(?:要|须|应|必须|务必|负责|牵头|抓紧|，|、|：|\s)+", "", made.text_of(begin, end)).rstrip(
        "，、；：。 "
    )


def _trimmed(text: str, start: int, end: int) -> int:
    while end > start and text[end - 1] in "，、；：。 ":
        end -= 1
    return end
