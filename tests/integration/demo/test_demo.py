"""The demo city: equal seeds give equal fact bytes and seal roots; it is marked, whole, and alive on its own today."""

from __future__ import annotations

import os
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
states = owing.form_states(period=month(2024, 2), profile=codebook.profile(), today=clock.today())
print(json.dumps({"facts": facts, "seals": [one.root for one in queries.seals()], "synthetic": store.nature().synthetic,
                  "today": str(clock.today()), "standings": sorted({one.standing.value for one in states})}))
"""


def run(home, *command: str, code: str | None = None) -> str:
    """Run a command on a store of its own, as a person would."""
    environment = {key: value for key, value in os.environ.items() if key != "LUODI_DATABASE_URL"}
    environment |= {"LUODI_HOME": str(home), "DJANGO_SETTINGS_MODULE": "luodi.server.settings"}
    argv = [sys.executable, "-c", code] if code else [sys.executable, "-m", "luodi", *command]
    done = subprocess.run(argv, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


@pytest.fixture(scope="module")
def homes(tmp_path_factory):
    found = []
    for n, seed in enumerate(("7", "7", "8")):
        home = tmp_path_factory.mktemp(f"demo{n}")
        run(home, "init", "--demo", "--seed", seed, "--projects", "24", "--months", "2")
        found.append(home)
    return found


def test_equal_seeds_give_equal_facts_and_other_seeds_do_not(homes):
    import json

    one, again, other = (json.loads(run(home, code=COUNT)) for home in homes)
    assert one == again
    assert one["seals"] and one["facts"] != other["facts"]
    assert one["synthetic"]
    # The last month's returns are due tomorrow: some are there, some are not.
    assert one["today"] == "2024-03-02"
    assert "to_do" in one["standings"]
    assert {"submitted", "in_chain", "accepted"} & set(one["standings"])


def test_it_proves_itself(homes):
    run(homes[0], "verify", "--format", "json")
