"""Read the labelled set, and measure a finder of tasks against it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

HERE = Path(__file__).parent
COLLECTIVE = re.compile("、各|^市委、市政府")  # one unit, though it has a 、


@dataclass(frozen=True)
class Label:
    start: int
    end: int
    text: str
    leads: tuple[str, ...] | None  # None: no task


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
    parts = re.split(r"^## ", (HERE / name).read_text("utf-8"), flags=re.M)[1:]
    return [_text(part) for part in parts]


def _text(part: str) -> Text:
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
        leads = None
        if kind == "T":
            named, _, rest = rest.partition("|")
            leads = () if named == "-" else (named,) if COLLECTIVE.search(named) else tuple(named.split("、"))
        sentence = rest.rstrip("\n")
        numbered = bool(re.match("（.）|[0-9]+[.、]|[一-十]、", sentence)) or bool(re.match("市.{2,4}局：", sentence))
        if raw and not raw.endswith("\n") and (kind == "H" or before == "H" or numbered):
            raw += "\n"
        labels.append(Label(len(raw), len(raw) + len(sentence), sentence, leads))
        raw += sentence
        before = kind
    return Text(title, date.fromisoformat(day), raw, tuple(labels))


def measure(all_texts: Sequence[Text], finder: Callable[[Text], list[tuple[int, int, tuple[str, ...]]]]) -> Measured:
    """A hit: half of the longer span is shared, and the leads are the same. Each label is hit once."""
    hits = found = wanted = 0
    for text in all_texts:
        tasks = [label for label in text.labels if label.leads is not None]
        answers = finder(text)
        found += len(answers)
        wanted += len(tasks)
        for label in tasks:
            match = next((one for one in answers if is_hit(label, one)), None)
            if match is not None:
                answers.remove(match)
                hits += 1
    return Measured(hits, found, wanted)


def is_hit(label: Label, answer: tuple[int, int, tuple[str, ...]]) -> bool:
    start, end, leads = answer
    shared = min(label.end, end) - max(label.start, start)
    longer = max(label.end - label.start, end - start)
    return shared * 2 >= longer and set(leads) == set(label.leads or ())


def share_without_task(all_texts: Sequence[Text]) -> float:
    """Of the sentences with 要 or 确保, the share that is no task."""
    told = [label for text in all_texts for label in text.labels if "要" in label.text or "确保" in label.text]
    return sum(label.leads is None for label in told) / len(told)
