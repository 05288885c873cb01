"""
Reading a clock policy (`format: luodi-clock/1`) from YAML: every key checked, every mistake reported at once with
file, line
and path. What the keys mean is in docs/howto/clock.md.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from luodi.kernel import instant, yamltext
from luodi.kernel.clocks import events, links
from luodi.kernel.clocks.clockrule import KEYS as CLOCK_KEYS
from luodi.kernel.clocks.clockrule import read_clock
from luodi.kernel.clocks.reading import Reader
from luodi.kernel.clocks.values import PauseReason, Policy
from luodi.kernel.problem import Problem, Refused, refuse_if_any
from luodi.kernel.yamltext import Place

FORMAT = "luodi-clock/1"
KEYS = (
    "format",
    "id",
    "title",
    "example",
    "known_at",
    "replaces",
    "basis",
    "zone",
    "calendar",
    "hours",
    "pause_reasons",
    "clocks",
)
SHIPPED = Path(__file__).parent / "shipped"
HOURS = re.compile(r"([01]\d|2[0-4]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)")


class NoPolicy(Refused):
    """A policy is named that is neither a file nor shipped."""

    code = "clock.no_policy"


def shipped_ids() -> tuple[str, ...]:
    """List the policies that come with the program."""
    return tuple(sorted(file.stem for file in SHIPPED.glob("*.yaml")))


def find(name: str) -> Path:
    """Find a policy by path or shipped id. Raises NoPolicy."""
    if Path(name).is_file():
        return Path(name)
    if name in shipped_ids():
        return SHIPPED / f"{name}.yaml"
    raise NoPolicy(Problem(NoPolicy.code, where=name, params={"name": name, "shipped": ", ".join(shipped_ids())}))


def load(file: Path, above: tuple[Path, ...] = ()) -> Policy:
    """Read a policy and the editions it replaces. Raises yamltext.BadYaml, or Refused with every problem found."""
    node = yamltext.load(file)
    policy = read(node, file=str(file), beside=file.parent)
    named = node.get("replaces") if isinstance(node, yamltext.Map) else None
    if named is None:
        return policy
    older = file.parent / str(named)
    if not older.is_file() or older.resolve() in {path.resolve() for path in (*above, file)}:
        place = Place(str(file)).at("replaces")
        raise Refused(place.problem("clock.no_edition", named, key="replaces", found=str(named)))
    return replace(policy, replaces=load(older, (*above, file)))


def read(node: yamltext.Node, *, file: str, beside: Path) -> Policy:
    """Turn a YAML document into a policy; other calendars are looked for in the folder `beside`."""
    problems: list[Problem] = []
    top = Reader(node, Place(file), problems, KEYS)
    refuse_if_any(problem for problem in problems if problem.code == "clock.not_a_map")
    top.choice("format", (FORMAT,), FORMAT, required=True)
    basis = top.inner("basis", ("text", "article", "valid_from", "valid_to"))
    hours, zone = _hours(top), _zone(top)
    clocks = tuple(read_clock(reader, bool(hours)) for reader in top.items("clocks", CLOCK_KEYS))
    if not clocks and not problems:
        top.problem("yaml.missing_key", "clocks")
    policy = Policy(
        id=top.text("id", required=True) or "",
        file=file,
        basis={key: basis.text(key) if basis else None for key in ("text", "article", "valid_from", "valid_to")},
        valid_from=basis.day("valid_from") if basis else None,
        valid_to=basis.day("valid_to") if basis else None,
        zone=zone,
        layers=top.words("calendar") if "calendar" in top.map else ("cn",),
        beside=beside,
        hours=hours,
        pause_reasons=_pause_reasons(top),
        clocks=clocks,
        example=top.flag("example", default=False),
        title=top.text("title"),
        known_at=_known_at(top, zone),
    )
    top.text("replaces")
    links.check(policy.clocks, top, problems)
    refuse_if_any(problems)
    return policy


def _zone(top: Reader) -> ZoneInfo:
    name = top.text("zone", "Asia/Shanghai") or ""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        top.problem("clock.no_zone", "zone", found=name)
        return instant.CITY_ZONE


def _known_at(top: Reader, zone: ZoneInfo) -> int | None:
    """Read since when this edition is known."""
    text = top.text("known_at")
    found = events.parse(text, zone) if text else None
    if text and found is None:
        top.problem("clock.bad_moment", "known_at", found=text)
    return instant.from_datetime(found) if found else None


def _hours(top: Reader) -> tuple[tuple[int, int], ...]:
    """Read office hours as minutes of the day; they must follow one another."""
    found: list[tuple[int, int]] = []
    for text in top.words("hours"):
        match = HOURS.fullmatch(text)
        start, end = _minutes(match) if match else (0, 0)
        if not start < end <= 1440 or (found and start < found[-1][1]):
            top.problem("clock.bad_hours", "hours", found=text)
            continue
        found.append((start, end))
    return tuple(found)


def _minutes(match: re.Match[str]) -> tuple[int, int]:
    a, b, c, d = (int(part) for part in match.groups())
    return a * 60 + b, c * 60 + d


def _pause_reasons(top: Reader) -> Mapping[str, PauseReason] | None:
    """Read the reasons that lawfully suspend: name to limits. An absent key allows any reason."""
    node = top.map.get("pause_reasons")
    if node is None:
        return None
    names: Sequence[str] = list(node) if isinstance(node, yamltext.Map) else []
    reader = top.inner("pause_reasons", names)
    reasons = {}
    for name in names:
        terms = reader.inner(name, ("max_times", "max_days")) if reader else None
        reasons[name] = PauseReason(terms.number("max_times"), terms.number("max_days")) if terms else PauseReason()
    return reasons
