"""The answer as a document: what `luodi decompose --format json` prints and the HTTP API gives."""

from __future__ import annotations

from collections.abc import Sequence

from luodi.kernel.gov_units import Mention
from luodi.kernel.problem import words
from luodi.supervision.texts import source
from luodi.supervision.texts.values import Answer, Every, Task, When


def document(answer: Answer, read: source.Source, language: str) -> dict[str, object]:
    """Give the document: tasks in the order of the text, and how the text was read."""
    return {
        "tasks": [_task(task, language) for task in answer.tasks],
        "date": answer.day,
        "date_from": answer.day_from,
        "encoding": read.encoding,
        "length": len(read.text),
        "findings": [finding.as_json(language) for finding in answer.findings],
    }


def _task(task: Task, language: str) -> dict[str, object]:
    return {
        "text": task.text,
        "start": task.start,
        "end": task.end,
        "what": task.what,
        "units": list(task.units),
        "co_units": list(task.co_units),
        "leader": task.leader,
        "deadline": task.deadline,
        "due": task.due,
        "recurrence": _recurrence(task.recurrence),
        "deadlines": [_when(when) for when in task.deadlines],
        "named": [_named(role, mention) for role, mention in task.mentions],
        "heading": task.heading,
        "confidence": task.confidence,
        "unsure": [{"code": code, "message": words(f"decompose.unsure.{code}", language)} for code in task.unsure],
        "found_by": list(task.found_by),
    }


def _recurrence(everys: Sequence[Every]) -> dict[str, object] | None:
    if not everys:
        return None
    turns = [{"text": one.text, "unit": one.unit, "n": one.n, "by": one.by, "does": one.does} for one in everys]
    return {"text": "、".join(one.text for one in everys), "every": turns}


def _when(when: When) -> dict[str, object]:
    return {"text": when.text, "due": when.due, "unsure": list(when.notes)}


def _named(role: str, mention: Mention) -> dict[str, object]:
    """Say how a unit stands in the text and which listed units it is, or may be."""
    return {
        "role": role,
        "text": mention.text,
        "codes": [unit.code for unit in mention.units],
        "names": list(mention.names),
        "ambiguous": mention.ambiguous,
        "collective": mention.collective,
    }
