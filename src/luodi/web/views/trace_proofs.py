"""What stands behind each row of a value: accepted or verified by whom, when, and how many files of which kind prove it. A fixed number of readings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from luodi.codebook.values import Profile
from luodi.indicators.queries import Source
from luodi.ledger import queries as ledger
from luodi.ledger.values import WHOLE_FACT, fact_of, row_id
from luodi.projects.queries.acts import authors
from luodi.projects.queries.evidence import EvidenceFile, evidence_files
from luodi.projects.values.rows import Event, Status
from luodi.projects.values.views import Card
from luodi.statistics.queries import evidence, filings
from luodi.statistics.values.reporting import Judgement

FIGURE, STAGE = "statistics.Figure", "projects.StageEvent"


@dataclass(frozen=True)
class Proof:
    """
    `state`: sealed, accepted, verified or waiting. `kinds`: files by kind, in words. `by`: units and people who checked. `at`: when,
    an instant.
    """

    state: str
    kinds: tuple[tuple[str, int], ...]
    by: tuple[str, ...]
    at: int | None


def proofs(
    sources: Iterable[Source], cards: Mapping[str, Card], profile: Profile, *, language: str, name: Callable[[str], str]
) -> dict[int, Proof]:
    """Give the proof of each source's row that has one: a fixed number of readings for all of them."""
    listed = list(sources)
    said = filings.judgements({row_id(one.fact, WHOLE_FACT) for one in listed if one.table == FIGURE})
    figures = Figures(profile, language, name, [one for one in listed if one.table == FIGURE], said)
    events = {event.row: event for card in cards.values() for event in card.dossier.events}
    wanted = {event.project for one in listed if one.table == STAGE and (event := events.get(one.row))}
    files: dict[int, list[EvidenceFile]] = {}
    for file in evidence_files(wanted):
        files.setdefault(file.row, []).append(file)
    found: dict[int, Proof] = {}
    for one in listed:
        if one.table == FIGURE and (proof := figures.proof(one)):
            found[one.row] = proof
        elif one.table == STAGE and one.row in events:
            found[one.row] = of_stage(events[one.row], files.get(one.row, ()), profile, language, name)
    return found


class Figures:
    """What stands behind figures: a fixed number of readings for all of them, then a proof for each."""

    def __init__(
        self, profile: Profile, language: str, name: Callable[[str], str], listed: Sequence[Source],
        said: Mapping[int, list[Judgement]],
    ) -> None:  # fmt: skip
        self.name, self.said = name, said
        self.labels = {kind.id: kind.zh if language == "zh" else kind.en for kind in profile.evidence_kinds}
        self.backing = evidence.backing(one.row for one in listed)
        self.people = authors({fact_of(one.row) for spoken in said.values() for one in spoken})
        self.seals = ledger.seals() if listed else ()

    def proof(self, source: Source) -> Proof | None:
        """Say who accepted a figure and when, what proves it, whether a seal covers it: the last word counts, all who agreed are named."""
        backing, said = self.backing[source.row], self.said.get(source.fact, [])
        if not said and backing.accepted_at is None and not backing.kinds:
            return None
        kinds = tuple(Counter(self.labels.get(kind, kind) for kind in backing.kinds).items())
        agreed = evidence.agreed(said)
        by = tuple(dict.fromkeys(self.who(one) for one in agreed))
        since = said[-1].known_at if said and said[-1].verdict == "accepted" else None if said else backing.accepted_at
        state = "waiting" if since is None else "sealed" if self.sealed(backing, since) else "accepted"
        return Proof(state, kinds, by, since or (agreed[-1].known_at if agreed else None))

    def who(self, one: Judgement) -> str:
        """Name the unit and the person of a judgement."""
        return f"{self.name(one.unit)} {self.name(self.people[fact_of(one.row)][1])}"

    def sealed(self, backing: evidence.Backing, since: int) -> bool:
        """Tell whether the seal of the figure's month was set after it was accepted: then it is part of what was published."""
        own = next((one for one in self.seals if one.period_last >= backing.period_last), None)
        return own is not None and since <= own.cut_at


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
