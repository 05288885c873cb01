"""A page's first load is light, and charts load when they are seen."""

from __future__ import annotations

import gzip
import re
from functools import cache
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from tests.integration.web.test_matrix import ROUTES, a_city, addresses, client  # noqa: F401  the fixture runs by itself

pytestmark = pytest.mark.django_db
FIRST_LOAD = 350_000  # bytes compressed, charts apart
CHARTS = "echarts"


def loaded(html: str) -> set[str]:
    """Give the files a page loads at once."""
    return {
        match.split("#")[0]
        for match in re.findall(r'<(?:script|link|img|use)[^>]*?\s(?:src|href)="/static/([^"]+)"', html)
    }


@cache
def weight(file: str) -> int:
    """Give a file's compressed size."""
    found = finders.find(file)
    assert found, f"{file} is on a page and nowhere else"
    return len(gzip.compress(Path(str(found)).read_bytes(), 6))


def test_a_first_load_is_light_and_brings_no_charts():
    heaviest: dict[str, int] = {}
    for person in ("centre", "rep1"):
        browser = client(person)
        for name in ROUTES:
            answer = browser.get(addresses(name)[0])
            if answer.status_code != 200 or "html" not in answer.headers["Content-Type"]:
                continue
            files = loaded(answer.content.decode())
            assert not [file for file in files if CHARTS in file], f"{name} loads charts before they are seen"
            heaviest[name] = len(gzip.compress(answer.content, 6)) + sum(map(weight, files))
    assert len(heaviest) > 20
    assert max(heaviest.values()) < FIRST_LOAD, sorted(heaviest.items(), key=lambda one: -one[1])[:5]
