"""
Loads a city profile from its folder: read the files, parse the sections, check that they fit together.

Runs at start and for `luodi profile check`. All mistakes come at once, each with file, line and what is allowed.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from luodi.codebook import parse, rules, source
from luodi.codebook.source import Entry, Source
from luodi.codebook.values import Profile
from luodi.kernel.problem import Problem, Refused
from luodi.kernel.yamltext import Map, Seq

SHIPPED = Path(__file__).parent / "profiles" / "yunling"
NAMES = {"measures": {"evidence": "evidence_kinds"}}  # what items of a section name, by key, of another section


class BadProfile(Refused):
    """The folder is not a profile. Its problems say where and what is allowed."""

    code = "profile.unfit"


def load_profile(folder: str | Path) -> Profile:
    """
    Load the profile of a folder.

    :raises BadProfile: with every mistake that can be found, in the order of files and lines
    """
    read = source.read(Path(folder), lists=parse.LISTS, mappings=parse.MAPPINGS)
    _take_over(read, Path(folder))
    draft, problems = _draft(read)
    problems += read.problems
    problems += [_place(read, flaw) for flaw in rules.flaws(draft)]
    problems += _missing_templates(draft, read)
    if problems:
        raise BadProfile(*sorted(problems, key=lambda problem: (problem.file or "", problem.line or 0)))
    return Profile.model_validate(_sections(draft))


def _sections(draft: rules.Draft) -> dict[str, Any]:
    """Gather the models by section, as the profile's fields hold them."""
    given = {name: [item for _, item in items] for name, items in draft.items.items() if items}
    return {name: items if name in parse.LISTS else items[0] for name, items in given.items()}


def _take_over(read: Source, folder: Path) -> None:
    """Add the sections that the folder takes over as they are from the shipped profile (`use: [measures, roles]`)."""
    if not read.use:
        return
    shipped = source.read(SHIPPED, lists=parse.LISTS, mappings=parse.MAPPINGS)
    for name, place in read.use:
        if name not in shipped.entries or folder.resolve() == SHIPPED.resolve():
            allowed = ", ".join(sorted(shipped.entries))
            read.problems.append(place.problem("profile.not_allowed", name, found=str(name), allowed=allowed))
        else:
            read.entries[str(name)] = [*shipped.entries[name], *read.entries.get(str(name), ())]
            _bring_along(read, shipped, str(name))


def _bring_along(read: Source, shipped: Source, name: str) -> None:
    """Add what the items of a section taken over name and the folder hasn't, so that they hold without the rest."""
    for key, section in NAMES.get(name, {}).items():
        named = {str(one) for entry in shipped.entries[name] for one in _listed(entry, key)}
        there = source.values_of("id", read.entries.get(section, ()))
        more = [one for one in shipped.entries[section] if source.values_of("id", [one]) <= named - there]
        if more:
            read.entries[section] = [*read.entries.get(section, ()), *more]


def _listed(entry: Entry, key: str) -> Seq:
    found = entry.node.get(key) if isinstance(entry.node, Map) else None
    return found if isinstance(found, Seq) else Seq()


def _draft(read: Source) -> tuple[rules.Draft, list[Problem]]:
    """Parse every entry on its own, so that one broken item hides nothing about the others."""
    problems: list[Problem] = []
    items: dict[str, tuple[tuple[int, Any], ...]] = {}
    for section in parse.SECTIONS:
        parsed = [(index, *parse.parse(section, entry)) for index, entry in enumerate(read.entries.get(section, ()))]
        problems += [problem for _, _, found in parsed for problem in found]
        items[section] = tuple((index, item) for index, item, found in parsed if not found)
    missing = [name for name in parse.REQUIRED if name not in read.entries]
    if read.entries or not read.problems:
        problems += [Problem("profile.missing_section", params={"section": name}) for name in missing]
    names = {section: source.values_of("id", read.entries.get(section, ())) for section in parse.LISTS}
    names["parts"] = source.values_of("plays", read.entries.get("stages", ()))
    return rules.Draft(items=items, names=names), problems


def _place(read: Source, flaw: rules.Flaw) -> Problem:
    entry: Entry = read.entries[flaw.section][flaw.index]
    place, line = source.locate(entry, flaw.path)
    return replace(place.problem(flaw.code, line, **flaw.params), where=flaw.where or ".".join(place.path))


def _missing_templates(draft: rules.Draft, read: Source) -> list[Problem]:
    """A paper's template must be a file of the folder that names it, and inside it."""
    flaws = []
    for index, paper in draft.items["papers"]:
        home = Path(read.entries["papers"][index].place.file).parent
        if paper.template and not (home / paper.template).resolve().is_relative_to(home.resolve()):
            flaws.append(
                rules.Flaw("papers", index, ("template",), "profile.template_outside", {"found": paper.template})
            )
        elif paper.template and not (home / paper.template).is_file():
            flaws.append(rules.Flaw("papers", index, ("template",), "profile.no_template", {"found": paper.template}))
    return [_place(read, flaw) for flaw in flaws]
