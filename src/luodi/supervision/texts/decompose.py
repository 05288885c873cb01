"""
Break a text down into assignments for review: the flow, and the way back from the clean text to the raw one.

Deterministic; nothing here reads a clock, a file or the network (see source.py, model.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from luodi.kernel.gov_units import Mention, Unit
from luodi.supervision.texts import judging, parse
from luodi.supervision.texts.cleaning import Clean, clean
from luodi.supervision.texts.lexicon import rules
from luodi.supervision.texts.naming import finder
from luodi.supervision.texts.numerals import number, year
from luodi.supervision.texts.values import Answer, Event, Every, Found, Task, When
from luodi.supervision.texts.when import Reader, first_day

# A line that gives the day of a text, alone or behind 时间： or who signs; how far down it may stand, and how far up.
_DAY_LINE = re.compile(
    r"^（?(?:(?:会议)?时间：|日期：|[^\n，。；：（）]{2,30}(?:办公室|政府|委员会|委|局|中心|指挥部))?([0-9]{4}|[〇零○一二三四五六七八九]{4})年([0-9]{1,2}|[一二三四五六七八九十]{1,3})月([0-9]{1,2}|[一二三四五六七八九十]{1,3})日[^\n]{0,8}）?$",
    re.M,
)
_HEAD, _FOOT = 400, 200


def decompose(*, raw: str, units: Iterable[Unit] = (), day: date | None = None, events: Iterable[Event] = ()) -> Answer:
    """
    Find the assignments in a text.

    `units` are the city's list, `day` the day on which it was said (else a line of its own near the top that gives
    one), `events` the days of fairs and meetings. Offsets are code points of `raw`: `task.text == raw[task.start:task.end]`.
    """
    seen = clean(raw)
    told = day or _day_of(seen.text)
    matcher, reader = finder(units, on=told), Reader(told, tuple(events))
    found = parse.candidates(seen.text, matcher, reader)
    tasks = tuple(task_of(one, seen) for one in found if one.score >= rules()["weights"]["threshold"])
    return Answer(tasks, told, "option" if day else "text" if told else None)


def task_of(found: Found, seen: Clean) -> Task:
    """Carry one finding back to the raw text."""
    start, end = seen.span(found.start, found.end)
    leads, helps = (tuple(as_written(one, seen) for one in some) for some in (found.leads, found.helps))
    whens = tuple(replace(one, text=_raw(seen, one)) for one in first_day(found.whens))
    first = whens[0] if whens else None
    return Task(
        text=seen.raw[start:end],
        start=start,
        end=end,
        what=found.what,
        units=names(leads),
        co_units=tuple(name for name in names(helps) if name not in names(leads)),
        leader="、".join(dict.fromkeys(found.leaders)) or None,
        deadline=first.text if first else None,
        due=first.due if first else None,
        recurrence=tuple(replace(one, text=_raw(seen, one)) for one in found.everys),
        deadlines=whens,
        mentions=tuple(("lead", one) for one in leads) + tuple(("help", one) for one in helps),
        heading=found.heading or None,
        confidence=judging.confidence(found.score),
        unsure=_unsure(found, whens),
    )


def as_written(mention: Mention, seen: Clean) -> Mention:
    """Give a mention its own characters back: traditional ones, masks; without glosses and breaks."""
    return replace(mention, text=_raw(seen, mention))


def _raw(seen: Clean, one: Mention | When | Every) -> str:
    return "".join(seen.raw[at] for at in seen.at[one.start : one.end])


def names(mentions: Sequence[Mention]) -> tuple[str, ...]:
    """Give the units' names, official where they are listed, each once."""
    return tuple(dict.fromkeys(name for mention in mentions for name in mention.names))


def _unsure(found: Found, whens: Sequence[When]) -> tuple[str, ...]:
    """Give the codes of what a reviewer should look at."""
    doubts = [*found.notes]
    if found.score < rules()["weights"]["sure"]:
        doubts.append("may_be_none")
    if not found.leads and not found.leaders:
        doubts.append("no_lead")
    if any(mention.ambiguous for mention in (*found.leads, *found.helps)):
        doubts.append("ambiguous_unit")
    if len([when for when in whens if when.rank < 2]) > 1:
        doubts.append("several_deadlines")
    if any(every.unit is None for every in found.everys):
        doubts.append("how_often")
    doubts += [note for when in whens[:1] for note in when.notes]
    return tuple(dict.fromkeys(doubts))


def _day_of(text: str) -> date | None:
    """Read the day of a text from a line of its own near the top, else from the one it is signed with at the end."""
    for found in (*_DAY_LINE.finditer(text[:_HEAD]), *_DAY_LINE.finditer(text[-_FOOT:])):
        spoken, month, day = year(found[1]), number(found[2]), number(found[3])
        try:
            return date(spoken or 0, month or 0, day or 0)
        except ValueError:
            continue
    return None
