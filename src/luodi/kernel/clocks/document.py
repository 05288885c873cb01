"""
The answer of a matter as one JSON-ready document, as `luodi clock` prints it; what changed since an earlier belief;
which
thresholds fire, once each, and which firings a later pause has undone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from luodi.kernel import instant
from luodi.kernel.clocks import answers, engine
from luodi.kernel.clocks.values import Answer, Matter, Policy
from luodi.kernel.problem import Problem, words
from luodi.kernel.workdays import Calendar, load_calendar

Document = dict[str, object]


@dataclass(frozen=True)
class Question:
    """What is asked: a policy, the user's own table of holidays, the moment, and what was known."""

    policy: Policy
    now: int
    known_at: int | None = None
    holidays: Path | None = None

    _calendars: dict[tuple[str, int | None], Calendar] = field(default_factory=dict, compare=False, repr=False)

    def edition(self, matter: Matter, known_at: int | None) -> Policy:
        """Find the edition of the policy that holds for a matter, as known at a moment."""
        issued_on = instant.day_of(matter.issued, self.policy.zone)
        return self.policy.in_force(issued_on=issued_on, known_at=known_at)

    def calendar(self, policy: Policy, known_at: int | None) -> Calendar:
        """Load an edition's calendar as known at a moment; once for all matters."""
        key = (policy.file, known_at)
        if key not in self._calendars:
            moment = None if known_at is None else instant.to_datetime(known_at, policy.zone)
            self._calendars[key] = load_calendar(policy.layers, self.holidays, moment, policy.beside)
        return self._calendars[key]

    def ask(self, matter: Matter) -> tuple[list[Answer], list[Problem]]:
        """Run the clocks of one matter."""
        return self.believed(matter, self.known_at, self.known_at)

    def believed(
        self, matter: Matter, events_known: int | None, rules_known: int | None
    ) -> tuple[list[Answer], list[Problem]]:
        """Run the clocks of one matter with the events known at one moment, policy and calendar known at another."""
        policy = self.edition(matter, rules_known)
        calendar = self.calendar(policy, rules_known)
        return engine.run(policy, matter, calendar, now=self.now, known_at=events_known)


def documents(question: Question, matters: Sequence[Matter], since: int | None = None) -> list[Document]:
    """
    Answer for each matter. With `since`, each document lists what has changed from what was believed at that moment.

    Raises Refused for a calendar that can't be read and for limits that never come.
    """
    found = []
    for matter in matters:
        told = document(question, matter)
        if since is not None:
            told["changes"] = changes(question, matter, since)
        found.append(told)
    return found


def document(question: Question, matter: Matter) -> Document:
    """Answer for one matter."""
    policy = question.edition(matter, question.known_at)
    found, findings = question.ask(matter)
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
    file = Path(problem.file).name if problem.file else None
    told = {"code": problem.code, "where": problem.where, "file": file, "line": problem.line}
    return {**told, "message": {language: _worded(problem, language) for language in ("zh", "en")}}


def _worded(problem: Problem, language: str) -> str:
    """Say a finding in words: why something is void, and where a policy's validity is open."""
    kind = problem.code.rpartition(".")[2]
    why = str(problem.params.get("why", ""))
    said = "；" if language == "zh" else "; "
    params = {key: words("clock.word.open", language) if one is None else one for key, one in problem.params.items()}
    params["why"] = said.join(words(f"clock.why.{kind}.{one}", language) for one in why.split(", "))
    return replace(problem, params=params).message(language)


# changes ------------------------------------------------------------------------------------------------------------


def changes(question: Question, matter: Matter, since: int) -> list[Document]:
    """
    List the clocks that are not due as was believed at `since`, and why: rules (policy, calendar), events or both.
    """
    after, _ = question.ask(matter)
    before = _by_clock(question.believed(matter, since, since)[0])
    mixed = _by_clock(question.believed(matter, since, question.known_at)[0])
    same = question.edition(matter, since) is question.edition(matter, question.known_at)
    found: list[Document] = []
    for new in after:
        old, between = before.get(new.rule.id), mixed[new.rule.id]
        if _core(new) != _core(old):
            causes = ["calendar" if same else "rule"] * (_core(between) != _core(old)) + ["events"] * (
                _core(new) != _core(between)
            )
            told: Document = {"clock": new.rule.id, "because": causes}
            for prefix, one in (("was_", old), ("", new)):
                told |= {f"{prefix}{key}": one.fields.get(key) if one else None for key in CORE}
            found.append(told)
    rendered = answers.render(found, question.policy.zone)
    assert isinstance(rendered, list)  # noqa: S101  render keeps the shape; for the type checker
    return rendered


def _by_clock(found: Sequence[Answer]) -> dict[str, Answer]:
    return {answer.rule.id: answer for answer in found}


CORE = ("due_on", "due_at", "calendar")


def _core(answer: Answer | None) -> tuple[object, ...]:
    return tuple(answer.fields.get(key) for key in CORE) if answer else ()


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
