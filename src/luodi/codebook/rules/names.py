"""Names: unique where they are given, known where they are used."""

from __future__ import annotations

from collections.abc import Iterator

from luodi.codebook.rules.draft import Draft, Flaw, Path, reach, way
from luodi.codebook.values import CODED_FIELDS, PROJECT_FIELDS, Part

# section -> (way inside the item, what it names). `parts`: a part that some stage plays; `fields`: a project column or an
# attribute; `vocabulary:kind`: a value of that coded column.
PROJECTS = (
    ("kinds[]", "vocabulary:kind"),
    ("first", "parts"),
    ("first_while.field", "fields"),
    ("reached[]", "parts"),
    ("not_reached[]", "parts"),
    ("state[]", "parts"),
    ("state_not[]", "parts"),
    ("has[].field", "fields"),
    ("on_list", "lists"),
)
QUANTITY = (
    ("sum", "measures"),
    ("after", "parts"),
    ("indicator", "indicators"),
    *((f"projects.{inner}", target) for inner, target in PROJECTS),
)
REFERENCES: dict[str, tuple[tuple[str, str], ...]] = {
    "city": (("counted_kinds[]", "vocabulary:kind"),),
    "unit_kinds": (("under[]", "unit_kinds"),),
    "roles": (("never_with[]", "roles"),),
    "attributes": (("required_from", "stages"),),
    "stages": (
        ("follows[]", "stages"),
        ("fields[]", "fields"),
        ("evidence[].any_of[]", "evidence_kinds"),
        ("verified_by[].office", "offices"),
    ),
    "nodes": (("before_stage", "stages"),),
    "responsibilities": (("required_from", "stages"),),
    "lists": (("kept_by", "offices"),),
    "lights": (("since", "parts"), ("until", "parts")),
    "measures": (("unit_kinds[]", "unit_kinds"), ("part_of", "measures"), ("evidence[]", "evidence_kinds")),
    "forms": (
        ("measures[].measure", "measures"),
        ("owes.unit_kinds[]", "unit_kinds"),
        ("owes.reached[]", "parts"),
        ("owes.until[]", "parts"),
        ("owes.kinds[]", "vocabulary:kind"),
        ("owes.lists[]", "lists"),
        ("owner", "offices"),
        ("chain[].office", "offices"),
    ),
    "checks": (("forms[]", "forms"),),
    "indicators": (
        *((f"{one}.{inner}", target) for one in ("value", "numerator", "denominator") for inner, target in QUANTITY),
        *((f"projects.{inner}", target) for inner, target in PROJECTS),
        ("reached", "parts"),
        ("since", "parts"),
        ("until", "parts"),
        ("of", "indicators"),
    ),
    "papers": (
        ("indicators[]", "indicators"),
        ("rankings[].indicator", "indicators"),
        ("rankings[].ties[]", "indicators"),
        ("rankings[].group", "groups"),
        ("unit_kinds[]", "unit_kinds"),
    ),
}


def known(draft: Draft, target: str) -> frozenset[str]:
    """Give the names that may stand where a target is named."""
    if target == "fields":
        return frozenset(PROJECT_FIELDS) | draft.names["attributes"]
    if target.startswith("vocabulary:"):
        wanted = target.removeprefix("vocabulary:")
        return frozenset(value for one in draft.values("vocabularies") if one.id == wanted for value in one.values)
    return draft.names[target]


def _allowed(target: str, names: frozenset[str]) -> str:
    order = {str(part): position for position, part in enumerate(Part)} if target == "parts" else {}
    return ", ".join(sorted(names, key=lambda name: (order.get(name, 0), name))) or "∅"


def every_name_is_known(draft: Draft) -> Iterator[Flaw]:
    """Whatever is named must be in the profile."""
    for section, references in REFERENCES.items():
        for dotted, target in references:
            names = known(draft, target)
            for index, path, found in _named(draft, section, dotted):
                if found not in names:
                    params = {"found": found, "allowed": _allowed(target, names)}
                    yield Flaw(section, index, path, f"profile.unknown.{target.split(':')[0]}", params)


def _named(draft: Draft, section: str, dotted: str) -> Iterator[tuple[int, Path, str]]:
    """Yield what a section's items name at a way (a key that holds something else in another kind of item names nothing)."""
    for index, item in draft.of(section):
        for path, found in reach(item, way(dotted)):
            yield index, path, str(found)


def no_id_stands_twice(draft: Draft) -> Iterator[Flaw]:
    """An id names one thing of its section."""
    for section, items in draft.items.items():
        seen: set[str] = set()
        for index, item in items:
            if section not in ("city", "calendar") and item.id in seen:
                yield Flaw(section, index, ("id",), "profile.id_twice", {"id": item.id, "section": section})
            seen.add(getattr(item, "id", ""))


def coded_fields_are_known(draft: Draft) -> Iterator[Flaw]:
    """A vocabulary is for one of the coded columns."""
    for index, item in draft.of("vocabularies"):
        if item.id not in CODED_FIELDS:
            params = {"found": item.id, "allowed": ", ".join(CODED_FIELDS)}
            yield Flaw("vocabularies", index, ("id",), "profile.not_allowed", params)


def attributes_do_not_hide_columns(draft: Draft) -> Iterator[Flaw]:
    """An attribute may not have the name of a column that every city has."""
    for index, item in draft.of("attributes"):
        if item.id in PROJECT_FIELDS:
            yield Flaw("attributes", index, ("id",), "profile.attribute_is_column", {"found": item.id})


def rules_end_after_they_begin(draft: Draft) -> Iterator[Flaw]:
    """A dated rule holds at least one day."""
    for section in ("stages", "forms", "checks"):
        for index, item in draft.of(section):
            if item.valid_from and item.valid_to and item.valid_to <= item.valid_from:
                params = {"begins": item.valid_from.isoformat(), "ends": item.valid_to.isoformat()}
                yield Flaw(section, index, ("valid_to",), "profile.ends_before_it_begins", params)


RULES = (
    no_id_stands_twice,
    every_name_is_known,
    coded_fields_are_known,
    attributes_do_not_hide_columns,
    rules_end_after_they_begin,
)
