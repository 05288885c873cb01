"""However a profile is damaged, it is refused with places or still fits; never a traceback."""

from __future__ import annotations

import random
from pathlib import Path
from typing import ClassVar

import pytest
import yaml

from luodi.codebook import queries
from luodi.codebook.load import BadProfile, load_profile

from .conftest import SMALL

JUNK = [
    "~",
    "''",
    "-1",
    "1e9",
    "NaN",
    "是",
    "[]",
    "{}",
    "[[]]",
    "{a: {b: c}}",
    "'a b;c'",
    "2024-13-40",
    "true",
    "签约",
    "signed",
    "all",
]


class Plain(yaml.SafeDumper):
    """Writes scalars as they are, since the profile's reader guesses nothing."""

    yaml_implicit_resolvers: ClassVar[dict] = {}


def read(text):
    """Load a document with every scalar as text."""
    return yaml.load(text, Loader=yaml.BaseLoader)


def every_node(node, way=()):
    """Yield the way to every node of a loaded document."""
    yield way
    children = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, child in children:
        yield from every_node(child, (*way, key))


def replaced(node, way, new):
    """Copy a document with one node replaced, or (None) left out."""
    if not way:
        return new
    items = dict(node) if isinstance(node, dict) else list(node)
    if new is None and len(way) == 1:
        del items[way[0]]
    else:
        items[way[0]] = replaced(items[way[0]], way[1:], new)
    return items


def loads_or_is_refused(folder: Path, text: str) -> bool:
    (folder / "a.yaml").write_text(text, "utf-8")
    try:
        profile = load_profile(folder)
    except BadProfile as refusal:
        for problem in refusal.problems:
            assert problem.message("zh")
            assert problem.message("en")
            assert problem.as_json()
        return False
    assert queries.from_canonical(queries.canonical(profile)) == profile
    return True


def test_each_node_left_out_or_replaced_by_junk_is_refused_or_fits(tmp_path):
    document = read(SMALL)
    ways = [way for way in every_node(document) if way]
    dice = random.Random(7)
    left_out = [replaced(document, way, None) for way in ways]
    junk = [replaced(document, way, read(dice.choice(JUNK))) for way in ways]
    outcomes = [
        loads_or_is_refused(tmp_path, yaml.dump(damaged, Dumper=Plain, allow_unicode=True))
        for damaged in dice.sample(left_out + junk, 250)
    ]

    assert len(ways) > 250
    assert 0 < sum(outcomes) < len(outcomes)


@pytest.mark.parametrize("seed", range(60))
def test_lines_lost_or_swapped_are_refused_or_fit(tmp_path, seed):
    dice = random.Random(seed)
    lines = SMALL.splitlines()
    one, other = dice.randrange(len(lines)), dice.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]
    del lines[dice.randrange(len(lines))]

    loads_or_is_refused(tmp_path, "\n".join(lines))
