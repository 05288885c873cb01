"""
What goes into matching names and what comes out of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum

from luodi.kernel.problem import words


class Verdict(StrEnum):
    """What can be said of a name: whose it is, that several may be meant, or that nobody's name it is."""

    MATCHED = "matched"
    AMBIGUOUS = "ambiguous"
    NONE = "none"


class Grade(IntEnum):
    """
    How far one register name answers one asked name, judged by these two alone.

    BEARER: bears this very name (or code). LIKELY: the name says all that tells this one apart, if nobody else does.
    RIVAL: may be meant, though the name leaves out what would say so; stands in another's way, is never chosen.
    DAUGHTER: shares the brand, but is called by another word, as sisters are; never counts. NO: has nothing to do with it.
    """

    NO = 0
    DAUGHTER = 1
    RIVAL = 2
    LIKELY = 3
    BEARER = 4


@dataclass(frozen=True, slots=True)
class Entry:
    """One enterprise of the register, by its key there. `uscc` is '' when not known."""

    code: str
    name: str
    uscc: str = ""


@dataclass(frozen=True, slots=True)
class Alias:
    """Another name of an enterprise, from the first day it bears it to the first day it no longer does."""

    code: str
    name: str
    since: date | None = None
    until: date | None = None

    def borne_on(self, day: date | None) -> bool:
        """Tell whether it was borne on a day; without a day, whether it ever was."""
        return day is None or ((self.since is None or self.since <= day) and (self.until is None or day < self.until))


@dataclass(frozen=True, slots=True)
class Asked:
    """A name to resolve, with its credit code and the day of the paper it stands in, where known."""

    name: str
    uscc: str = ""
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """
    Why a verdict was given: a code of words/match.yaml and what fills its words.

    `held`: the register's name it rests on, or the names that came near; `since`, `until`: when that one was borne;
    `branch`: the words that made the asked name a branch; `bad_code`: a credit code that was given and is not valid.
    """

    code: str
    held: str = ""
    since: date | None = None
    until: date | None = None
    branch: str = ""
    bad_code: str = ""

    def message(self, language: str = "zh") -> str:
        """Say it in words."""
        span = {"since": self.since or "…", "until": self.until or "…"}
        said = [words(self.code, language, held=self.held, **span)]
        if self.branch:
            said.append(words("match.and_branch", language, branch=self.branch))
        if self.bad_code:
            said.append(words("match.and_bad_code", language, uscc=self.bad_code))
        return " ".join(said)


@dataclass(frozen=True, slots=True)
class Answer:
    """
    What was found for one asked name.

    `code`: the enterprise, when matched. `candidates`: codes in order, when ambiguous; two or more, the first
    twenty. `near`: codes that share the brand and were not taken, for a person who wants to look.
    """

    asked: Asked
    verdict: Verdict
    reason: Reason
    code: str | None = None
    candidates: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
