"""The dossier of the profile's rules: the items that could be read, and the names of all of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from luodi.codebook.values import Calendar

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Draft:
    """
    A profile before it is known to fit.

    `items`: section -> (position, model) of the items that could be read; `names`: section -> ids, those of broken items too;
    under `parts` what the stages play.
    """

    items: Mapping[str, tuple[tuple[int, Any], ...]]
    names: Mapping[str, frozenset[str]]

    def of(self, section: str) -> tuple[tuple[int, Any], ...]:
        """Give a section's items with their positions."""
        return self.items.get(section, ())

    def values(self, section: str) -> tuple[Any, ...]:
        """Give a section's items."""
        return tuple(item for _, item in self.of(section))

    @property
    def calendar(self) -> Calendar | None:
        """Give the calendar, if there is one."""
        return next(iter(self.values("calendar")), None)


@dataclass(frozen=True)
class Flaw:
    """One thing that does not fit: in which item of which section, at which path inside it."""

    section: str
    index: int
    path: Path
    code: str
    params: Mapping[str, object] = field(default_factory=dict)
    where: str = ""


def reach(value: Any, steps: tuple[str, ...], path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Yield every value at a dotted way inside a model; `[]` steps into each item of a tuple. Empty values yield nothing."""
    if value is None:
        return
    if not steps:
        yield path, value
    elif steps[0] == "[]":
        for index, item in enumerate(value if isinstance(value, tuple) else ()):
            yield from reach(item, steps[1:], (*path, index))
    else:
        yield from reach(getattr(value, steps[0], None), steps[1:], (*path, steps[0]))


def way(dotted: str) -> tuple[str, ...]:
    """Cut `measures[].measure` into steps."""
    return tuple(dotted.replace("[]", ".[]").split("."))
