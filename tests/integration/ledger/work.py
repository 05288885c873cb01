"""What processes beside the test's do on a store (started by processes.Work; PIPE leads to the test)."""

from __future__ import annotations

import random
import resource
import tempfile
import time
from datetime import date
from pathlib import Path

import duckdb
from django.db import connection

from luodi.codebook import queries as codebook
from luodi.codebook.values import Permission
from luodi.identity import facts
from luodi.identity import queries as identity
from luodi.indicators import snapshot
from luodi.kernel.period import CALENDAR_YEAR
from luodi.kernel.problem import Refused
from luodi.ledger import actions, backup, evidence, queries, seals, store, texts
from luodi.ledger.models import Fact
from luodi.ledger.values import Act, Actor
from luodi.projects.models import ProjectVersion
from luodi.statistics.actions import judging
from luodi.statistics.queries import filings
from tests import city
from tests.integration.ledger import given
from tests.integration.statistics import test_a_month as a_month

PIPE = None


def sealer_of(profile):
    """Find the role that seals and does least besides."""
    roles = [role for role in profile.roles if Permission.SEAL_PERIOD in role.may]
    return min(roles, key=lambda role: len(role.may)).id


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
        time.sleep(0.02)
    return seen


def mirror(facts):
    """Bring the snapshot up again and again until so many acts are in it; tell how often, and that it never went back."""
    throughs = [0]
    while acts_through(throughs[-1]) < int(facts):
        throughs.append(snapshot.refresh().through)
        time.sleep(0.02)
    assert throughs == sorted(throughs), throughs
    return len(set(throughs)) - 1


def acts_through(fact):
    return Fact.objects.filter(id__lte=fact).exclude(name="ledger.period.sealed").count()


def mirrored():
    """Compare the snapshot that grew among the writers with one built anew; give its projects, each of them once."""
    grown = versions_in_snapshot()
    snapshot.discard()
    assert versions_in_snapshot() == grown
    projects = [row[0] for row in grown]
    assert len(set(projects)) == len(projects)
    return len(projects)


def versions_in_snapshot():
    files = [str(snapshot.folder() / file) for file in snapshot.refresh().tables["versions"]]
    columns = "project, valid_from, valid_to, since, until, host, total_investment"
    return sorted(duckdb.sql(f"SELECT {columns} FROM read_parquet({files})").fetchall(), key=str)


def snapshot_says(word):
    """Tell whether a word stands anywhere in the snapshot, brought up to date."""
    snapshot.refresh()
    files = sorted(snapshot.folder().glob("*.parquet"))
    assert files
    return any(word in str(duckdb.sql(f"SELECT * FROM read_parquet('{file}')").fetchall()) for file in files)


def mirror_where_the_disk_is_full():
    """Bring the snapshot up where no file finds room for more than 4 KB any more; give the codes of a refusal."""
    assert queries.last_fact()  # what the database itself writes when it is opened is there
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
    try:
        snapshot.refresh()
    except Refused as refused:
        return [problem.code for problem in refused.problems]
    return []


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
    PIPE.send("held")
    PIPE.recv()
    held.close()
    return "ended"


def hold(seconds):
    """Keep the writer's lock for a while."""
    with store.writing():
        PIPE.send("held")
        time.sleep(float(seconds))
    return "ended"


def appoint(person):
    """Give the whole city's root unit to a person with the post that seals and a token; give the token's secret."""
    day = date(2024, 1, 1)
    unit = {"code": "530000", "name": "云岭市", "kind": "city", "valid_from": day, "loaded": False}
    token = {"token": "t1", "person": person, "digest": identity.secret_digest("s3cret"), "label": "", "valid_to": None}
    rows = [
        (facts.UNIT_RECORDED, unit),
        (facts.PERSON_RECORDED, {"person": person, "name": "测试用户"}),
        (facts.POST_GIVEN, {"person": person, "unit": "530000", "role": SEALER, "valid_from": day}),
        (facts.TOKEN_ISSUED, token),
    ]
    acts = [Act(type_, f"person:{person}", {type_.tables[0].model: [filled(type_, row)]}) for type_, row in rows]
    actions.record(acts, actor=Actor("local", "cli"))
    return "s3cret"


def filled(type_, row):
    (table,) = type_.tables
    known = dict.fromkeys(("known_at", "valid_to", "phone", "left_on"))
    return [row.get(name, known.get(name, "")) for name in table.columns]


SEALER = sealer_of(codebook.profile())


def keep_evidence():
    digest = evidence.store(b"photo", "image/jpeg")
    actions.record([given.stage("w-0-0", evidence=[digest])], actor=Actor("p1", "web"))
    return digest


def erase(digest):
    """Remove a name and a file by law."""
    row = ProjectVersion.objects.get(code="w-0-0")
    texts.remove(row=row.id, columns=["name"], reason="依法", actor=Actor("p1", "web"))
    evidence.remove(digest, reason="依法", actor=Actor("p1", "web"))
    return True


def back_up(out):
    return backup.backup(Path(out)).facts


def try_bulk():
    """Import, where the disk may be full; give the codes of a refusal."""
    try:
        bulk(20, 200)
    except Refused as refused:
        return [problem.code for problem in refused.problems]
    return []


def try_write_hastily():
    """Write, but wait a second only at another writer's door."""
    store.LOCK_SECONDS = 1
    connection.settings_dict["OPTIONS"] = {**connection.settings_dict["OPTIONS"], **HASTY[connection.vendor]}
    connection.close()
    try:
        actions.record([given.version()], actor=Actor("p1", "web"))
    except Refused as refused:
        return [problem.code for problem in refused.problems]
    return []


HASTY = {"sqlite": {"timeout": 1}, "postgresql": {}}


def seal_next():
    """Seal the month after the last one sealed."""
    last = queries.last_seal()
    period = CALENDAR_YEAR.after(CALENDAR_YEAR.parse(last.period)) if last else CALENDAR_YEAR.parse("2024-01")
    return one_seal(period).through


def facts_in(file):
    """Unpack a backup that is there, so that it must be whole, and count its facts."""
    with tempfile.TemporaryDirectory() as folder:
        return backup.unpack(Path(file), Path(folder))["facts"]


def take_once(person):
    """Take what one person alone may take: looked at before, and again under the lock."""

    def still_free():
        if ProjectVersion.objects.filter(code="TAKEN").exists():
            raise Refused(person=person)

    still_free()
    time.sleep(0.3)
    try:
        actions.record([given.version("TAKEN")], actor=Actor(person, "web"), recheck=still_free)
    except Refused:
        return "told"
    return "taken"


def sign_a_return():
    """Make a small city where a county's return is signed and not yet submitted."""
    city.make()
    city.project("P1")
    city.project("P2")
    a_month.save(scan=evidence.store(b"a stamped sheet", "image/png"))
    a_month.hand("check", "chk1")
    a_month.hand("sign", "sig1")
    return True


def submit_it():
    """Submit the county's return; give its row, or the codes of a refusal."""
    try:
        return a_month.submit().id
    except Refused as refused:
        return [problem.code for problem in refused.problems]


def accept_it(submission):
    """Accept the return as the project centre, first of its chain; give what it then says, or the codes of a refusal."""
    try:
        found = judging.judge(
            submission=submission,
            verdict="accepted",
            unit="YLD02",
            actor=city.actor("centre", "YLD02"),
            today=a_month.TODAY,
        )
    except Refused as refused:
        return [problem.code for problem in refused.problems]
    return found.next_step


def judgements_of(submission):
    (found,) = filings.filings(ids=[submission])
    return [(one.verdict, one.step) for one in found.judgements]


def returns():
    return len(filings.filings(form="YL-T1", unit="YL01"))
