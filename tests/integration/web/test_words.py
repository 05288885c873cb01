"""
Every page in both languages: no Chinese is left on an English page, no English on a Chinese one, apart from data.

Data is what the store holds (names, notes) and what the profile says in one language only (titles of documents). A label
that the profile has in both languages is no data: it must be said in the page's own.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from html.parser import HTMLParser
from typing import Any

import pytest
from tools.walk import Visitor

from luodi.codebook import queries as codebook
from tests.conftest import ROOT
from tests.demosite import Site

pytestmark = pytest.mark.xdist_group("demo")
AREAS = {file.stem for file in (ROOT / "src" / "luodi" / "kernel" / "words").glob("*.yaml")}
CHINESE = re.compile(r"[\u3400-\u9fff]+")
ENGLISH = re.compile(r"[A-Za-z][A-Za-z_]{2,}")
SAID = (
    "title",
    "aria-label",
    "placeholder",
    "alt",
    "data-confirm",
    "data-done",
    "data-saved",
    "data-unsaved",
    "data-end",
)
CODE_NAME = re.compile(r"代号[0-9A-Z]{6}")  # a name, given by the system to what is not to be named
KEY = re.compile(r"\b(?:[a-z]+\.)+[a-z_]{2,}\b")  # words that have no entry show their code
MUTE = {"script", "style", "code", "kbd", "pre", "textarea"}
VOID = {"input", "img", "br", "hr", "meta", "link", "use", "path", "rect", "circle", "line"}
# Written in Latin letters in Chinese too: products, formats, the system's own name.
LATIN = {
    "Excel", "Word", "WPS", "PDF", "PPT", "English", "luodi", "Luodi", "xlsx", "xls", "docx", "pptx", "csv", "zip", "png", "jpg",
    "sha256", "sha", "sqlite", "postgresql", "DuckDB", "web", "api", "cli", "local", "example", "JSON", "YAML", "IP", "HTTP",
    "GeoJSON", "yaml",
}  # fmt: skip


class Words(HTMLParser):
    """Gathers what a page says, element by element, leaving out what is marked as the other language."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.mute: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        silent = tag in MUTE or ("lang" in given and tag != "html")
        if tag not in VOID and (self.mute or silent):
            self.mute.append(tag)
        if not self.mute and not silent:
            self.found += [str(given[name]) for name in SAID if given.get(name)]

    def handle_endtag(self, tag: str) -> None:
        if self.mute and tag not in VOID:
            self.mute.pop()

    def handle_data(self, data: str) -> None:
        if not self.mute and data.strip():
            self.found.append(" ".join(data.split()))


def said(html: str) -> list[str]:
    parser = Words()
    parser.feed(html)
    return parser.found


def kept(home: Any) -> set[str]:
    """Give every text the store holds, as a whole and by parts of what is kept as JSON."""
    found: set[str] = set()
    with closing(sqlite3.connect(f"file:{home / 'luodi.sqlite3'}?mode=ro", uri=True)) as store:
        tables = [name for (name,) in store.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            for row in store.execute(f'SELECT * FROM "{table}"'):
                found |= {cell for cell in row if isinstance(cell, str)}
    return found | {part for text in found if text[:1] in ("{", "[") for part in parts(text)}


def parts(text: str) -> set[str]:
    """Give the texts within a text that is JSON."""
    try:
        waiting, found = [json.loads(text)], set()
    except ValueError:
        return set()
    while waiting:
        one = waiting.pop()
        waiting += [*one, *one.values()] if isinstance(one, dict) else one if isinstance(one, list) else []
        found |= {one} if isinstance(one, str) else set()
    return found


def industries() -> set[str]:
    """Give the names of the national classification, which exist in Chinese only."""
    files = (ROOT / "src" / "luodi" / "codebook" / "data").glob("*.csv")
    return {cell for file in files for line in file.read_text("utf-8").splitlines() for cell in line.split(",")}


def labels(item: Any) -> Iterator[tuple[str, str]]:
    """Give the pairs of labels within the profile, Chinese and English; a text without a partner comes with an empty one."""
    if isinstance(item, dict):
        if item.get("en") and (item.get("zh") or item.get("id")):
            pairs = (
                zip(item["values"], item["en"], strict=True)
                if "values" in item
                else [(item.get("zh") or item["id"], item["en"])]
            )
            yield from pairs
            yield from ((str(item["id"]), "-") for _ in [0] if CHINESE.search(str(item.get("id", ""))))
        for key, value in item.items():
            if key not in ("zh", "en", "values"):
                yield from labels(value)
    elif isinstance(item, list | tuple):
        for one in item:
            yield from labels(one)
    elif isinstance(item, str):
        yield item, ""


@pytest.fixture(scope="module")
def data(demo_site: Site) -> list[str]:
    """List what may stand on a page of any language, longest first."""
    pairs = list(labels(codebook.profile().model_dump(mode="json")))
    labelled = {zh for zh, en in pairs if en}
    labelled.discard(codebook.profile().city.zh)  # the city is a unit too, and units have one name
    free = {zh for zh, en in pairs if not en} | kept(demo_site.home) | industries()
    return sorted((one for one in free - labelled if len(one) > 1), key=len, reverse=True)


def left(text: str, data: list[str], letters: re.Pattern[str]) -> list[str]:
    """Give what of a text is left in these letters when data is taken out."""
    text = CODE_NAME.sub(" ", text)
    for one in data:
        if one in text:
            text = text.replace(one, " ")
    return letters.findall(text)


def test_no_page_fails(demo_site: Site):
    assert demo_site.broken == ()
    assert len(demo_site.stops) > 40


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_page_is_said_in_its_own_language(demo_site: Site, data: list[str], language: str):
    letters = CHINESE if language == "en" else ENGLISH
    mine = [one for one in data if letters.search(one)]
    visitors: dict[str, Visitor] = {}
    found: dict[str, list[str]] = {}
    for stop in demo_site.stops:
        if stop.login not in visitors:
            visitors[stop.login] = Visitor(demo_site.address, stop.login or None, language=language)
        status, _, html = visitors[stop.login].get(stop.path)
        assert status == 200, (stop, language)
        for text in said(html):
            rest = [one for one in left(text, mine, letters) if one not in LATIN] if letters.search(text) else []
            if rest or any(key.split(".")[0] in AREAS for key in KEY.findall(text)):
                found.setdefault(text, []).append(stop.name)
    assert not found, "\n".join(f"{text!r} on {', '.join(sorted(set(names))[:3])}" for text, names in found.items())
