"""
The answer of a matter as one JSON-ready document, as `luodi clock` prints it; what changed since an earlier belief;
which
thresholds fire, once each, and which firings a later pause has undone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from luodi.kernel import instant
from luodi.kernel.clocks import answers, engine
from luodi.kernel.clocks.values import Answer, Matter, Policy
from luodi.kernel.problem import Problem
from luodi.kernel.workdays import Calendar, load_calendar

Document = dict[str, object]


@dataclass(frozen=True)
class Question:
    """What is asked: a policy, the user's own table of holidays, the moment, and what was known."""

    policy: Policy
    now: int
    known_at: int | None = None
    holidays: Path | None = None

    def calendar(self, known_at: int | None) -> Calendar:
        """Load the policy's calendar as known at a moment."""
        moment = None if known_at is None else instant.to_datetime(known_at, self.policy.zone)
        return load_calendar(self.policy.layers, self.holidays, moment, self.policy.beside)


def documents(question: Question, matters: Sequence[Matter], since: int | None = None) -> list[Document]:
    """
    Answer for each matter. With `since`, each document lists what has changed from what was believed at that moment.

    Raises Refused for a calendar that can't be read and for limits that never come.
    """
    calendar = question.calendar(question.known_at)
    earlier = question.calendar(since) if since is not None else None
    found = []
    for matter in matters:
        told = document(question, matter, calendar)
        if since is not None and earlier is not None:
            told["changes"] = changes(question, matter, calendar, earlier, since)
        found.append(told)
    return found


def document(question: Question, matter: Matter, calendar: Calendar) -> Document:
    """Answer for one matter."""
    policy = question.policy
    found, findings = engine.run(policy, matter, calendar, now=question.now, known_at=question.known_at)
    findings += [finding for answer in found for finding in answer.findings]
    told: Document = {"id": matter.id} if matter.id is not None else {}
    told |= {
        "policy": policy.id,
        "example": policy.example,
        "issued_at": matter.issued,
        "now_at": question.now,
        "known_at": question.known_at,
        "clocks": [answer.fields for answer in found],
        "findings": [_finding(finding) for finding in dict.fromkeys(map(_Same, findings))],
    }
    written = answers.render(told, policy.zone)
    assert isinstance(written, dict)  # noqa: S101  render keeps the shape; for the type checker
    names = {"issued_at": "issued", "now_at": "now"}
    return {names.get(str(key), str(key)): value for key, value in written.items()}


class _Same:
    """A finding that several clocks made of one event is told once."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.key = (problem.code, problem.where, problem.line, tuple(sorted(map(str, problem.params.items()))))

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.key == other.key


def _finding(same: _Same) -> Mapping[str, object]:
    problem = same.problem
    told = {"code": problem.code, "where": problem.where, "line": problem.line}
    texts = {language: problem.message(language) for language in ("zh", "en")}
    return {**told, "message": texts}


# changes ------------------------------------------------------------------------------------------------------------


def changes(question: Question, matter: Matter, calendar: Calendar, earlier: Calendar, since: int) -> list[Document]:
    """
    List the clocks whose due instant or calendar status is not what was believed at `since`, and why: calendar or
    events.
    """
    policy, now = question.policy, question.now
    after, _ = engine.run(policy, matter, calendar, now=now, known_at=question.known_at)
    before, _ = engine.run(policy, matter, earlier, now=now, known_at=since)
    by_calendar, _ = engine.run(policy, matter, calendar, now=now, known_at=since)
    found: list[Document] = []
    for new, old, mixed in zip(after, before, by_calendar, strict=True):
        if _core(new) != _core(old):
            causes = ["calendar"] * (_core(mixed) != _core(old)) + ["events"] * (_core(new) != _core(mixed))
            told: Document = {"clock": new.rule.id, "because": causes}
            for prefix, one in (("was_", old), ("", new)):
                told |= {f"{prefix}{key}": one.fields.get(key) for key in ("due_on", "due_at", "calendar")}
            found.append(told)
    return found


def _core(answer: Answer) -> tuple[object, ...]:
    return tuple(answer.fields.get(key) for key in ("due_on", "due_at", "calendar"))


# firing -------------------------------------------------------------------------------------------------------------


def firing_key(matter: str | None, clock: str, threshold: str, version: int) -> str:
    """Name a firing: the same matter, clock, threshold and budget version fire once."""
    return f"{matter or ''}/{clock}/{threshold}/{version}"


def sweep(
    matter: str | None, found: Sequence[Answer], earlier: Mapping[str, Mapping[str, object]]
) -> dict[str, dict[str, object]]:
    """
    Fire what has fallen and not fired yet, with the instant at which it truly fell, and withdraw what no longer has.

    `earlier` and the answer hold every firing ever made by its key: `at` (instant) and `state` fired or withdrawn;
    none is
    erased. A withdrawn one that falls again is fired anew, with its new instant. Sweeping twice changes nothing.
    """
    ledger = {key: dict(value) for key, value in earlier.items()}
    fallen = {
        firing_key(matter, answer.rule.id, one.id, one.version): one.at
        for answer in found
        for one in answer.thresholds
        if one.fired
    }
    versions = {answer.rule.id: answer.run.version for answer in found if answer.run is not None}
    for key, at in fallen.items():
        if ledger.get(key, {}).get("state") != "fired":
            ledger[key] = {"at": at, "state": "fired"}
    for key, value in ledger.items():
        owner, clock, _, version = key.rsplit("/", 3)
        current = owner == (matter or "") and version == str(versions.get(clock, 0))
        if current and key not in fallen and value["state"] == "fired":
            value["state"] = "withdrawn"
    return ledger
