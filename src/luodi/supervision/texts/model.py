"""
An optional second reader: a model behind an OpenAI-compatible address. Off unless an address is given.

It may only quote. A quote that does not stand in the text is dropped, so is a unit or a deadline that does not stand in
its quote; days are never taken from it but resolved by our own rules. Where it agrees with the rules the task says so;
what it alone found is marked and is unsure.
"""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from luodi.kernel.gov_units import Matcher
from luodi.kernel.problem import Problem
from luodi.supervision.texts.cleaning import clean
from luodi.supervision.texts.decompose import names
from luodi.supervision.texts.values import Answer, Task
from luodi.supervision.texts.when import Reader, first_day

PIECE = 4000  # characters of text in one question
CONFIDENCE = 0.5
_PROMPT = (
    "你在为政府督查室从讲话或纪要中找出交办任务。只找要求某单位去做的事，不要叙述、表扬、号召和描述。"
    '只输出 JSON：{"tasks":[{"quote":"原文中连续的一段，一字不改","lead":["牵头单位原文"],"help":["配合单位原文"],'
    '"deadline":"时限原文或 null"}]}。原文里没有的字一个也不要写。'
)

Ask = Callable[[str], str]


@dataclass(frozen=True)
class Proposal:
    """What the model says of one task: all of it words of the text."""

    quote: str
    leads: tuple[str, ...] = ()
    helps: tuple[str, ...] = ()
    deadline: str | None = None


class NoAnswer(Exception):
    """The model gave nothing that can be used; the message says why."""


def add_model(answer: Answer, *, raw: str, ask: Ask, matcher: Matcher, reader: Reader) -> Answer:
    """Ask the model and add what it can prove by quoting. The rules' own answer stands whatever the model does."""
    tasks, findings, at, dropped = list(answer.tasks), list(answer.findings), 0, 0
    for offset, piece in _pieces(raw):
        try:
            proposals = read_answer(ask(piece))
        except NoAnswer as error:
            findings.append(Problem("decompose.model_failed", params={"found": str(error)}, blocking=False))
            break
        at = offset
        for proposal in proposals:
            start = _find(raw, proposal.quote, at, offset, offset + len(piece))
            if start is None:
                dropped += 1
                continue
            at = start + len(proposal.quote)
            _merge(tasks, _task(raw, start, proposal, matcher, reader))
    if dropped:
        findings.append(Problem("decompose.model_dropped", params={"count": dropped}, blocking=False))
    return replace(answer, tasks=tuple(sorted(tasks, key=lambda task: task.start)), findings=tuple(findings))


def asker(url: str, *, name: str, key: str | None, timeout: float) -> Ask:
    """Make a function that asks the model at an address (…/v1, or the whole …/chat/completions)."""
    address = url if url.endswith("/chat/completions") else url.rstrip("/") + "/chat/completions"

    def ask(text: str) -> str:
        body = {
            "model": name,
            "temperature": 0,
            "messages": [{"role": "system", "content": _PROMPT}, {"role": "user", "content": text}],
        }
        headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {key}"} if key else {})
        request = urllib.request.Request(address, json.dumps(body).encode(), headers)  # noqa: S310  checked by the command
        try:
            with urllib.request.urlopen(request, timeout=timeout) as response:  # noqa: S310
                told = json.load(response)
            return str(told["choices"][0]["message"]["content"])
        except (OSError, ValueError, KeyError, IndexError, TypeError) as error:
            raise NoAnswer(f"{type(error).__name__}: {error}") from None

    return ask


def read_answer(content: str) -> list[Proposal]:
    """Read the JSON of an answer, in a fence or bare; entries of another shape are left out. Raises NoAnswer."""
    found = re.search(r"\{.*\}", content, re.S)
    try:
        entries = json.loads(found[0])["tasks"] if found else None
    except (ValueError, KeyError, RecursionError):
        entries = None
    if not isinstance(entries, list):
        raise NoAnswer("no JSON with tasks")
    return [proposal for entry in entries if isinstance(entry, Mapping) and (proposal := _proposal(entry))]


def _proposal(entry: Mapping[str, object]) -> Proposal | None:
    quote, deadline = entry.get("quote"), entry.get("deadline")
    if not isinstance(quote, str) or not quote.strip():
        return None
    said = deadline if isinstance(deadline, str) and deadline in quote and deadline else None
    return Proposal(quote, _words(entry.get("lead"), quote), _words(entry.get("help"), quote), said)


def _words(value: object, quote: str) -> tuple[str, ...]:
    """Keep the words that stand in the quote."""
    some = value if isinstance(value, list) else []
    return tuple(word for word in some if isinstance(word, str) and word and word in quote)


def _pieces(raw: str) -> Iterator[tuple[int, str]]:
    """Cut a text at line ends into pieces that a model can read."""
    start = 0
    while start < len(raw):
        end = min(start + PIECE, len(raw))
        if end < len(raw):
            cut = max(raw.rfind("\n", start, end), raw.rfind("。", start, end))
            end = cut + 1 if cut > start else end
        if raw[start:end].strip():
            yield start, raw[start:end]
        start = end


def _find(raw: str, quote: str, at: int, start: int, end: int) -> int | None:
    """Find a quote in its piece, the next one before an earlier one."""
    for begin in (at, start):
        found = raw.find(quote, begin, end)
        if found >= 0:
            return found
    return None


def _task(raw: str, start: int, proposal: Proposal, matcher: Matcher, reader: Reader) -> Task:
    seen = clean(proposal.quote).text
    whens = tuple(first_day(when for when in reader.deadlines(seen) if when.text == proposal.deadline))
    leads = [mention for word in proposal.leads for mention in matcher.read_list(clean(word).text)]
    helps = [mention for word in proposal.helps for mention in matcher.read_list(clean(word).text)]
    return Task(
        text=proposal.quote,
        start=start,
        end=start + len(proposal.quote),
        what=seen.strip("。；， "),
        units=names(leads),
        co_units=names(helps),
        leader=None,
        deadline=proposal.deadline,
        due=whens[0].due if whens else None,
        recurrence=tuple(reader.recurrences(seen)),
        deadlines=whens,
        confidence=CONFIDENCE,
        unsure=("model_only",),
        found_by=("model",),
    )


def _merge(tasks: list[Task], proposed: Task) -> None:
    """Note that the model agrees with a task that half of either overlaps, or add what it alone found."""
    for at, task in enumerate(tasks):
        shared = min(task.end, proposed.end) - max(task.start, proposed.start)
        if shared * 2 >= min(task.end - task.start, proposed.end - proposed.start):
            if "model" not in task.found_by:
                tasks[at] = replace(task, found_by=(*task.found_by, "model"))
            return
    tasks.append(proposed)
