"""The how-to page `docs/howto/people.md`, held against the product."""

from __future__ import annotations

import re

from django.conf import settings
from django.urls import reverse

from luodi.codebook import queries as codebook
from luodi.kernel.problem import catalogue
from tests.conftest import ROOT

PAGE = (ROOT / "docs/howto/people.md").read_text("utf-8")
ROWS = re.findall(r"^\| [^|`]+ \| `(\w+)` \| (\S+) \|$", PAGE, re.MULTILINE)


def test_each_act_s_permission_is_the_role_s_that_the_page_names():
    by_label = {role.zh: role for role in codebook.profile().roles}
    assert len(ROWS) == 7
    for permission, label in ROWS:
        assert permission in by_label[label].may, (permission, label)


def test_the_three_exclude_each_other():
    three = {role.id: role for role in codebook.profile().roles if role.zh in {label for _, label in ROWS}}
    assert len(three) == 3
    for role in three.values():
        assert set(role.never_with) >= set(three) - {role.id}


def test_what_the_page_names_is_there():
    assert reverse("person_duties", args=["ID"]) == "/people/ID/duties/"
    assert "project.duty.still_held" in catalogue("project")
    said = set(re.findall(r"\*([\u4e00-\u9fff]+)\*", PAGE))
    known = {entry["zh"] for area in ("people", "menu", "house") for entry in catalogue(area).values()}
    assert said <= known, said - known


def test_the_limits_are_as_said():
    assert (settings.AXES_FAILURE_LIMIT, settings.AXES_COOLOFF_TIME) == (5, 0.25)
    assert settings.PASSWORD_RESET_TIMEOUT == 3 * 24 * 3600
