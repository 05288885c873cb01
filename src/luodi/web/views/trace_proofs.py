"""What stands behind each row of a value: accepted or verified by whom, when, and how many files of which kind prove it. Pure but for two readings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from luodi.codebook.values import Profile
from luodi.indicators.queries import Source
from luodi.ledger.values import WHOLE_FACT, row_id
from luodi.projects.queries.evidence import EvidenceFile, evidence_files
from luodi.projects.values.rows import Event, Status
from luodi.projects.values.views import Card
from luodi.statistics.queries import filings
from luodi.statistics.values.reporting import Judgement

FIGURE, STAGE = "statistics.Figure", "projects.StageEvent"


@dataclass(frozen=True)
class Proof:
    """`state`: accepted, verified or waiting. `kinds`: files by kind, in words. `by`: units and people who checked. `at`: when, an instant."""

    state: str
    kinds: tuple[tuple[str, int], ...]
    by: tuple[str, ...]
    at: int | None


def proofs(
    sources: Iterable[Source], cards: Mapping[str, Card], profile: Profile, *, language: str, name: Callable[[str], str]
) -> dict[int, Proof]:
    """Give the proof of each source's row that has one: two fixed readings for all of them."""
    listed = list(sources)
    said = filings.judgements({row_id(one.fact, WHOLE_FACT) for one in listed if one.table == FIGURE})
    events = {event.row: event for card in cards.values() for event in card.dossier.events}
    wanted = {event.project for one in listed if one.table == STAGE and (event := events.get(one.row))}
    files: dict[int, list[EvidenceFile]] = {}
    for file in evidence_files(wanted):
        files.setdefault(file.row, []).append(file)
    found: dict[int, Proof] = {}
    for one in listed:
        if one.table == FIGURE and said.get(one.fact):
            found[one.row] = of_figure(said[one.fact], name)
        elif one.table == STAGE and one.row in events:
            found[one.row] = of_stage(events[one.row], files.get(one.row, ()), profile, language, name)
    return found


def of_figure(said: Collection[Judgement], name: Callable[[str], str]) -> Proof:
    """Say who accepted the return that a figure came with: the last word counts, every unit that agreed is named."""
    agreed = [one for one in said if one.verdict in ("checked", "accepted")]
    last = list(said)[-1]
    state = "accepted" if last.verdict == "accepted" else "waiting"
    return Proof(state, (), tuple(dict.fromkeys(name(one.unit) for one in agreed)), last.known_at if agreed else None)


def of_stage(
    event: Event, files: Collection[EvidenceFile], profile: Profile, language: str, name: Callable[[str], str]
) -> Proof:
    """Say who verified a stage, and what proves it."""
    labels = {kind.id: kind.zh if language == "zh" else kind.en for kind in profile.evidence_kinds}
    kinds = Counter(labels.get(kind, kind) for kind in event.evidence_kinds)
    checked = {pair for file in files for pair in file.checked_by}
    by = [f"{name(unit)} {name(person)}" for person, unit in sorted(checked)] or [
        name(unit) for unit in event.verifiers
    ]
    state = "verified" if event.status is Status.VERIFIED else "waiting"
    return Proof(state, tuple(kinds.items()), tuple(by) if state == "verified" else (), event.verified_at)


def named(people: Mapping[str, Any], tree: Any) -> Callable[[str], str]:
    """Give what names a person or a unit."""

    def name(code: str) -> str:
        person = people.get(code)
        return str((person.name if person else None) or tree.name(code))

    return name
