"""Every code that importing or exporting can raise has words in both languages."""

from __future__ import annotations

import re
from pathlib import Path

from luodi.kernel import problem

CODE = re.compile(
    r"[\"'](import|exchange)\.((?:file|sheet|header|mapping|cell|row|total|errors|confirm|out|form|progress|count|marked|template|note)\.\w+)[\"']"
)


def test_every_code_has_words(root: Path):
    sources = [*(root / "src/luodi/exchange").rglob("*.py"), root / "src/luodi/cli/exchange.py"]
    used = {f"{area}.{rest}" for path in sources for area, rest in CODE.findall(path.read_text("utf-8"))}
    assert len(used) > 80
    known = {**problem.catalogue("import"), **problem.catalogue("exchange")}
    assert not used - known.keys()


def test_all_words_are_in_both_languages_with_the_same_parameters():
    for area in ("import", "exchange"):
        for code, entry in problem.catalogue(area).items():
            assert set(entry) == {"zh", "en"}, code
            found = [set(re.findall(r"(?<!\{)\{(\w+)\}", text)) for text in entry.values()]
            assert found[0] == found[1], code
