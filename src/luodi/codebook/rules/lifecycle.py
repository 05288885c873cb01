"""Rules about stages, parties, attributes and lights."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from luodi.codebook.rules.draft import Draft, Flaw, Path
from luodi.codebook.values import Party


def a_part_is_played_once(draft: Draft) -> Iterator[Flaw]:
    """Two stages can't both be 'signed': indicators would not know which day counts."""
    seen: dict[str, str] = {}
    for index, stage in draft.of("stages"):
        if stage.plays and stage.plays in seen:
            params = {"part": str(stage.plays), "first": seen[stage.plays]}
            yield Flaw("stages", index, ("plays",), "profile.part_twice", params)
        elif stage.plays:
            seen[stage.plays] = stage.id


def every_stage_can_be_reached(draft: Draft) -> Iterator[Flaw]:
    """Transitions are closed by default: a stage that is not first and follows nothing can never be claimed."""
    for index, stage in draft.of("stages"):
        if not stage.first and not stage.follows:
            yield Flaw("stages", index, (), "profile.stage_unreachable", {"stage": stage.id})


def parties(draft: Draft) -> Iterator[tuple[str, int, Path, Party]]:
    """Yield every party that a stage or a form names."""
    for section, way in (("stages", "verified_by"), ("forms", "chain")):
        for index, item in draft.of(section):
            for place, party in enumerate(getattr(item, way)):
                yield section, index, (way, place), party


def a_party_is_one_of_two(draft: Draft) -> Iterator[Flaw]:
    """Who agrees is an office of the city or a unit of the project, not both and not neither."""
    for section, index, path, party in parties(draft):
        if (party.office is None) == (party.of is None):
            yield Flaw(section, index, path, "profile.one_of", {"choices": "office, of"})


def a_stage_is_not_filed(draft: Draft) -> Iterator[Flaw]:
    """`filer` is a party of forms; a stage has no filer but the unit that claims it."""
    for index, stage in draft.of("stages"):
        for place, party in enumerate(stage.verified_by):
            if party.of == "filer":
                params = {"found": "filer", "allowed": "host, introducer, lead_department"}
                yield Flaw("stages", index, ("verified_by", place, "of"), "profile.not_allowed", params)


def attributes_say_what_their_type_needs(draft: Draft) -> Iterator[Flaw]:
    """A choice has choices and nothing else has; money has the unit it is filed in."""
    for index, item in draft.of("attributes"):
        if (item.type == "choice") != bool(item.choices):
            yield Flaw("attributes", index, ("choices",), "profile.choices", {"type": item.type})
        if (item.type == "money") != bool(item.unit):
            yield Flaw("attributes", index, ("unit",), "profile.attribute_unit", {"type": item.type})


def lights_grow_worse(draft: Draft) -> Iterator[Flaw]:
    """Yellow comes before orange, orange before red."""
    for index, light in draft.of("lights"):
        marks = [mark for mark in (light.yellow, light.orange, light.red) if mark is not None]
        if any(later <= earlier for earlier, later in pairwise(marks)):
            yield Flaw("lights", index, ("red",), "profile.lights_out_of_order", {"light": light.id})


# kind of light -> (unit of its value, the keys it needs)
LIGHTS = {
    "late_start": ("months", ()),
    "behind_schedule": ("points", ()),
    "waiting": ("days", ("since", "until")),
    "late_node": ("days", ()),
    "silent": ("months", ()),
}


def lights_say_what_their_kind_needs(draft: Draft) -> Iterator[Flaw]:
    """Each kind of light has its unit, and only waiting has two stages."""
    for index, light in draft.of("lights"):
        unit, needs = LIGHTS[light.kind]
        if light.unit != unit:
            yield Flaw("lights", index, ("unit",), "profile.not_allowed", {"found": light.unit, "allowed": unit})
        for key in ("since", "until"):
            if (getattr(light, key) is not None) != (key in needs):
                yield Flaw("lights", index, (key,), "profile.light_key", {"kind": light.kind, "key": key})


RULES = (
    a_part_is_played_once,
    every_stage_can_be_reached,
    a_party_is_one_of_two,
    a_stage_is_not_filed,
    attributes_say_what_their_type_needs,
    lights_grow_worse,
    lights_say_what_their_kind_needs,
)
