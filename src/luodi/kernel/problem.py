"""
Problems are values; refusals are exceptions that carry problems.

A problem names itself by a dotted code (`plan.cycle`). Its words stand in the catalogue
`kernel/words/<first part of the code>.yaml`, in Chinese and in English, and are looked up only when
somebody has to read them. Nothing here logs: an anticipated 'no' is not an error.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import ClassVar

import yaml

WORDS = Path(__file__).parent / "words"
LANGUAGES = ("zh", "en")


@dataclass(frozen=True)
class Problem:
    """
    One thing that is wrong, findable by a person and by a program.

    `where` says what to look at (`unit=D3 form=F1`, or a cell); `file`, `line` and `path` are filled when
    the thing stands in a file (`path` is the dotted way to the key). `params` fill the words of the code
    and may carry extra machine-readable answers (the members of a cycle).
    """

    code: str
    where: str = ""
    params: Mapping[str, object] = field(default_factory=dict)
    blocking: bool = True
    file: str | None = None
    line: int | None = None
    path: str | None = None

    def message(self, language: str = "zh") -> str:
        """Say in words what is wrong, where, what was found and what to do next."""
        return words(self.code, language, **self.params)

    def as_json(self, language: str = "zh") -> dict[str, object]:
        """Give the shape that commands and the API print: fixed keys, then the parameters."""
        fixed: dict[str, object] = {
            "code": self.code,
            "file": self.file,
            "line": self.line,
            "path": self.path,
            "where": self.where,
            "blocking": self.blocking,
            "message": self.message(language),
        }
        return {**{key: value for key, value in self.params.items() if key not in fixed}, **fixed}


class Refused(Exception):
    """An anticipated 'no' that a user can act on. Never logged as an error."""

    code: ClassVar[str] = "kernel.refused"

    def __init__(self, *problems: Problem, **params: object) -> None:
        self.problems: tuple[Problem, ...] = problems or (Problem(self.code, params=params),)
        super().__init__("; ".join(problem.code for problem in self.problems))

    def __reduce__(self) -> tuple[object, tuple[type[Refused], tuple[Problem, ...]]]:
        """Cross from one process to another whole."""
        return _refused_again, (type(self), self.problems)


def _refused_again(kind: type[Refused], problems: tuple[Problem, ...]) -> Refused:
    refusal = kind.__new__(kind)
    Refused.__init__(refusal, *problems)
    return refusal


def refuse_if_any(problems: Iterable[Problem], refusal: type[Refused] = Refused) -> None:
    """Raise `refusal` with every blocking problem, or return when there is none."""
    blocking = [problem for problem in problems if problem.blocking]
    if blocking:
        raise refusal(*blocking)


@cache
def catalogue(area: str) -> Mapping[str, Mapping[str, str]]:
    """Read one area's words: code to language to text. An area without a file is empty."""
    file = WORDS / f"{area}.yaml"
    if not file.exists():
        return {}
    loaded: dict[str, dict[str, str]] = yaml.load(file.read_text("utf-8"), Loader=yaml.CSafeLoader)
    return loaded


def words(code: str, language: str = "zh", /, **params: object) -> str:
    """Say the words of a code with its parameters filled in; a code without words says itself."""
    entry = catalogue(code.split(".", 1)[0]).get(code)
    if entry is None:
        return " ".join([code, *(f"{key}={value}" for key, value in params.items())])
    return entry[language].format_map(_Forgiving(params))


class _Forgiving(dict[str, object]):
    """Leaves a parameter that was not given visible as `{name}` instead of failing while explaining."""

    def __missing__(self, key: str) -> str:
        return "{" + key + "}"


def sort_blocking_first(problems: Iterable[Problem]) -> Sequence[Problem]:
    """Order problems so that those which stop the act come first, otherwise as found."""
    return sorted(problems, key=lambda problem: not problem.blocking)
