"""From what stands in the files to models; every pydantic error becomes a problem with file, line and what is allowed."""

from __future__ import annotations

import types
from collections.abc import Iterator
from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from luodi.codebook.source import Entry, locate
from luodi.codebook.values import Profile
from luodi.kernel.problem import Problem, catalogue
from luodi.kernel.yamltext import Text


def _is_list(annotation: Any) -> bool:
    return get_origin(annotation) is tuple


SECTIONS = {name: info.annotation for name, info in Profile.model_fields.items()}
LISTS = frozenset(name for name, annotation in SECTIONS.items() if _is_list(annotation))
MAPPINGS = frozenset(SECTIONS) - LISTS
REQUIRED = tuple(name for name, info in Profile.model_fields.items() if info.is_required())


@cache
def item_type(section: str) -> Any:
    """Give the type of a section's items, or of the section itself if it is a mapping."""
    annotation = SECTIONS[section]
    return get_args(annotation)[0] if section in LISTS else annotation


@cache
def _adapter(section: str) -> TypeAdapter[Any]:
    return TypeAdapter(item_type(section))


def parse(section: str, entry: Entry) -> tuple[Any, list[Problem]]:
    """Turn an entry into its model, or into all its problems (then the model is None)."""
    try:
        return _adapter(section).validate_python(entry.node), []
    except ValidationError as error:
        problems = [_problem(section, entry, detail) for detail in error.errors(include_url=False)]
        return None, list(_once(problems))


def _once(problems: list[Problem]) -> Iterator[Problem]:
    """Keep the first problem of a place: each branch of a union reports the same mistake."""
    seen = set()
    for problem in problems:
        key = (problem.path, problem.params.get("key"))
        if key not in seen:
            seen.add(key)
            yield problem


# pydantic's error type -> the word of `*.expected.*` that says what was wanted
WANTED = {
    "string_type": "text",
    "tuple_type": "list",
    "model_type": "mapping",
    "model_attributes_type": "mapping",
    "dict_type": "mapping",
}


def _problem(section: str, entry: Entry, detail: ErrorDetails) -> Problem:
    path = detail["loc"]
    place, line = locate(entry, path)
    kind, context = detail["type"], detail.get("ctx", {})
    if kind in ("missing", "union_tag_not_found"):
        key = str(path[-1]) if kind == "missing" else "kind"
        return place.problem("yaml.missing_key", line, key=key)
    if kind == "extra_forbidden":
        allowed = ", ".join(sorted(fields_at(item_type(section), path[:-1])))
        return place.problem("yaml.unknown_key", line, key=str(path[-1]), allowed=allowed)
    found = _found(detail["input"])
    if kind in ("literal_error", "enum", "union_tag_invalid"):
        allowed = str(context.get("expected") or context.get("expected_tags")).replace("'", "").replace(" or ", ", ")
        found = str(context.get("tag", found))
        return place.problem("profile.not_allowed", line, found=found, allowed=allowed)
    return place.problem(
        "yaml.unfit", line, found=found, **expected(str(context.get("expected", WANTED.get(kind, "text"))))
    )


def _found(value: object) -> str:
    if value is None:
        return "∅"
    return str(value) if isinstance(value, Text | str) else "{…}" if isinstance(value, dict) else "[…]"


def expected(word: str) -> dict[str, str]:
    """Say in both languages what a scalar should have been."""
    entry = catalogue("yaml").get(f"yaml.expected.{word}") or catalogue("profile")[f"profile.expected.{word}"]
    return {f"expected_{language}": text for language, text in entry.items()}


def fields_at(annotation: Any, path: tuple[str | int, ...]) -> frozenset[str]:
    """Collect the keys allowed at a path inside a type (indexes and union tags among the steps)."""
    here = [annotation]
    for step in path:
        here = [inner for one in here for inner in _step(one, step)]
    return frozenset(name for one in here for model in _models(one) for name in model.model_fields)


def _step(annotation: Any, step: str | int) -> Iterator[Any]:
    for part in _parts(annotation):
        if _is_list(part) and isinstance(step, int):
            yield get_args(part)[0]
    for model in _models(annotation):
        if step in _tags(model):
            yield model
        elif step in model.model_fields:
            yield model.model_fields[str(step)].annotation


def _parts(annotation: Any) -> Iterator[Any]:
    """Open Annotated and unions."""
    origin = get_origin(annotation)
    if origin is Annotated:
        yield from _parts(get_args(annotation)[0])
    elif origin in (Union, types.UnionType):
        for part in get_args(annotation):
            yield from _parts(part)
    else:
        yield annotation


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    for part in _parts(annotation):
        if isinstance(part, type) and issubclass(part, BaseModel):
            yield part


def _tags(model: type[BaseModel]) -> tuple[Any, ...]:
    kind = model.model_fields.get("kind")
    return get_args(kind.annotation) if kind and get_origin(kind.annotation) is Literal else ()
