"""Whole stories from YAML: what happened to a matter, and what its clocks must say."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from luodi.kernel import instant, yamltext
from luodi.kernel.clocks import document, events, policy
from luodi.kernel.clocks.values import Matter

HERE = Path(__file__).parent
STORIES = yaml.load((HERE / "stories.yaml").read_text("utf-8"), Loader=yaml.BaseLoader)
ZONE = instant.CITY_ZONE


def rules_of(story):
    if "policy" in story:
        return policy.load(policy.find(story["policy"]))
    own = {"format": "luodi-clock/1", "id": "drawn", "hours": ["09:00-12:00", "14:00-18:00"], "clocks": story["clocks"]}
    if "pause_reasons" in story:
        own["pause_reasons"] = story["pause_reasons"]
    return policy.read(yamltext.loads(yaml.safe_dump(own).replace("'", "")), file="drawn", beside=HERE)


def tell(story, folder):
    rules = rules_of(story)
    columns = ["kind", "from", "to", "reason", "by", "clock"]
    lines = [",".join(event.get(column, "") for column in columns) for event in story.get("events", [])]
    file = folder / "E.csv"
    file.write_text("\n".join([",".join(columns), *lines]), "utf-8")
    happened, _ = events.read_events(file, rules.zone, clocks=[rule.id for rule in rules.clocks])
    matter = Matter(events.moment(story["issued"], ZONE, where="issued"), happened, begin=story.get("begin"))
    known = events.moment(story["known_at"], ZONE, where="known_at") if "known_at" in story else None
    question = document.Question(rules, events.moment(story["now"], ZONE, where="now"), known)
    return document.documents(question, [matter])[0]


def field(answer, path):
    for part in path.split("."):
        answer = answer[int(part)] if isinstance(answer, list) else answer[part]
    return str(answer)


@pytest.mark.parametrize("story", STORIES, ids=[story["name"] for story in STORIES])
def test_story(story, tmp_path):
    told = tell(story, tmp_path)
    clocks = {one["id"]: one for one in told["clocks"]}
    expected = {f"{clock} {path}": value for clock, fields in story["expect"].items() for path, value in fields.items()}
    found = {key: field(clocks[key.split()[0]], key.split()[1]) for key in expected}
    assert found == expected
    if "findings" in story:
        assert [finding["code"] for finding in told["findings"]] == story["findings"]


def test_names_are_not_used_twice():
    names = [story["name"] for story in STORIES]
    assert len(set(names)) == len(names)
