"""Reading a plan file: which form it is, and the form of projects. Everything wrong is gathered, with file and line."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

from luodi.kernel import predicates, yamltext
from luodi.kernel.predicates import BadPredicate, Predicate
from luodi.kernel.problem import Problem, Refused
from luodi.kernel.workdays import Calendar, load_calendar
from luodi.kernel.yamltext import Map, Node, Place, Text, Unfit
from luodi.scheduling import cycles, plainform, values
from luodi.scheduling.reading import Reader, kind_of
from luodi.scheduling.values import (
    After,
    Agency,
    Choice,
    Fact,
    Matter,
    Pick,
    PlainFile,
    PlanFile,
    Project,
    Promise,
    Window,
)

FORMAT = "luodi-plan/1"
KEYS = ("format", "title", "unit", "calendar", "from", "use", "objective", "agencies", "catalogue", "projects")
AGENCY_KEYS = ("at_once", "per_day", "closed", "calendar", "title")
MATTER_KEYS = ("agency", "days", "days_unit", "when", "after", "window", "one_of", "title")
PROJECT_KEYS = ("id", "title", "attributes", "matters", "promise", "weight", "facts")
FACT_KEYS = ("matter", "started", "finished", "paused", "not_before", "fixed")
WINDOW_KEYS = ("months", "from", "to", "holds")


class BadPlan(Refused):
    """A plan file can't be read, or asks for what can't be."""

    code = "plan.unfit"


def load(file: str | Path, holidays: Path | None = None) -> PlanFile | PlainFile:
    """
    Read a plan file (luodi-plan/1) of projects or of plain tasks. `holidays` is a table laid over its calendar.

    Raises Refused (BadYaml, BadPlan, NoCalendar) with every problem found, each with file and line.
    """
    try:
        node = yamltext.load(file)
    except OSError as error:
        raise BadPlan(Problem("plan.no_file", file=str(file), params={"found": error.strerror or str(error)})) from None
    return read(node, str(file), holidays)


def read(node: Node, file: str, holidays: Path | None = None) -> PlanFile | PlainFile:
    """Read a plan from YAML that is already loaded; the calendars it names lie beside `file`."""
    place = Place(file)
    if not isinstance(node, Map):
        raise BadPlan(place.problem("plan.not_a_mapping", 1, key=Path(file).name, found=kind_of(node)))
    problems: list[Problem] = []
    reader = Reader(node, place, problems)
    if reader.text("format") != FORMAT:
        found = kind_of(node.get("format"))
        raise BadPlan(place.at("format").problem("plan.format", reader.line("format"), found=found, expected=FORMAT))
    plan: PlanFile | PlainFile
    if "tasks" in node or node.get("unit") == "step":
        plan = plainform.read(reader, file)
    else:
        plan = _Projects(reader, file, holidays).read()
    if problems:
        raise BadPlan(*problems)
    return plan


class _Projects:
    """Reads the form of projects; holds what its parts must know of one another."""

    def __init__(self, reader: Reader, file: str, holidays: Path | None) -> None:
        self.reader, self.file, self.holidays = reader, file, holidays
        self.problems = reader.problems
        self.unit = reader.choice("unit", values.DAY_UNITS, "workday")
        agencies, catalogue = (reader.map.get(key) for key in ("agencies", "catalogue"))
        self.agency_names = set(agencies) if isinstance(agencies, Map) else set()
        self.matter_names = list(catalogue) if isinstance(catalogue, Map) else []
        self.lines = catalogue.lines if isinstance(catalogue, Map) else {}

    def read(self) -> PlanFile:
        reader = self.reader
        reader.allow(KEYS)
        reader.need("from", "catalogue", "projects")
        reader.choice("objective", ("weighted_lateness",), "weighted_lateness")
        calendar = self.calendar(reader) or Calendar(())
        agencies = {name: self.agency(name, inside) for name, inside in reader.named("agencies")}
        catalogue = {name: self.matter(name, inside) for name, inside in reader.named("catalogue")}
        edges = [(link.of, matter.id) for matter in catalogue.values() for link in matter.after]
        edges += [(choice.matter, matter.id) for matter in catalogue.values() for choice in matter.one_of]
        lines = {matter.id: matter.line for matter in catalogue.values()}
        self.problems.extend(cycles.problems(list(catalogue), edges, lines, reader.place.at("catalogue")))
        projects = tuple(self.project(inside) for inside in reader.entries("projects"))
        self.refuse_twice(projects)
        start = reader.day("from") or date.min
        use = reader.choice("use", values.USES, "statutory")
        return PlanFile(self.file, self.unit, calendar, start, use, agencies, catalogue, projects)

    def calendar(self, reader: Reader) -> Calendar | None:
        """Load the calendar that a mapping names: layers beside the file, the user's table over all."""
        names = reader.scalars("calendar", yamltext.text)
        if not names and reader is not self.reader:
            return None
        try:
            return load_calendar(names, self.holidays, beside=Path(self.file).parent)
        except Refused as refusal:
            line = reader.line("calendar")
            for problem in refusal.problems:
                here = (
                    problem
                    if problem.file
                    else reader.place.at("calendar").problem(problem.code, line, **problem.params)
                )
                self.problems.append(here)
            return None

    def agency(self, name: str, reader: Reader) -> Agency:
        reader.allow(AGENCY_KEYS)
        return Agency(
            name,
            reader.number("at_once", least=1),
            reader.number("per_day", least=1),
            frozenset(reader.scalars("closed", yamltext.day)),
            self.calendar(reader),
        )

    # matters ------------------------------------------------------------------------------------------------------

    def matter(self, name: str, reader: Reader) -> Matter:
        reader.allow(MATTER_KEYS)
        agency = self.known(reader, "agency", self.agency_names, "plan.unknown_agency")
        days = self.days(reader)
        one_of = self.choices(reader)
        if not (days or one_of or reader.map.get("days")):
            reader.refuse("plan.no_days", "days" if "days" in reader.map else None, matter=name)
        if one_of and (days or agency):
            reader.refuse("plan.days_and_choice", "one_of", matter=name)
        return Matter(
            name,
            agency,
            days,
            reader.choice("days_unit", values.DAY_UNITS, self.unit),
            self.when(reader),
            tuple(self.after(inside) for inside in reader.entries("after")),
            self.window(reader),
            one_of,
            reader.text("title"),
            self.lines.get(name, 0),
        )

    def days(self, reader: Reader) -> dict[str, int]:
        inside = reader.inner("days")
        if inside is None:
            return {}
        inside.allow(values.USES)
        found = {use: inside.number(use) for use in values.USES if use in inside.map}
        return {use: days for use, days in found.items() if days is not None}

    def known(self, reader: Reader, key: str, names: Collection[str], code: str) -> str | None:
        """Read the name of an agency or matter that must exist."""
        name = reader.text(key)
        if name is not None and name not in names:
            reader.refuse(code, key, found=name, allowed=", ".join(sorted(names)) or "-")
            return None
        return name

    def when(self, reader: Reader) -> Predicate | None:
        if reader.map.get("when") is None:
            return None
        try:
            return predicates.read(reader.map["when"], reader.place.at("when"))
        except BadPredicate as refusal:
            self.problems.extend(refusal.problems)
            return None

    def after(self, reader: Reader) -> After:
        reader.allow(("of", "type", "lag", "lag_unit"))
        reader.need("of")
        return After(
            self.known(reader, "of", self.matter_names, "plan.unknown_matter") or "",
            reader.choice("type", values.LINK_TYPES, "FS"),
            reader.number("lag", least=-3_650, most=3_650) or 0,
            reader.choice("lag_unit", values.DAY_UNITS, self.unit),
            reader.line(),
        )

    def choices(self, reader: Reader) -> tuple[Choice, ...]:
        found = []
        for inside in reader.entries("one_of"):
            inside.allow(("matter", "when"))
            inside.need("matter")
            name = self.known(inside, "matter", self.matter_names, "plan.unknown_matter")
            found.append(Choice(name or "", self.when(inside)))
        return tuple(found)

    def window(self, reader: Reader) -> Window | None:
        inside = reader.inner("window")
        if inside is None:
            return None
        inside.allow(WINDOW_KEYS)
        whole = inside.choice("holds", ("whole", "start"), "whole") == "whole"
        months = frozenset(inside.scalars("months", yamltext.integer))
        first, last = (inside.scalar(key, _day_of_year) for key in ("from", "to"))
        fits = months <= set(range(1, 13)) and bool(months) != bool(first and last)
        if not fits:
            inside.refuse("plan.bad_window")
            return None
        return Window(months, first, last, whole)

    # projects -----------------------------------------------------------------------------------------------------

    def project(self, reader: Reader) -> Project:
        reader.allow(PROJECT_KEYS)
        reader.need("id")
        weight = reader.weight("weight")
        project = Project(
            reader.text("id") or "",
            self.attributes(reader),
            tuple(self.picks(reader)),
            self.promise(reader),
            Decimal(1) if weight is None else weight,
            tuple(self.fact(inside) for inside in reader.entries("facts")),
            reader.line(),
        )
        seen: set[str] = set()
        for fact in project.facts:
            if fact.matter in seen:
                self.problems.append(reader.place.at("facts").problem("plan.twice", fact.line, id=fact.matter))
            seen.add(fact.matter)
        return project

    def attributes(self, reader: Reader) -> dict[str, object]:
        inside = reader.inner("attributes")
        found: dict[str, object] = {}
        for key, node in (inside.map if inside else {}).items():
            found[key] = [str(item) for item in node if item is not None] if isinstance(node, list) else node
        return found

    def picks(self, reader: Reader) -> Iterator[Pick]:
        """Read the project's list of matters; an entry may be an either-or."""
        seen: set[str] = set()
        for index, node in enumerate(reader.seq("matters")):
            place = reader.place.at("matters").at(index)
            line = getattr(node, "line", 0) or reader.line("matters")
            if isinstance(node, Map):
                inside = Reader(node, place, self.problems)
                inside.allow(("one_of",))
                yield Pick(None, self.choices(inside))
            elif not isinstance(node, Text) or node not in self.matter_names:
                allowed = ", ".join(sorted(self.matter_names)) or "-"
                found = kind_of(node)
                self.problems.append(place.problem("plan.unknown_matter", line, found=found, allowed=allowed))
            elif node in seen:
                self.problems.append(place.problem("plan.twice", line, id=str(node)))
            else:
                seen.add(str(node))
                yield Pick(str(node))

    def promise(self, reader: Reader) -> Promise | None:
        inside = reader.inner("promise")
        if inside is None:
            return None
        inside.allow(("matter", "by"))
        inside.need("matter", "by")
        matter = self.known(inside, "matter", self.matter_names, "plan.unknown_matter")
        return Promise(matter or "", inside.day("by") or date.max, inside.line())

    def fact(self, reader: Reader) -> Fact:
        reader.allow(FACT_KEYS)
        reader.need("matter")
        fact = Fact(
            self.known(reader, "matter", self.matter_names, "plan.unknown_matter") or "",
            reader.day("started"),
            reader.day("finished"),
            tuple(reader.scalars("paused", _pause)),
            reader.day("not_before"),
            reader.day("fixed"),
            reader.line(),
        )
        if fact.started and fact.finished and fact.finished < fact.started:
            reader.refuse("plan.finished_before_started", "finished", started=fact.started, found=fact.finished)
        if fact.fixed and (fact.started or fact.finished or fact.not_before):
            reader.refuse("plan.fixed_and_more", "fixed", matter=fact.matter)
        return fact

    def refuse_twice(self, projects: tuple[Project, ...]) -> None:
        first: dict[str, int] = {}
        for project in projects:
            if project.id in first:
                place = self.reader.place.at("projects")
                self.problems.append(place.problem("plan.twice", project.line, id=project.id))
            first.setdefault(project.id, project.line)


def _day_of_year(node: Node) -> tuple[int, int]:
    """Read `03-15`."""
    text = yamltext.text(node)
    try:
        found = date.fromisoformat(f"2000-{text}")
    except ValueError:
        raise Unfit("day_of_year", node) from None
    return found.month, found.day


def _pause(node: Node) -> tuple[date, date | None]:
    """Read `A/B`, both days included, or `A/` for a pause that is still on."""
    first, slash, last = yamltext.text(node).partition("/")
    if not slash:
        raise Unfit("pause", node)
    try:
        pause = date.fromisoformat(first), date.fromisoformat(last) if last else None
    except ValueError:
        raise Unfit("pause", node) from None
    if pause[1] is not None and pause[1] < pause[0]:
        raise Unfit("pause", node)
    return pause
