"""What each act on a project asks, and what it then does. One entry per act; the page and the buttons are written from the table."""

from __future__ import annotations

from typing import Any

from luodi.codebook.values import Permission as P
from luodi.kernel.problem import Problem
from luodi.projects import actions
from luodi.projects.rules import stages
from luodi.projects.values.drafts import Decision, DutyDraft, NodeDraft, NoteDraft, StageClaim
from luodi.projects.values.rows import Settling, Status
from luodi.web.labels import because_words, period_words
from luodi.web.templatetags.luodi import label_of
from luodi.web.views.project_act_case import Case, Field, NotReadable
from luodi.web.views.project_act_more import MORE, keeper_of
from luodi.web.views.project_act_verb import (
    Verb,
    day_of,
    listed,
    reason_fields,
    reason_if_back,
    reason_only,
    say,
    stage_name,
    today,
)

NOTE_FIELDS = (("progress", "progress"), ("problems", "note_problems"), ("next", "next"), ("coordinate", "coordinate"))


# Progress note ------------------------------------------------------------------------------------


def note_fields(case: Case) -> list[Field]:
    """Ask for the month's note: what stands, else what was written last time, to be changed."""
    from_ = case.story.note or case.story.note_before
    return [
        Field(name, "area", say(case, label), value=getattr(from_, name, None) or "") for name, label in NOTE_FIELDS
    ]


def write_note(case: Case) -> object:
    """Write the month's note."""
    draft = NoteDraft(
        case.code, case.month.label, **{name: case.typed(name) for name, _ in NOTE_FIELDS}, expected=case.expected
    )
    return actions.write_notes([draft], **case.by())


# Stages -------------------------------------------------------------------------------------------


def proofs(case: Case, stage: str) -> list[tuple[Any, bool]]:
    """Give the kinds of evidence a stage asks for, and whether one of several will do."""
    rule = case.viewer.profile.stage(stage)
    kinds = {kind.id: kind for kind in case.viewer.profile.evidence_kinds}
    return [(kinds[one], len(proof.any_of) > 1) for proof in (rule.evidence if rule else ()) for one in proof.any_of]


def file_fields(case: Case, stage: str) -> list[Field]:
    """Ask for files, each with the rule that makes it necessary; nothing else is asked for."""
    return [
        Field(
            f"file:{kind.id}", "files", label_of(kind, case.viewer.language) + (say(case, "any_of") if several else ""),
            help=say(case, "because", rule=because_words(kind, case.viewer.language)),
        )
        for kind, several in proofs(case, stage)
    ]  # fmt: skip


def claim_fields(case: Case) -> list[Field]:
    """Ask which stage, when, and for what proves it."""
    stage = case.asked("stage")
    choices = tuple((one, stage_name(case, one)) for one in case.story.next_stages)
    chosen = stage if stage in case.story.next_stages else ""
    if not chosen:
        return [Field("stage", "choice", say(case, "stage"), choices=choices, required=True)]
    return [
        Field(
            "stage",
            "choice",
            say(case, "stage"),
            value=chosen,
            choices=((chosen, stage_name(case, chosen)),),
            required=True,
        ),
        Field("on", "day", say(case, "on"), value=today(case), required=True),
        *file_fields(case, chosen),
        Field("words", "area", say(case, "claim_note")),
    ]


def claim(case: Case) -> object:
    """Claim the stage with its files."""
    stage = case.typed("stage")
    files = case.files(kind.id for kind, _ in proofs(case, stage))
    draft = StageClaim(case.code, stage, case.day("on"), files, case.typed("words"), expected=case.expected)
    return actions.claim_stages([draft], **case.by())


def decide(case: Case) -> object:
    """Verify the stage or send it back."""
    event = case.event()
    act = actions.send_back_stages if case.typed("do") == "send_back" else actions.verify_stages
    return act([Decision(event.row, case.typed("reason"), case.expected)], **case.by(stages.turn(event)))


def event_subject(case: Case) -> str:
    """Name the stage an act is about."""
    event = case.event()
    return f"{event.stage} {event.occurred_on.isoformat()}"


def correct(case: Case) -> object:
    """Move the stage's day."""
    event = case.event()
    return actions.correct_stage(
        event.row, occurred_on=case.day("on"), reason_kind=case.typed("reason_kind"), reason=case.typed("reason"),
        expected=case.expected, **case.by(event.claimed_by),
    )  # fmt: skip


def void(case: Case) -> object:
    """Take the stage off the record; history keeps it."""
    event = case.event()
    return actions.void_stage(
        event.row, reason=case.typed("reason"), expected=case.expected, **case.by(event.claimed_by)
    )


# Problems -----------------------------------------------------------------------------------------


def problem_fields(case: Case) -> list[Field]:
    """Ask what stands in the way, of what kind, who is to settle it, by when."""
    tree = case.viewer.who.tree
    units = tuple((unit.code, unit.name) for unit in sorted(tree.units.values(), key=lambda one: one.code) if unit.open)
    return [
        Field("title", "area", say(case, "problem_title"), required=True),
        Field("kind", "choice", say(case, "problem_kind"), choices=listed(case, case.viewer.profile.problem_kinds), required=True),
        Field("owner", "choice", say(case, "problem_owner"), value=case.card.version.host, choices=units, required=True),
        Field("due_on", "day", say(case, "problem_due"), help=say(case, "problem_due_help")),
    ]  # fmt: skip


def raise_problem(case: Case) -> object:
    """Put the problem on the list."""
    return actions.raise_problem(
        case.code, title=case.typed("title"), kind=case.typed("kind"), owner=case.typed("owner"),
        due_on=case.optional_day("due_on"), **case.by(),
    )  # fmt: skip


def settle(case: Case) -> object:
    """Say how the problem was settled."""
    problem = case.problem()
    files = case.files(["paper"])
    return actions.settle_problem(
        problem.row, words=case.typed("words"), evidence=files.get("paper", ()), expected=case.expected, **case.by(problem.owner)
    )  # fmt: skip


def close(case: Case) -> object:
    """Verify that it is settled, or give it back to its owner."""
    act = actions.reopen_problem if case.typed("do") == "reopen" else actions.close_problem
    return act(Decision(case.problem().row, case.typed("reason"), case.expected), **case.by())


# People, nodes, lists -----------------------------------------------------------------------------


def duty_fields(case: Case) -> list[Field]:
    """Ask which duty goes from whom to whom; one that nobody holds is given."""
    labels = {one.id: label_of(one, case.viewer.language) for one in case.viewer.profile.responsibilities}
    held = [duty for duty in case.card.dossier.duties if duty.on(case.viewer.today)]
    choices = [
        (
            f"{one.duty}|{one.holder}",
            say(case, "duty_of", duty=labels.get(one.duty, one.duty), name=name(case, one.holder)),
        )
        for one in held
    ]
    taken = {one.duty for one in held}
    choices += [
        (f"{one.id}|", say(case, "duty_new", duty=labels[one.id]))
        for one in case.viewer.profile.responsibilities
        if one.several or one.id not in taken
    ]
    people = tuple(
        sorted((one.person, one.name or one.person) for one in case.people.values() if one.acts_on(case.viewer.today))
    )
    return [
        Field("duty", "choice", say(case, "duty"), value=case.asked("duty"), choices=tuple(choices), required=True),
        Field("to", "people", say(case, "duty_to"), choices=people, help=say(case, "duty_to_help"), required=True),
        Field("on", "day", say(case, "duty_on"), value=today(case), required=True),
        Field("reason", "area", say(case, "reason")),
    ]  # fmt: skip


def name(case: Case, holder: str) -> str:
    """Name who holds a duty."""
    person = case.people.get(holder)
    return (person.name or holder) if person else str(case.viewer.who.tree.name(holder))


def hand_over(case: Case) -> object:
    """Hand the duty over, or give it where nobody has it."""
    duty, _, holder = case.typed("duty").partition("|")
    to, day = case.holder(case.typed("to")), case.day("on")
    if not holder:
        draft = DutyDraft(case.code, duty, to, day)
        return actions.assign_duties([draft], expected=case.expected, **case.by())
    return actions.hand_over(
        case.code, duty=duty, holder=holder, to=to, on=day, reason=case.typed("reason"), expected=case.expected, **case.by()
    )  # fmt: skip


def node_fields(case: Case) -> list[Field]:
    """Ask for a node and the day promised, which stays."""
    kinds = (("", "—"), *listed(case, case.viewer.profile.nodes))
    return [
        Field("name", "text", say(case, "node_name"), required=True),
        Field("kind", "choice", say(case, "node_kind"), choices=kinds),
        Field("on", "day", say(case, "baseline"), help=say(case, "baseline_help"), required=True),
    ]


def add_node(case: Case) -> object:
    """Add the node after the others."""
    position = max((one.position for one in case.card.dossier.nodes), default=0) + 1
    draft = NodeDraft(case.typed("name"), case.day("on"), kind=case.typed("kind"), position=position)
    return actions.add_nodes(case.code, [draft], **case.by())


def move_node(case: Case) -> object:
    """Move the node's day; the first promise stays beside it."""
    return actions.move_node(
        case.node().row, to=case.day("on"), reason_kind=case.typed("reason_kind"), reason=case.typed("reason"),
        expected=case.expected, **case.by(),
    )  # fmt: skip


def reach_node(case: Case) -> object:
    """Report the day the node was reached."""
    return actions.reach_node(case.node().row, on=case.day("on"), expected=case.expected, **case.by())


def put_on_list(case: Case) -> object:
    """Put the project on a list."""
    if not case.typed("list"):
        raise NotReadable(Problem("project.act_choose", where="list"))
    return actions.put_on_list([case.code], name=case.typed("list"), on=case.day("on"), **keeper_of(case))


def list_fields(case: Case) -> list[Field]:
    """Ask which list, from when."""
    free = [one for one in case.viewer.profile.lists if one.id not in case.card.lists]
    return [
        Field("list", "choice", say(case, "list_name"), choices=listed(case, free), required=True),
        Field("on", "day", say(case, "list_on"), value=today(case), required=True),
    ]


KEEP = (P.KEEP_PROJECTS,)
NODE = (P.KEEP_PROJECTS,)
VERBS = {
    verb.id: verb
    for verb in (
        Verb("note", "pencil-square", (P.KEEP_PROJECTS, P.FILL_FORM), note_fields, write_note, lambda c: c.story.note.row if c.story.note else 0, lambda c: period_words(c.month, c.viewer.language)),
        Verb("claim", "flag", (P.CLAIM_STAGE,), claim_fields, claim, lambda c: c.card.dossier.last_event),
        Verb("decide", "patch-check", (P.VERIFY_STAGE,), reason_if_back, decide, lambda c: c.event().last, event_subject, ("verify", "send_back")),
        Verb("correct", "pencil", (P.VOID_ROWS, P.CLAIM_STAGE), lambda c: [*day_of("on")(c), *reason_fields(c)], correct, lambda c: c.event().last, event_subject),
        Verb("void", "trash3", (P.VOID_ROWS, P.CLAIM_STAGE), reason_only, void, lambda c: c.event().last, event_subject),
        Verb("problem", "exclamation-triangle", (P.RAISE_PROBLEM,), problem_fields, raise_problem, lambda c: 0),
        Verb("settle", "check-lg", (P.RAISE_PROBLEM,), lambda c: [Field("words", "area", say(c, "settle_words"), required=True), Field("file:paper", "files", say(c, "settle_file"), help=say(c, "settle_file_help"))], settle, lambda c: c.problem().last, lambda c: c.problem().title or ""),
        Verb("close", "check2-circle", (P.CLOSE_PROBLEM,), reason_if_back, close, lambda c: c.problem().last, lambda c: c.problem().title or "", ("close", "reopen")),
        Verb("duty", "person-badge", (P.ASSIGN_PEOPLE, P.KEEP_PROJECTS, P.RAISE_PROBLEM), duty_fields, hand_over, lambda c: c.card.dossier.last_duty),
        Verb("node", "plus-lg", NODE, node_fields, add_node, lambda c: 0),
        Verb("move", "calendar3", NODE, lambda c: [*day_of("node_to")(c), *reason_fields(c)], move_node, lambda c: c.node().last, lambda c: c.node().name),
        Verb("reach", "check-lg", NODE, day_of("node_on"), reach_node, lambda c: c.node().last, lambda c: c.node().name),
        Verb("list", "list-check", KEEP, list_fields, put_on_list, lambda c: 0),
        *MORE,
    )
}  # fmt: skip
ANY = tuple(dict.fromkeys(one for verb in VERBS.values() for one in verb.needs))


def offered(case: Case) -> dict[str, bool]:
    """Tell which acts the person may do on this project; the acts themselves ask again."""
    return {verb.id: case.may(*verb.needs) for verb in VERBS.values()}


def settleable(case: Case) -> set[int]:
    """Name the open problems that a unit of mine has to settle."""
    seats = case.viewer.seats
    return {
        one.row
        for one in case.card.dossier.problems
        if one.state is Settling.OPEN and case.viewer.who.tree.successor(one.owner) in seats
    }


def decidable(case: Case) -> set[int]:
    """Name the claims that wait for a unit of mine."""
    tree, seats = case.viewer.who.tree, case.viewer.seats
    return {
        one.row
        for one in case.card.dossier.events
        if one.status is Status.CLAIMED and tree.successor(stages.turn(one)) in seats
    }


def voidable(case: Case) -> set[int]:
    """Name the stages whose day I may correct or void: with the right to void any, else my own unit's that nobody verified."""
    any_row = case.may(P.VOID_ROWS)
    own = case.may(P.CLAIM_STAGE)
    return {
        one.row
        for one in case.card.dossier.events
        if any_row or (own and one.status is not Status.VERIFIED and one.claimed_by in case.viewer.seats)
    }


def withdrawable(case: Case) -> set[int]:
    """Name the verified stages whose verification a unit of mine may take back."""
    tree, seats = case.viewer.who.tree, case.viewer.seats
    return {
        one.row
        for one in case.card.dossier.events
        if one.status is Status.VERIFIED and any(tree.successor(unit) in seats for unit in one.verifiers)
    }
