"""Odd words in every address and every form: an answer, a refusal, never a page that broke."""

from __future__ import annotations

import random
import re
import shutil
from collections import defaultdict
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

import pytest
from tools.screenshots import served
from tools.walk import Visitor

pytestmark = pytest.mark.xdist_group("demo")
ODD = (
    "", "abc", "-1", "9" * 20, "0", "2026-13-45", "１２３", "2026-06-31", "\0x", "';--", "中" * 300, "1e999", "NaN", "2025-06",
    "9999-12", "0000-01", "a&b", "../../x", "%", "True", "1.5", "null", "[]", "{}", "2024-06/2024-05",
)  # fmt: skip
SLOW = (
    "/wall/deck/",
    "/papers/",
    "/health/",
    "/sign-out/",
)  # they make papers, work through the store, or end the session
EACH = 1  # odd words tried for each parameter and form


class Forms(HTMLParser):
    """Gathers the forms of a page: method, where they go, fields with their values."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, str, dict[str, str]]] = []
        self.inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append((given.get("method", "get").lower(), given.get("action", ""), {}))
            self.inside = True
        elif self.inside and given.get("name") and tag in {"input", "select", "textarea", "button"}:
            self.forms[-1][2].setdefault(given["name"], given.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        self.inside = self.inside and tag != "form"


@pytest.fixture(scope="module")
def copied(demo_site, tmp_path_factory):
    """Serve a copy of the demo city, since what is tried here may well be taken."""
    home = tmp_path_factory.mktemp("odd") / "home"
    shutil.copytree(demo_site.home, home, ignore=shutil.ignore_patterns("server.lock"))
    with served(home) as address:
        yield address, demo_site.stops


def test_no_page_breaks(copied):
    site, stops = copied
    chance, visitors, seen, broken = random.Random(7), {}, set(), []
    for stop in stops:
        if not stop.login:
            continue
        if stop.login not in visitors:
            visitors[stop.login] = Visitor(site, stop.login)
        visitor = visitors[stop.login]
        _status, _kind, page = visitor.get(stop.path)
        for path, fields in [*_asked(stop.path, page, seen, chance), *_sent(stop.path, page, seen, chance)]:
            status, _kind, _text = visitor.get(path) if fields is None else visitor.post(path, fields)
            if status >= 500:
                broken.append((status, stop.login, path, fields))
    assert broken == []
    assert len(seen) > 200


def _asked(path: str, page: str, seen: set, chance: random.Random) -> Iterator[tuple[str, None]]:
    """Give the page's own questions to the server, each parameter once with odd words."""
    questions = defaultdict(dict)
    for link in re.findall(r'(?:href|hx-get)="([^"]*\?[^"]*)"', page):
        parts = urlsplit(link.replace("&amp;", "&"))
        questions[urljoin(path, parts.path)].update(parse_qsl(parts.query))
    for method, action, fields in _forms(page):
        if method == "get":
            questions[urljoin(path, action.split("?")[0])].update(fields)
    for base, parameters in questions.items():
        for name in parameters:
            if (base, name) in seen or base.startswith(SLOW):
                continue
            seen.add((base, name))
            for odd in chance.sample(ODD, EACH):
                yield f"{base}?{urlencode({**parameters, name: odd})}", None


def _sent(path: str, page: str, seen: set, chance: random.Random) -> Iterator[tuple[str, dict[str, str]]]:
    """Give the page's forms, filled with odd words and with fields missing."""
    for method, action, fields in _forms(page):
        base = urljoin(path, action)
        if method != "post" or base.startswith(SLOW) or (base, *fields) in seen:
            continue
        seen.add((base, *fields))
        for _ in range(EACH):
            kept = [name for name in fields if chance.random() > 0.1]
            yield base, {name: chance.choice((chance.choice(ODD), fields[name])) for name in kept}


def _forms(page: str) -> list[tuple[str, str, dict[str, str]]]:
    parser = Forms()
    parser.feed(page)
    return parser.forms
