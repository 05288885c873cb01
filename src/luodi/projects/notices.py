"""
What the work on projects has to tell people: a claimed stage was sent back, a duty is theirs now or no longer.

A project goes by its public label here (its code name until it is signed), since a notice may leave the house as a text message.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from luodi.codebook.values import Permission, Profile
from luodi.identity import queries as identity
from luodi.identity.rules.secrecy import code_name
from luodi.ledger.values import Recorded, fact_of
from luodi.notices import registry
from luodi.notices.seats import Seats
from luodi.notices.values import Kind, Matter, News, Settled
from luodi.projects import facts_workflow as facts
from luodi.projects.models import StageEvent
from luodi.projects.queries import load
from luodi.projects.queries.acts import authors
from luodi.projects.rules import secrecy


def public_labels(projects: Sequence[str], profile: Profile) -> dict[str, str]:
    """Give the label by which anybody may read of each project: its name once signed, before that its code name."""
    key = identity.code_name_key()
    found = {}
    for code, dossier in load.dossiers(set(projects), want=frozenset({"events"})).items():
        signed, version = secrecy.is_signed(dossier, profile), dossier.version
        found[code] = (version.name if signed and version else None) or code_name(code, key=key)
    return found


def of_facts(recorded: Sequence[Recorded], seats: Seats) -> Iterator[News]:
    """Tell of stages sent back and duties changed; a stage claimed anew is settled."""
    labels = public_labels([one.subject.removeprefix("project:") for one in recorded], seats.profile)
    sent_back = {
        row["target"]
        for fact in recorded
        for row in fact.rows.get("ledger.Verdict", ())
        if row["verdict"] == "sent_back"
    }
    events = {event.id: event for event in StageEvent.objects.filter(id__in=sent_back)}
    claimants = {fact: said[1] for fact, said in authors({fact_of(row) for row in events}).items()}
    for fact in recorded:
        if fact.name == facts.DUTY_CHANGED.name:
            yield from of_duties(fact, labels, seats)
        for row in fact.rows.get("projects.StageEvent", ()):
            yield Settled(f"stage:{row['project']}:{row['stage']}")
        for row in fact.rows.get("ledger.Verdict", ()):
            event = events.get(row["target"])
            if event is not None:
                yield of_claim(event, claimants[fact_of(event.id)], labels, seats)


def of_claim(event: StageEvent, claimant: str, labels: Mapping[str, str], seats: Seats) -> Matter:
    """Tell who claimed a stage, and those who may claim for that unit, that it was sent back."""
    told = dict.fromkeys([claimant, *seats.holding(event.claimed_by, Permission.CLAIM_STAGE)])
    params = {"project": event.project, "label": labels.get(event.project, ""), "stage": event.stage}
    return Matter(f"stage:{event.project}:{event.stage}", Kind.STAGE_SENT_BACK, tuple(told), params)


def of_duties(fact: Recorded, labels: Mapping[str, str], seats: Seats) -> Iterator[News]:
    """Tell whoever takes a duty on, and whoever lost one, unless they did it themselves."""
    rows: Sequence[Mapping[str, Any]] = fact.rows.get("projects.Duty", ())
    taking = {(row["duty"], row["holder"]) for row in rows if row["valid_to"] is None}
    for row in rows:
        if row["valid_to"] is not None and (row["duty"], row["holder"]) in taking:
            continue
        kind = Kind.DUTY_TAKEN if row["valid_to"] is None else Kind.DUTY_ENDED
        people = (
            seats.holding(row["holder"], Permission.KEEP_PROJECTS)
            if row["holder"] in seats.tree.units
            else (row["holder"],)
        )
        told = tuple(person for person in people if person != fact.actor.person)
        if told:
            params = {"project": row["project"], "label": labels.get(row["project"], ""), "duty": row["duty"]}
            yield Matter(f"duty:{row['project']}:{row['duty']}", kind, told, params)


registry.declare(
    registry.Source(
        "projects",
        (facts.CLAIM_DECIDED.name, facts.STAGE_CLAIMED.name, facts.STAGE_CORRECTED.name, facts.DUTY_CHANGED.name),
        of_facts,
    )
)
