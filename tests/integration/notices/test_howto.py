"""The how-to page `docs/howto/notices.md`, held against the product."""

from __future__ import annotations

import inspect
import json
import re
from datetime import date

import pytest

from luodi.identity import actions as identity
from luodi.kernel.problem import words
from luodi.notices import actions, channels, rules, sending
from luodi.notices.channels import TextGateway
from luodi.notices.values import Kind, Matter, Preference
from tests import city
from tests.conftest import ROOT
from tests.integration.notices.gateway import gateway

PAGE = (ROOT / "docs/howto/notices.md").read_text("utf-8")


def test_every_kind_is_on_the_page_with_its_label():
    rows = dict(re.findall(r"^\| `(\w+)` \| (\S+) \|", PAGE, re.MULTILINE))
    assert rows == {kind.value: words(f"notices.kind.{kind.value}") for kind in Kind}


def test_every_variable_that_is_read_is_on_the_page_and_no_other():
    listed = set(re.findall(r"^\| `(LUODI_\w+)` \|", PAGE, re.MULTILINE))
    source = inspect.getsource(channels)
    read = set(re.findall(r'"(LUODI_(?:SMS|MAIL|PUBLIC)_\w+)"', source)) | {
        f"LUODI_WECOM_{key}" for key in re.findall(r'"(CORP|AGENT|SECRET|URL)"', source)
    }
    assert listed == read


@pytest.mark.django_db
def test_a_gateway_gets_what_the_page_says(monkeypatch):
    (said,) = re.findall(r"```json\n(.*?)\n```", PAGE, re.DOTALL)
    monkeypatch.setenv("LUODI_PUBLIC_URL", "https://luodi.example")
    city.make()
    today, at = date(2025, 6, 2), city.at(date(2025, 6, 2))
    identity.register_person(person="rep1", name="演示", phone="13800000001", actor=city.OPERATOR, on=today)
    params = {"form": "YL-T1", "period": "2025-05", "unit": "YL01"}
    actions.raise_news([Matter("return:x", Kind.RETURN_SENT_BACK, ("rep1",), params)], at=at)
    with gateway() as server:
        reachable = {"text": TextGateway(server.url)}
        sending.compose(reachable, now=at, today=today)
        sending.deliver(reachable, now=at)
        assert server.got == [json.loads(said)]


def test_tries_and_quiet_hours_are_as_said():
    assert [wait // 60 for wait in rules.WAITS] == [1, 5, 30, 120, 360]
    assert "1, 5, 30 minutes, 2 and 6 hours" in PAGE
    assert (Preference("p").quiet_from, Preference("p").quiet_to) == (20, 8)
    assert "20:00 to 8:00" in PAGE
