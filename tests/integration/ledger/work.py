"""
Work done on a store by a process of its own, so that it can run beside others and be killed: WHAT ARGUMENTS...

It says `ready`, waits for a line, works, and says what it did as one line of JSON.
"""

from __future__ import annotations

import json
import os
import random
import sys
import time
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))
os.environ["DJANGO_SETTINGS_MODULE"] = "luodi.server.settings"

import django  # noqa: E402

django.setup()

from luodi.kernel.period import CALENDAR_YEAR  # noqa: E402
from luodi.kernel.problem import Refused  # noqa: E402
from luodi.ledger import actions, backup, queries, seals, store  # noqa: E402
from luodi.ledger.values import Actor  # noqa: E402
from tests.integration.ledger import given  # noqa: E402


def write(name, acts):
    """Record acts one by one, now and then several at once: a small import."""
    chance = random.Random(name)
    ids = []
    for n in range(int(acts)):
        several = chance.choice([1, 1, 1, 5])
        made = [given.version(f"{name}-{n}-{m}") for m in range(several)]
        ids += actions.record(made, actor=Actor(name, "api"), import_id=f"{name}-{n}" if several > 1 else "")
    return ids


def bulk(facts, rows):
    """Import in one transaction."""
    acts = [given.versions(f"B{n}-{m}" for m in range(int(rows))) for n in range(int(facts))]
    return len(actions.record(acts, actor=Actor("importer", "cli"), import_id="bulk"))


def follow(facts):
    """Read the tail until so many acts were seen: never one missed, never one twice, times always rising."""
    seen, last_at, after = 0, 0, 0
    while seen < int(facts):
        for fact in queries.facts(after=after):
            assert fact.id == after + 1, f"{fact.id} after {after}"
            assert fact.at > last_at, f"time did not rise at {fact.id}"
            after, last_at = fact.id, fact.at
            seen += fact.name != "ledger.period.sealed"
        time.sleep(0.002)
    return seen


def seal(year, months, pause):
    """Seal month after month, among the writers."""
    sealed = []
    for n in range(int(months)):
        time.sleep(float(pause))
        period = CALENDAR_YEAR.parse(f"{int(year) + n // 12}-{n % 12 + 1:02d}")
        sealed.append(one_seal(period).through)
    return sealed


def one_seal(period):
    return seals.seal_period(
        period=period,
        actor=Actor("sealer", "cli"),
        profile_digest="e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        profile_body=b"",
        today=date(2035, 1, 1),
    )


def try_seal(period):
    try:
        return one_seal(CALENDAR_YEAR.parse(period)).hash
    except Refused as refused:
        return [problem.code for problem in refused.problems]


def serve():
    """Hold the server's lock until told to stop."""
    try:
        held = store.hold_server_lock()
    except Refused as refused:
        return refused.problems[0].message("en")
    print("held", flush=True)
    sys.stdin.readline()
    store.release_server_lock(held)
    return "ended"


def hold(seconds):
    """Keep the writer's lock for a while."""
    with store.writing():
        print("held", flush=True)
        time.sleep(float(seconds))
    return "ended"


def back_up(out):
    return backup.backup(Path(out)).facts


if __name__ == "__main__":
    what, *arguments = sys.argv[1:]
    print("ready", flush=True)
    sys.stdin.readline()
    print(json.dumps(globals()[what](*arguments)), flush=True)
