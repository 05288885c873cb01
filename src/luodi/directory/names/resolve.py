"""
Resolve a name against a register: by credit code, by the very name, by another name on its day, by its parts.

Loads what may answer from the index, has `rules.py` grade it and `verdict.py` decide, and says why. A name that a
code contradicts is never taken; a code that is not valid decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice

from luodi.directory.names import credit, keys, verdict
from luodi.directory.names.index import Index, Record
from luodi.directory.names.parts import Parts, clean, take_apart, writings
from luodi.directory.names.rules import grade
from luodi.directory.names.values import Answer, Asked, Grade, Reason, Verdict

# No more names than this are graded for one that is asked.
MOST_LOOKED_AT = 4096
# Once so many may be meant it is ambiguous, whoever comes after.
SETTLED = 2 * verdict.MOST_CANDIDATES


@dataclass
class _Found:
    """What the register has for one name: the best grade and name of each owner, and what was held against others."""

    grades: dict[int, Grade] = field(default_factory=dict)
    records: dict[int, Record] = field(default_factory=dict)
    other_code: list[Record] = field(default_factory=list)
    other_day: list[Record] = field(default_factory=list)

    def add(self, record: Record, found: Grade) -> None:
        if found > self.grades.get(record.owner, Grade.NO):
            self.grades[record.owner], self.records[record.owner] = found, record

    def keep(self, records: Iterable[Record]) -> None:
        """Keep only these."""
        owners = {record.owner for record in records}
        self.grades = {owner: grade for owner, grade in self.grades.items() if owner in owners}

    def bearers(self) -> list[Record]:
        return [self.records[owner] for owner, grade in self.grades.items() if grade is Grade.BEARER]

    def settled(self) -> bool:
        return sum(grade >= Grade.RIVAL for grade in self.grades.values()) >= SETTLED


def resolve(*, asked: Asked, index: Index) -> Answer:
    """
    Say whose name it is: matched with the reason, ambiguous with the candidates, or none.

    The verdict depends on what is in the register only, never on its order. Another entry that doesn't bear the
    very name can only lower matched to ambiguous.
    """
    code = credit.valid(asked.uscc)
    owners = [number for number in index.posted(keys.by_code(code)) if index.uscc(number) == code] if code else []
    if owners:
        return _by_code(asked, owners, index)
    answer = _by_name(asked, asked.name, code, index)
    bad_code = "" if code else asked.uscc.strip()
    return replace(answer, reason=replace(answer.reason, bad_code=bad_code)) if bad_code else answer


def _by_code(asked: Asked, owners: list[int], index: Index) -> Answer:
    codes = tuple(index.code(owner) for owner in owners)
    if len(codes) > 1:
        return Answer(asked, Verdict.AMBIGUOUS, Reason("match.code_twice"), candidates=codes[: verdict.MOST_CANDIDATES])
    name = index.name(owners[0])
    same = not asked.name.strip() or take_apart(clean(asked.name)).squeezed == take_apart(name).squeezed
    return Answer(asked, Verdict.MATCHED, Reason("match.code" if same else "match.code_other_name", name), codes[0])


def _by_name(asked: Asked, name: str, code: str, index: Index) -> Answer:
    """Resolve by name; a branch that is not in the register itself is its enterprise, which answers for it."""
    ways = writings(clean(name))
    if not ways[0].whole:
        return Answer(asked, Verdict.NONE, Reason("match.none_empty"))
    found = _look_up(asked, ways, code, index)
    answer = _answer(asked, found, index)
    if answer.verdict is not Verdict.NONE or not ways[0].branch:
        return answer
    of_head = _by_name(asked, ways[0].head, code, index)
    return replace(of_head, reason=replace(of_head.reason, branch=ways[0].branch))


def _look_up(asked: Asked, ways: list[Parts], code: str, index: Index) -> _Found:
    """Find who bears the very name; only if it is nobody's, who may be meant by it, in each way it can be read."""
    found = _Found()
    _weigh(found, asked, ways[0], code, index.posted(keys.by_whole(ways[0])), index)
    bearers = found.bearers()
    if bearers:
        # On a known day, who is recorded to bear it until some later day goes before who bears it undated.
        found.keep([record for record in bearers if asked.on and record.until] or bearers)
        return found
    if found.other_code:
        return found
    for parts in ways:
        posted = (number for key in _keys(parts) for number in index.posted(key))
        _weigh(found, asked, parts, code, islice(posted, MOST_LOOKED_AT), index)
    return found


def _keys(parts: Parts) -> Iterator[str]:
    yield keys.by_core(parts)
    if not parts.is_legal and not parts.branch:
        yield from keys.starts_asked(parts.core)


def _weigh(found: _Found, asked: Asked, parts: Parts, code: str, numbers: Iterable[int], index: Index) -> None:
    for number in numbers:
        record = index.record(number)
        graded = grade(parts, take_apart(record.name))
        if graded is Grade.NO:
            continue
        if not record.borne_on(asked.on):
            found.other_day.append(record)
        elif code and credit.valid(index.uscc(record.owner)):
            found.other_code.append(record)
        else:
            found.add(record, graded)
        if found.settled():
            return


def _answer(asked: Asked, found: _Found, index: Index) -> Answer:
    grades = {index.code(owner): graded for owner, graded in found.grades.items()}
    records = {index.code(owner): found.records[owner] for owner in found.grades}
    said, codes = verdict.decide(grades)
    near = verdict.near(grades)
    if said is Verdict.AMBIGUOUS:
        return Answer(asked, said, Reason("match.several", _named(codes, index, records)), candidates=codes, near=near)
    if said is Verdict.NONE:
        return Answer(asked, said, _why_nobody(found, near, records, index), near=near)
    record = records[codes[0]]
    if record.owner >= index.entries:
        return Answer(asked, Verdict.NONE, Reason("match.none_elsewhere", codes[0]))
    return Answer(asked, said, _why(grades[codes[0]], record), codes[0], near=near)


def _why(graded: Grade, record: Record) -> Reason:
    if graded is Grade.LIKELY:
        return Reason("match.parts_of_alias" if record.alias else "match.parts", record.name)
    return Reason("match.alias" if record.alias else "match.legal", record.name, since=record.since, until=record.until)


def _why_nobody(found: _Found, near: tuple[str, ...], records: dict[str, Record], index: Index) -> Reason:
    """Say why nobody was taken: what the code or the day spoke against, or who has the brand but another name."""
    if found.other_code:
        return Reason("match.none_other_code", found.other_code[0].name)
    if near:
        return Reason("match.none_near", _named(near[:3], index, records))
    if found.other_day:
        record = found.other_day[0]
        name = f"{index.code(record.owner)} {record.name}"
        return Reason("match.none_other_day", name, since=record.since, until=record.until)
    return Reason("match.none")


def _named(codes: Iterable[str], index: Index, records: dict[str, Record]) -> str:
    return "、".join(f"{code} {records[code].name}" for code in codes)
