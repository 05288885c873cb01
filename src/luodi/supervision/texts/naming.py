"""
Units as speeches and minutes name them, beside what `luodi.kernel.gov_units` knows: offices of a county's committee,
rooms of a park (招商一局), publishers and companies, 水务部门, 应急、消防要…, 各县区主要负责人.

The words stand in units.yaml. A name that nobody listed counts only where a clause begins, or behind 由 请 会同, and
where the words behind it show that somebody is told to act.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

import yaml

from luodi.kernel.gov_units import Group, Matcher, Mention, Unit, build, grammar
from luodi.supervision.texts.lexicon import any_of

_HAN = "[\u3400-\u9fff]"
_NAME = "[^\\W_的了要在将把对和与及等是为被给向从由请须应让各说看去来这那我你他\ue000-\uf8ff]"
_BREAKS = "按照|根据|遵照|下次|本次|上次|责成|会同|牵头|负责|配合|联合|委托|要求|交由|上报|报送|[前后]报"
_BREAK = re.compile(f"{_BREAKS}|^[照据]")
_OFFICIAL = re.compile("(?<=[市县区州旗省镇乡])委(?:副?书记|副?秘书长|常委(?!会))")
_TOLD = "(?:(?<=[由请])|(?<=责成)|(?<=会同)|(?<=联合)|(?<=委托)|(?<=责令)|(?<=督促)|(?<=交由))"
_BEGIN = f"(?:(?<!{_HAN})|{_TOLD}|(?<=[和与及])|(?<=要求))"


@dataclass(frozen=True)
class Finder(Matcher):
    """A matcher of units that also knows the words of units.yaml."""

    def find(self, text: str) -> list[Mention]:
        """Find every unit the text names, in order; of two that overlap the first counts, of these the longest, then the listed one."""
        found = [*(_whole(_trimmed(one), text) for one in super().find(text)), *self._more(text)]
        found.sort(key=lambda one: (one.start, -one.end, not one.units))
        kept: list[Mention] = []
        for mention in found:
            if not mention.collective and _OFFICIAL.match(text, mention.end - 1):
                continue  # 县委副书记 is no committee
            if not kept or mention.start >= kept[-1].end:
                kept.append(mention)
        return kept

    def groups(self, text: str) -> list[Group]:
        """Find the units of a text, lists as one; who stands for a unit (主要负责人) belongs to it."""
        found: list[Group] = []
        for group in super().groups(text):
            if found and group.start < found[-1].end:
                continue
            mentions = tuple(_joined(group.mentions, text))
            person = None if all(one.people for one in mentions) else _persons().match(text, group.end)
            found.append(Group(group.start, person.end() if person else group.end, mentions))
        return found

    def _more(self, text: str) -> Iterator[Mention]:
        for found in _pattern().finditer(text):
            if found.lastgroup == "stems":
                yield from self._stems(found)
            elif found.lastgroup in ("each", "bracketed", "whole", "people"):
                people = found.lastgroup == "people"
                yield Mention(found.start(), found.end(), found[0], collective=True, people=people)
            elif found.lastgroup in ("party", "sub", "body", "stem") or not _no_end().search(found[0]):
                yield from self._listed_or_written(found)

    def _listed_or_written(self, found: re.Match[str]) -> Iterator[Mention]:
        units = self.resolve(found[0])
        yield Mention(found.start(), found.end(), found[0], units, ambiguous=len(units) > 1)

    def _stems(self, found: re.Match[str]) -> Iterator[Mention]:
        """Give each bare word of 应急、消防 its own mention, with its unit where the list has just one."""
        for word in re.finditer("[^、和]+", found[0]):
            units = self.by_stem.get(word[0], ())
            at = found.start() + word.start()
            yield Mention(at, at + len(word[0]), word[0], units if len(units) == 1 else ())


def finder(units: Iterable[Unit] = (), *, on: date | None = None) -> Finder:
    """Make a finder for a list of units as it stood on a day; without a day, of every version."""
    known = build(units, on=on)
    return Finder(known.by_name, known.by_stem, known.by_start)


@cache
def _words() -> Mapping[str, Any]:
    loaded: Mapping[str, Any] = yaml.load(
        (Path(__file__).parent / "units.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader
    )
    return loaded


@cache
def _pattern() -> re.Pattern[str]:
    """Give the one pattern; `lastgroup` of a match tells the kind."""
    words = _words()
    place = f"(?:{_BEGIN}(?<![0-9])(?:(?!{_BREAKS}|[报送交给前日]){_NAME}){{1,3}})?[市县区州旗省]"
    stem = any_of(grammar.stems())
    guards = "".join(f"|{end}(?!{guard})" for end, guard in words["guarded_ends"].items())
    ends = f"(?:{grammar.guarded(words['ends'])}{guards})"
    name = f"(?!{any_of(words['no_starts'])}|于[0-9本下年月周]|[0-9一二三四五六七八九十两几多数]{1, 4}[个家名座条户项支])(?:(?:(?!{_BREAKS}){_NAME}){{1,14}}?{ends}|{any_of(words['alone'])})"
    each = f"{_NAME}{{0,8}}?{grammar.guarded(words['each_ends'])}"
    shown = f"(?:、{name}){{0,6}}(?:[和与及、]{name})?(?:等(?:部门|单位)?)?{any_of(words['shows'])}"
    organs = any_of(words["organs"])
    kinds = {
        "party": f"{place}委{any_of(words['party_offices'])}(?![理法公])|{place}政府{any_of(words['government_offices'])}(?![理法公])",
        "sub": f"{grammar.LEVEL}?{stem}{{1,2}}(?:局|委|厅){_NAME}{{1,6}}?(?:支队|大队|中队|分局|总队|执法队|服务中心)",
        "body": f"(?:{grammar.LEVEL}|{_BEGIN}(?:(?:(?!{_BREAKS}){_NAME}){{2,4}})?){any_of(words['bodies'])}",
        "stems": f"(?<!{_HAN}){stem}(?:[、和]{stem}){{1,5}}(?=要|也要|必须|负责|牵头)",
        "town": f"{_BEGIN}{_NAME}{{1,4}}(?:(?<![城乡集])镇(?![化村])|(?<![城下])乡(?![村镇])|街道|(?<![农乡全新城渔山各本驻邻])村(?![民级委里庄口干支集头]))(?:(?:人民)?政府|党委|党工委|办事处)?(?={shown}|[，、；和与及]|$)",
        "called": f"(?<!.)(?:{_NAME}{{1,3}}[局办科所站室]|{_NAME}{{2,8}}{any_of(words['alone'])}|{_NAME}{{2,8}}(?:中心|公司|集团|街道|支队|大队))(?=，)",
        "bracketed": words["bracketed"],
        "whole": any_of(words["wholes"]),
        "people": words["every_person"],
        "stem": f"{_TOLD}{stem}(?=会同|牵头|负责|、{stem}|和{stem})",
        "each": f"各(?![{words['no_each']}]){each}(?:{each})?(?:[、和及与]{any_of(words['each_ends'])}(?=[、和及与]|{any_of(words['shows'])})){{0,3}}{organs}?",
        "name": f"{_BEGIN}{name}(?={shown}|$)",
        "told": f"{_TOLD}{name}",
    }
    firsts = {word[0] for some in (words["wholes"], grammar.stems()) for word in some} | set("市县区州旗省我本国各有相")
    # Most places begin nothing: look at one character before trying every kind. Only for speed.
    begins = f"(?:(?=[{re.escape(''.join(sorted(firsts)))}])|{_BEGIN})"
    return re.compile(
        f"(?={_HAN}){begins}" + "(?:" + "|".join(f"(?P<{kind}>{one})" for kind, one in kinds.items()) + ")"
    )


def _trimmed(mention: Mention) -> Mention:
    """Take what stands before 责成 off a name that nobody listed: 市人民政府责成市工信局."""
    cuts = [] if mention.units or mention.collective else list(_BREAK.finditer(mention.text))
    cut = cuts[-1].end() if cuts else 0
    return replace(mention, start=mention.start + cut, text=mention.text[cut:]) if cut < len(mention.text) else mention


def _whole(mention: Mention, text: str) -> Mention:
    """Add what stands behind a collective and belongs to its name: 各县区人大常委会, 各乡镇（街道）、部门."""
    organ = _organs().match(text, mention.end) if mention.collective and not mention.people else None
    return replace(mention, end=organ.end(), text=mention.text + organ[0]) if organ else mention


def _joined(mentions: Sequence[Mention], text: str) -> Iterator[Mention]:
    """Make one collective of those side by side: 各乡镇、园区 and 县直各部门."""
    for together, some in groupby(mentions, key=lambda one: one.collective and not one.people):
        if not together:
            yield from some
            continue
        first, *others = some
        end = others[-1].end if others else first.end
        yield replace(first, end=end, text=text[first.start : end])


@cache
def _organs() -> re.Pattern[str]:
    words = _words()
    further = f"(?:{any_of(words['each_ends'])}|(?:(?![市县区省州]){_NAME}){{0,4}}?{any_of(words['more_ends'])})"
    more = f"(?:[、和及与]{further}){{1,3}}(?={any_of(words['shows'])})"
    offices = f"{any_of(grammar.stems())}{{1,2}}(?:部门|局|机关)"
    return re.compile(f"{any_of(words['organs'])}|{offices}|{more}")


@cache
def _persons() -> re.Pattern[str]:
    return re.compile(f"(?:的)?{any_of(_words()['persons'])}")


@cache
def _no_end() -> re.Pattern[str]:
    return re.compile(any_of(_words()["no_ends"]) + "$")
