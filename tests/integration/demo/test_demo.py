"""The demo city: equal seeds give equal fact bytes and seal roots; it is marked, whole, and alive on its own today."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys

import pytest

from tests.conftest import ROOT

COUNT = """
import django, hashlib, json; django.setup()
from luodi.ledger import clock, queries, store
from luodi.ledger.models import Fact
from luodi.projects.queries import lists
from luodi.statistics.queries import owing
from luodi.codebook import queries as codebook
from luodi.kernel.period import month
facts = hashlib.sha256(b"".join(bytes(one) for one in Fact.objects.order_by("id").values_list("leaf", flat=True))).hexdigest()
from luodi.exchange.models import ImportJob
from luodi.statistics.queries import moment
moments = {one.title: (one.open(clock.today()), sorted(state.standing.value for state in moment.states([one], today=clock.today())))
           for one in moment.moments()}
jobs = [(one.kind, one.state, one.answer["loaded"], one.answer["refused"], one.digest) for one in ImportJob.objects.order_by("id")]
states = owing.form_states(period=month(2024, 2), profile=codebook.profile(), today=clock.today())
print(json.dumps({"facts": facts, "seals": [one.root for one in queries.seals()], "synthetic": store.nature().synthetic,
                  "moments": moments, "jobs": jobs, "today": str(clock.today()), "standings": sorted({one.standing.value for one in states})}))
"""


CITY = ("--projects", "24", "--months", "2")


def environment(home) -> dict[str, str]:
    """Name the store of its own that a command works on."""
    known = {key: value for key, value in os.environ.items() if key != "LUODI_DATABASE_URL"}
    return known | {"LUODI_HOME": str(home), "DJANGO_SETTINGS_MODULE": "luodi.server.settings", "LUODI_LANG": "en"}


def run(home, *command: str, code: str | None = None, refused: bool = False) -> str:
    """Run a command on a store of its own, as a person would."""
    argv = [sys.executable, "-c", code] if code else [sys.executable, "-m", "luodi", *command]
    done = subprocess.run(argv, env=environment(home), cwd=ROOT, capture_output=True, text=True, timeout=600)
    assert done.returncode == int(refused), done.stderr[-2000:]
    return done.stderr if refused else done.stdout


@pytest.fixture(scope="module")
def homes(tmp_path_factory):
    found = []
    for n, seed in enumerate(("7", "7", "8")):
        home = tmp_path_factory.mktemp(f"demo{n}")
        run(home, "init", "--demo", "--seed", seed, *CITY)
        found.append(home)
    return found


def test_equal_seeds_give_equal_facts_and_other_seeds_do_not(homes):
    one, again, other = (json.loads(run(home, code=COUNT)) for home in homes)
    assert one == again
    assert one["seals"] and one["facts"] != other["facts"]
    assert one["synthetic"]
    # The last month's returns are due tomorrow: some are there, some are not.
    assert one["today"] == "2024-03-02"
    assert "to_do" in one["standings"]
    assert {"submitted", "in_chain", "accepted"} & set(one["standings"])


def test_tables_of_a_day_are_collected_and_tables_that_were_brought_wait_for_a_word(homes):
    found = json.loads(run(homes[0], code=COUNT))
    over, going_on = found["moments"]["在建项目用工情况摸底表"], found["moments"]["在建重大项目要素需求表"]
    assert over == [False, ["submitted"] * 11]
    assert going_on[0] and {"to_do", "submitted"} <= set(going_on[1])
    loaded, with_errors, mended = found["jobs"]
    assert loaded[:2] == ["enterprises", "done"] and loaded[2] > 0 and loaded[3] == 0
    assert with_errors[:4] == ["projects", "checked", 3, 3]
    assert mended[:2] == ["notes", "checked"] and mended[3] == 2


def test_it_proves_itself(homes):
    run(homes[0], "verify", "--format", "json")


def test_broken_off_it_serves_nobody_and_is_made_anew_as_if_nothing_had_been(homes, tmp_path):
    command = [sys.executable, "-m", "luodi", "init", "--demo", "--seed", "7", *CITY]
    making = subprocess.Popen(command, env=environment(tmp_path), cwd=ROOT, stderr=subprocess.PIPE, text=True)
    assert making.stderr
    assert next(line for line in making.stderr if "2024-01" in line).startswith("2024-01 played (1 of 2), ")
    making.send_signal(signal.SIGSTOP)
    assert "[ledger.store.demo_unfinished]" in run(tmp_path, "verify", refused=True)
    assert f"process {making.pid}" in run(tmp_path, "init", "--demo", "--seed", "7", *CITY, refused=True)
    making.kill()
    making.wait(60)
    making.stderr.close()
    for command in (["init"], ["up"]):
        assert "[ledger.store.demo_unfinished]" in run(tmp_path, *command, refused=True)
    run(tmp_path, "init", "--demo", "--seed", "7", *CITY)
    assert run(tmp_path, code=COUNT) == run(homes[0], code=COUNT)
    run(tmp_path, "verify", "--format", "json")
