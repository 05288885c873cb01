"""Acts on a project's record, year plan, lights, problems on their way, and what is taken back: entries of the same table."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from luodi.codebook import industries
from luodi.codebook.values import Permission as P
from luodi.kernel.problem import Problem, words
from luodi.projects import actions
from luodi.projects.rules import stages
from luodi.projects.values.drafts import Decision, PlanDraft
from luodi.projects.values.rows import ExcuseState, Plan
from luodi.web.labels import named, unit_label
from luodi.web.templatetags.luodi import label_of
from luodi.web.views.project_act_case import Case, Field, NotReadable, found
from luodi.web.views.project_act_verb import (
    Verb,
    amount,
    day_of,
    listed,
    reason_fields,
    reason_if_back,
    reason_only,
    say,
    today,
    written,
)

MONTHS = range(1, 13)

# The record ---------------------------------------------------------------------------------------

WORDS = ("name", "investor", "uscc", "national_code")
CODED = ("kind", "nature", "origin", "contract_kind")
UNITS = ("introducer", "lead_department")
MONEY = ("total_investment", "fixed_investment")


def said(case: Case, code: str) -> str:
    """Say any word of the catalogue."""
    return words(code, case.viewer.language)


def record_fields(case: Case) -> list[Field]:
    """Ask for the whole record as it stands, to be changed: a version holds all of it, and blank means empty."""
    version, tree = case.card.version, case.viewer.who.tree
    units = (
        ("", "—"),
        *((unit.code, unit.name) for unit in sorted(tree.units.values(), key=lambda one: one.code) if unit.open),
    )
    profile, language = case.viewer.profile, case.viewer.language
    coded = {
        name: (("", "—"), *((one, named(profile, one, language)) for one in profile.vocabulary(name))) for name in CODED
    }
    asked = [
        *(Field(name, "text", said(case, f"field.{name}"), value=str(getattr(version, name) or "")) for name in WORDS),
        industry_field(case),
        Field("chain", "text", said(case, "field.chain"), value=version.chain or ""),
        *(Field(name, "choice", said(case, f"field.{name}"), value=str(getattr(version, name) or ""), choices=values) for name, values in coded.items()),
        *(Field(name, "choice", said(case, f"field.{name}"), value=getattr(version, name), choices=units) for name in UNITS),
        *(Field(name, "text", say(case, f"{name}_wan"), value=written(getattr(version, name))) for name in MONEY),
        *(attribute_field(case, one) for one in profile.attributes),
    ]  # fmt: skip
    return [
        *(replace(one, narrow=one.name not in ("name", "investor", "industry")) for one in asked),
        Field("content", "area", say(case, "content"), value=version.content or ""),
        Field("valid_from", "day", say(case, "valid_from"), value=today(case), help=say(case, "valid_from_help"), required=True),
    ]  # fmt: skip


def industry_field(case: Case) -> Field:
    """Ask for the industry: found by typing part of its code or name, in the edition the record is filed under."""
    version = case.card.version
    choices = tuple((one.code, shown(one)) for one in industries.listed(edition=version.industry_edition))
    value = industry_shown(version.industry, version.industry_edition)
    return Field("industry", "pick", said(case, "field.industry"), value=value, choices=choices, help=say(case, "industry_help"))  # fmt: skip


def shown(one: industries.Industry) -> str:
    """Write a class as people look for it: its digits and its name."""
    return f"{one.code[1:]} {one.name}"


def industry_shown(code: str, edition: str) -> str:
    """Write the industry a record holds; a code that its edition doesn't know stands as it is."""
    found = industries.find(code, edition=edition)
    return shown(found) if found is not None and found.level > 1 else code


def industry_typed(case: Case) -> str:
    """Read the industry; left as it was, it stays. Raises NotReadable."""
    version, given = case.card.version, case.typed("industry")
    if given in ("", version.industry, industry_shown(version.industry, version.industry_edition)):
        return version.industry if given else ""
    found = industries.read(given, edition=version.industry_edition)
    if found is None:
        raise NotReadable(Problem("project.act_industry", where="industry", params={"found": given}))
    return found.code[1:] or found.code


def attribute_field(case: Case, one: Any) -> Field:
    """Ask for one attribute of the profile."""
    value = case.card.version.attributes.get(one.id, "")
    label = label_of(one, case.viewer.language)
    if one.type == "day" and is_day(value):
        return Field(f"a:{one.id}", "day", label, value=value)
    if one.type == "money" and one.unit:
        label = say(case, "label_in", label=label, unit=unit_label(one.unit, case.viewer.language))
    if getattr(one, "choices", ()):
        return Field(
            f"a:{one.id}", "choice", label, value=value, choices=(("", "—"), *((each, each) for each in one.choices))
        )
    return Field(f"a:{one.id}", "text", label, value=value)


def is_day(value: str) -> bool:
    """Tell whether a field of a day can show a value: blank, or a day; anything else is left to be typed over."""
    try:
        return not value or bool(date.fromisoformat(value))
    except ValueError:
        return False


def revise(case: Case) -> object:
    """File the record anew from its day on."""
    version = case.card.version
    typed: dict[str, Any] = {name: case.typed(name) for name in (*WORDS, "chain", *CODED, *UNITS, "content")}
    typed |= {name: amount(case, name) for name in MONEY} | {"industry": industry_typed(case)}
    given = {one.id: case.typed(f"a:{one.id}") for one in case.viewer.profile.attributes}
    draft = replace(
        version, **typed, valid_from=case.day("valid_from"), row=0, known_at=0,
        attributes={**version.attributes, **given},
    )  # fmt: skip
    return actions.revise_project(draft, expected=case.expected, **case.by())


# The year's plan ----------------------------------------------------------------------------------


def plan_year(case: Case) -> int:
    """Tell which year is planned: as asked, else the accounting year of today."""
    asked = case.asked("year")
    return int(asked) if asked.isdigit() and len(asked) == 4 else int(case.viewer.profile.calendar.accounting_year.of(case.viewer.today).label)  # fmt: skip


def plan_of(case: Case) -> Plan | None:
    """Give the plan that stands for the year."""
    return case.card.dossier.plans.get(plan_year(case))


def plan_fields(case: Case) -> list[Field]:
    """Ask for the year's investment, its start and finish, and the months."""
    plan, year = plan_of(case), plan_year(case)
    this = int(case.viewer.profile.calendar.accounting_year.of(case.viewer.today).label)
    years = tuple((str(one), str(one)) for one in sorted({this - 1, this, this + 1, year}))
    months = plan.months if plan else {}
    return [
        Field("year", "links", say(case, "plan_year"), value=str(year), choices=years),
        Field("invest", "text", say(case, "plan_invest"), value=written(plan.invest if plan else None)),
        Field("start_on", "day", say(case, "plan_start"), value=plan.start_on.isoformat() if plan and plan.start_on else ""),
        Field("finish_on", "day", say(case, "plan_finish"), value=plan.finish_on.isoformat() if plan and plan.finish_on else ""),
        *(Field(f"m{month}", "text", say(case, "plan_month", month=month), value=written(months.get(month)), narrow=True, help=say(case, "plan_months_help") if month == 1 else "") for month in MONTHS),
    ]  # fmt: skip


def set_plan(case: Case) -> object:
    """File the year's plan."""
    months = {month: value for month in MONTHS if (value := amount(case, f"m{month}")) is not None}
    draft = PlanDraft(
        case.code, plan_year(case), amount(case, "invest"), start_on=case.optional_day("start_on"),
        finish_on=case.optional_day("finish_on"), months=months, expected=case.expected,
    )  # fmt: skip
    return actions.set_plans([draft], **case.by())


# Proper reasons -----------------------------------------------------------------------------------


def excuse_fields(case: Case) -> list[Field]:
    """Ask which light, from when until when, for what reason of those that excuse."""
    excusing = [one for one in case.viewer.profile.reasons if one.excuses]
    return [
        Field("light", "choice", said(case, "projects.light"), choices=listed(case, case.viewer.profile.lights), required=True),
        Field("valid_from", "day", say(case, "excuse_from"), value=today(case), required=True),
        Field("valid_to", "day", say(case, "excuse_until"), help=say(case, "excuse_until_help"), required=True),
        Field("reason_kind", "choice", say(case, "reason_kind"), choices=listed(case, excusing), required=True),
        Field("reason", "area", say(case, "reason"), required=True),
        Field("file:paper", "files", say(case, "excuse_file"), help=say(case, "excuse_file_help")),
    ]  # fmt: skip


def ask_excuse(case: Case) -> object:
    """Ask for the light to be excused."""
    files = case.files(["paper"])
    return actions.ask_excuse(
        case.code, light=case.typed("light"), valid_from=case.day("valid_from"), valid_to=case.day("valid_to"),
        reason_kind=case.typed("reason_kind"), reason=case.typed("reason"), evidence=files.get("paper", ()), **case.by(),
    )  # fmt: skip


def excuse(case: Case) -> ExcuseState:
    """Give the excuse the address names; 404 for none of this project."""
    return found([one for one in case.card.dossier.excuses if one.row == case.row])


def answer_excuse(case: Case) -> object:
    """Approve the reason or refuse it."""
    act = actions.refuse_excuse if case.typed("do") == "refuse" else actions.approve_excuse
    return act(Decision(excuse(case).row, case.typed("reason"), case.expected), **case.by())


def excuse_subject(case: Case) -> str:
    """Name the light and the span."""
    one = excuse(case)
    return f"{named(case.viewer.profile, one.light, case.viewer.language)} {one.valid_from} – {one.valid_to}"


# Problems on their way ----------------------------------------------------------------------------


def report(case: Case) -> object:
    """Say how far a problem is."""
    problem = case.problem()
    return actions.report_on_problem(
        problem.row, words=case.typed("words"), expected=case.expected, **case.by(problem.owner)
    )


def extend_fields(case: Case) -> list[Field]:
    """Ask for the new due day, the owner, and why."""
    tree, problem = case.viewer.who.tree, case.problem()
    units = tuple((unit.code, unit.name) for unit in sorted(tree.units.values(), key=lambda one: one.code) if unit.open)
    return [
        Field("due_on", "day", say(case, "problem_due"), value=problem.due_on.isoformat(), required=True),
        Field("owner", "choice", say(case, "problem_owner"), value=problem.owner, choices=units, required=True),
        *reason_fields(case),
    ]


def extend(case: Case) -> object:
    """Move a problem's due day, or give it to another owner."""
    problem = case.problem()
    return actions.move_problem(
        problem.row, due_on=case.day("due_on"), owner=case.typed("owner"), reason_kind=case.typed("reason_kind"),
        reason=case.typed("reason"), expected=case.expected, **case.by(problem.raised_by),
    )  # fmt: skip


# Taken back ---------------------------------------------------------------------------------------


def drop(case: Case) -> object:
    """Give a node up."""
    return actions.drop_node(
        case.node().row, reason_kind=case.typed("reason_kind"), reason=case.typed("reason"), expected=case.expected, **case.by()
    )  # fmt: skip


def off_fields(case: Case) -> list[Field]:
    """Ask off which list, from when."""
    on = [one for one in case.viewer.profile.lists if one.id in case.card.lists]
    return [
        Field("list", "choice", say(case, "list_name"), choices=listed(case, on), required=True),
        *day_of("off_on")(case),
    ]


def take_off(case: Case) -> object:
    """Take the project off a list, for the office that keeps it where one does."""
    if not case.typed("list"):
        raise NotReadable(Problem("project.act_choose", where="list"))
    return actions.take_off_list([case.code], name=case.typed("list"), on=case.day("on"), **keeper_of(case))


def keeper_of(case: Case) -> dict[str, Any]:
    """Give who acts on the list: from the seat in the office that keeps it, where there is one."""
    kept_by = next((one.kept_by for one in case.viewer.profile.lists if one.id == case.typed("list")), None)
    return case.by((case.viewer.profile.office_unit(kept_by) or "") if kept_by else "")


def withdraw(case: Case) -> object:
    """Take a verification back: the claim waits again."""
    event = case.event()
    return actions.withdraw_verifications(
        [Decision(event.row, case.typed("reason"), case.expected)], **case.by(*event.verifiers, stages.turn(event))
    )


MORE = (
    Verb("revise", "journal-text", (P.KEEP_PROJECTS,), record_fields, revise, lambda c: c.card.dossier.last_version),
    Verb("plan", "calendar3", (P.KEEP_PROJECTS,), plan_fields, set_plan, lambda c: plan.last if (plan := plan_of(c)) else 0, lambda c: str(plan_year(c))),
    Verb("excuse", "shield-check", (P.KEEP_PROJECTS, P.RAISE_PROBLEM), excuse_fields, ask_excuse, lambda c: 0),
    Verb("answer", "patch-check", (P.APPROVE_EXCUSE,), reason_if_back, answer_excuse, lambda c: excuse(c).last, excuse_subject, ("approve", "refuse")),
    Verb("report", "pencil-square", (P.RAISE_PROBLEM,), lambda c: [Field("words", "area", say(c, "report_words"), required=True)], report, lambda c: c.problem().last, lambda c: c.problem().title or ""),
    Verb("extend", "calendar3", (P.RAISE_PROBLEM, P.KEEP_PROJECTS), extend_fields, extend, lambda c: c.problem().last, lambda c: c.problem().title or ""),
    Verb("drop", "x-lg", (P.KEEP_PROJECTS,), reason_fields, drop, lambda c: c.node().last, lambda c: c.node().name),
    Verb("off", "x-lg", (P.KEEP_PROJECTS,), off_fields, take_off, lambda c: 0),
    Verb("withdraw", "arrow-counterclockwise", (P.VERIFY_STAGE,), reason_only, withdraw, lambda c: c.event().last, lambda c: f"{named(c.viewer.profile, c.event().stage, c.viewer.language)} {c.event().occurred_on}"),
)  # fmt: skip
