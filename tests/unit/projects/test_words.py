"""Every refusal of projects has words in both languages. (Labels of pages stand in the same catalogue.)"""

from __future__ import annotations

import re
from pathlib import Path

import luodi.projects
from luodi.kernel.problem import catalogue

CODE = re.compile(r'"(project\.[a-z_.]+)"')


def used() -> set[str]:
    folder = Path(luodi.projects.__file__).parent
    return {code for file in folder.rglob("*.py") for code in CODE.findall(file.read_text("utf-8"))}


def test_every_code_has_words():
    assert used() and used() <= set(catalogue("project"))


def test_both_languages_name_the_same_things():
    for code, entry in catalogue("project").items():
        zh, en = (set(re.findall(r"{(\w+)}", entry[language])) for language in ("zh", "en"))
        assert zh == en, code
