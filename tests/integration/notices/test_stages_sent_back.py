"""A claimed stage that is sent back is told to who claimed it, and settled when it is claimed anew."""

from __future__ import annotations

from datetime import date

import pytest

from luodi.notices import gathering, queries
from luodi.projects import actions
from luodi.projects.values.drafts import Decision
from tests import city
from tests.integration.projects.conftest import PROMOTION, REPORTER, TODAY, claim, create, founded, yunling  # noqa: F401 (fixtures)

pytestmark = pytest.mark.usefixtures("yunling")


def gather(minute: int) -> int:
    return gathering.gather(now=city.at(TODAY) + minute, today=TODAY)


def waiting() -> dict[str, str]:
    return {note.key: note.kind.value for note in queries.inbox(REPORTER.person)}


def test_it_is_told_and_settled():
    create()
    row = claim("签约", date(2025, 2, 1))
    gather(1)
    assert "stage:P1:签约" not in waiting()
    actions.send_back_stages([Decision(row, "缺章")], actor=PROMOTION, today=TODAY)
    gather(2)
    assert waiting()["stage:P1:签约"] == "stage_sent_back"
    (note,) = [note for note in queries.inbox(REPORTER.person) if note.key == "stage:P1:签约"]
    assert note.params["label"].startswith("代号")  # not signed yet: a message may say no more
    claim("签约", date(2025, 2, 2))
    gather(3)
    assert "stage:P1:签约" not in waiting()
