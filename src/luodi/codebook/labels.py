"""Labels of what a city's profile lists, in the reader's language: profiles and their values are kept in Chinese."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from luodi.codebook.values.profile import Profile
from luodi.kernel.problem import catalogue, words


class Held:
    """A profile held for its labels: equal only to the very same one, which is quicker to ask than its contents."""

    def __init__(self, profile: Profile) -> None:
        self.profile = profile

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Held) and self.profile is other.profile

    def __hash__(self) -> int:
        return id(self.profile)


def named(profile: Profile, value: str, language: str) -> str:
    """Give the label of a value that the profile lists; the value itself in Chinese and where it has no label."""
    return value if language == "zh" else _labels(Held(profile)).get(value, value)


def field_label(profile: Profile, field: str, language: str) -> str:
    """Give the label of a project's column or of an attribute of the city's own (`site`, `attributes.site`); else itself."""
    if f"field.{field}" in catalogue("field"):
        return words(f"field.{field}", language)
    own = profile.attribute(field.removeprefix("attributes."))
    return field if own is None else own.zh if language == "zh" else own.en


@lru_cache(maxsize=2)  # profiles are frozen; a process holds one, and for a moment the one before it
def _labels(held: Held) -> dict[str, str]:
    profile = held.profile
    items: tuple[Any, ...] = (
        *profile.stages, *profile.lists, *profile.lights, *profile.responsibilities, *profile.nodes,
        *profile.problem_kinds, *profile.reasons, *profile.groups,
    )  # fmt: skip
    values = {zh: en for one in profile.vocabularies for zh, en in zip(one.values, one.en, strict=False)}
    labels = {getattr(item, "zh", item.id): item.en for item in items}
    return values | {item.id: item.en for item in items} | labels
