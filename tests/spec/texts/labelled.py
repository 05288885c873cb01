"""Read the labelled sets, and measure a finder of tasks against them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

HERE = Path(__file__).parent
COLLECTIVE = re.compile("、(?:[市县区]直)?各|^市委、市政府")  # one unit, though it has a 、
NUMBERED = re.compile("（.）|[0-9]+[.、]|[一-十]、|市.{2,4}局：")
DETAIL = re.compile(r" (?=[+@*!])")


@dataclass(frozen=True)
class Detail:
    """What a label says beside the lead; None is not judged. A deadline of '' is none, a due of '?' open."""

    helps: tuple[str, ...] | None = None
    deadline: str | None = None
    due: str | None = None
    every: str | None = None
    unit: str | None = None
    leader: str | None = None


@dataclass(frozen=True)
class Label:
    start: int
    end: int
    text: str
    leads: tuple[str, ...] | None  # None: no task
    detail: Detail = field(default=Detail())


@dataclass(frozen=True)
class Text:
    title: str
    day: date
    raw: str
    labels: tuple[Label, ...]


@dataclass(frozen=True)
class Measured:
    hits: int
    found: int
    wanted: int

    @property
    def precision(self):
        return self.hits / self.found if self.found else 0.0

    @property
    def recall(self):
        return self.hits / self.wanted if self.wanted else 0.0


def texts(name: str = "labelled.txt") -> list[Text]:
    parts = re.split(r"^## ", (HERE / name).read_text("utf-8"), flags=re.M)
    return [_text(part, detailed="*周期" in parts[0]) for part in parts[1:]]


def _text(part: str, *, detailed: bool) -> Text:
    head, _, body = part.partition("\n")
    title, _, day = head.rpartition(" ")
    raw, labels, before = "", [], ""
    entries = re.split(r"^(?=[TNH]\||$)", body, flags=re.M)
    for entry in entries:
        if not entry.strip():
            raw += "" if raw.endswith("\n") or not entry else "\n"
            before = "H" if entry else before
            continue
        kind, _, rest = entry.partition("|")
        leads, detail = None, Detail()
        if kind == "T":
            named, _, rest = rest.partition("|")
            leads, detail = _named(named, detailed=detailed)
        sentence = rest.rstrip("\n")
        if raw and not raw.endswith("\n") and (kind == "H" or before == "H" or NUMBERED.match(sentence)):
            raw += "\n"
        labels.append(Label(len(raw), len(raw) + len(sentence), sentence, leads, detail))
        raw += sentence
        before = kind
    return Text(title, date.fromisoformat(day), raw, tuple(labels))


def _named(written: str, *, detailed: bool) -> tuple[tuple[str, ...], Detail]:
    """Read 市发改委 +市财政局 @6月底前=2026-06-30 *每月=month !分管副市长."""
    named, *others = DETAIL.split(written)
    if not detailed:
        return units_of(named), Detail()
    said = {one[0]: one[1:].partition("=") for one in others}
    deadline, _, due = said.get("@", ("", "", ""))
    every, _, unit = said.get("*", ("", "", ""))
    judged = deadline != "~"
    return units_of(named), Detail(
        units_of(said["+"][0]) if "+" in said else (),
        deadline if judged else None,
        due if judged else None,
        every,
        unit,
        said["!"][0] if "!" in said else "",
    )


def units_of(written: str) -> tuple[str, ...]:
    if written == "-":
        return ()
    if "/" in written:
        return tuple(filter(None, written.split("/")))
    return (written,) if COLLECTIVE.search(written) else tuple(written.split("、"))


def measure(all_texts: Sequence[Text], finder: Callable[[Text], list[tuple[int, int, tuple[str, ...]]]]) -> Measured:
    """A hit: half of the longer span is shared, and the leads are the same. Each label is hit once."""
    hits = found = wanted = 0
    for text in all_texts:
        answers = finder(text)
        found += len(answers)
        wanted += sum(label.leads is not None for label in text.labels)
        hits += len(pairs(text, answers))
    return Measured(hits, found, wanted)


def pairs(text: Text, answers: Sequence[tuple[int, int, tuple[str, ...]]]) -> dict[Label, int]:
    """Give the labels that are hit, each with the place of its answer."""
    taken: dict[Label, int] = {}
    for label in text.labels:
        free = (at for at, one in enumerate(answers) if at not in taken.values() and is_hit(label, one))
        match = next(free, None) if label.leads is not None else None
        if match is not None:
            taken[label] = match
    return taken


def is_hit(label: Label, answer: tuple[int, int, tuple[str, ...]]) -> bool:
    start, end, leads = answer
    shared = min(label.end, end) - max(label.start, start)
    longer = max(label.end - label.start, end - start)
    return shared * 2 >= longer and set(leads) == set(label.leads or ())


def wrong_details(detail: Detail, task) -> list[str]:
    """Name what a task that was hit has wrong: helps, deadline, due, recurrence, leader."""
    every = task.recurrence[0] if task.recurrence else None
    said = f"{every.n or ''}{every.unit or ''}" if every else ""
    wrong = []
    if detail.helps is not None and set(task.co_units) != set(detail.helps):
        wrong.append("helps")
    if detail.deadline is not None and not _same(detail.deadline, task.deadline or ""):
        wrong.append("deadline")
    if detail.due is not None and (task.due.isoformat() if task.due else "") != detail.due.replace("?", ""):
        wrong.append("due")
    if detail.every is not None and not (_same(detail.every, every.text if every else "") and said == detail.unit):
        wrong.append("recurrence")
    if detail.leader is not None and (task.leader or "") != detail.leader:
        wrong.append("leader")
    return wrong


def _same(wanted: str, found: str) -> bool:
    """One holds the other: 6月底 and 6月底前."""
    found = unicodedata.normalize("NFKC", found)
    return bool(wanted) == bool(found) and (wanted in found or found in wanted)


def share_without_task(all_texts: Sequence[Text]) -> float:
    """Of the sentences with 要 or 确保, the share that is no task."""
    told = [label for text in all_texts for label in text.labels if "要" in label.text or "确保" in label.text]
    return sum(label.leads is None for label in told) / len(told)
