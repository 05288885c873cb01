"""Words and patterns of rules.yaml, ready for use."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from luodi.kernel.gov_units import Mention

# In a sentence's template one private character stands for a list of units, one for a leader, a deadline, a recurrence.
UNIT, LEADER, WHEN, EVERY = "\ue000", "\ue001", "\ue002", "\ue003"


@cache
def rules() -> Mapping[str, Any]:
    """Read rules.yaml."""
    loaded: Mapping[str, Any] = yaml.load(
        (Path(__file__).parent / "rules.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader
    )
    return loaded


def any_of(words: Iterable[str]) -> str:
    """Give a pattern for any of the words, longest first."""
    return "(?:" + "|".join(map(re.escape, sorted(words, key=lambda word: (-len(word), word)))) + ")"


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """Compile a pattern of rules.yaml: OPEN, ACT, WHEN, EVERY, then the letters A U P M and ~ are filled in."""
    either = f"[{UNIT}{LEADER}]"
    words = {
        "OPEN": f"(?:{any_of(rules()['openers'])}，?|[{WHEN}{EVERY}]，?){{0,3}}",
        "ACT": any_of(act for act in rules()["acts"] if len(act) > 1),
        "WHEN": WHEN,
        "EVERY": EVERY,
    }
    modal = str(rules()["modal"])
    for word, filling in words.items():
        pattern, modal = pattern.replace(word, filling), modal.replace(word, filling)
    letters = {"A": either, "U": UNIT, "M": f"(?:{modal})", "~": f"(?:[^，。；：的{UNIT}{LEADER}]{{0,16}}?)"}
    inside_class = re.compile(r"(\[\^?[^\]]*?)A([^\]]*\])")
    pattern = inside_class.sub(rf"\1{UNIT}{LEADER}\2", pattern)
    return re.compile(re.sub(r"(?<![\\<A-Za-z])[AUM~](?![A-Za-z])", lambda found: letters[found[0]], pattern))


@cache
def rule(name: str) -> re.Pattern[str]:
    """Give the one pattern of a name."""
    return compiled(str(rules()[name]))


@cache
def words(name: str) -> re.Pattern[str]:
    """Give a pattern that finds any of a list of words."""
    return re.compile(any_of(rules()[name]))


def moved(mention: Mention, by: int) -> Mention:
    """Give the same mention in a text in which it stands further on."""
    start, end = mention.start + by, mention.end + by
    return Mention(start, end, mention.text, mention.units, mention.ambiguous, mention.collective, mention.people)
