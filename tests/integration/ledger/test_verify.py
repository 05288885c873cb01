"""One byte changed behind the system's back is found and named; a rebuild gives what stood."""

import random
from datetime import date, timedelta
from decimal import Decimal

import orjson
import pytest
from django.apps import apps
from django.db import connection

from luodi.kernel import instant
from luodi.ledger import evidence, models, queries, rebuilding, registry, texts, verification
from luodi.ledger.values import row_id
from tests.integration.ledger import given
from tests.integration.ledger.test_seals import seal

pytestmark = pytest.mark.django_db


@pytest.fixture
def full():
    """A store with sealed and unsealed facts, evidence, voids and history."""
    digest = evidence.store(b"a photograph", "image/jpeg")
    given.record(given.version("P1"), given.stage("P1", evidence=[digest]))
    seal("2024-05")
    given.record(given.void(row_id(2, 0)), given.version("P2", known_at=instant.start_of(date(2030, 1, 1))))
    return digest


def found(code=None):
    report = verification.verify()
    return [(one.code.removeprefix("ledger.verify."), one.where) for one in report.problems if code in (None, one.code)]


def test_a_whole_store_has_no_findings(full):
    report = verification.verify()
    assert report.problems == []
    assert (report.facts, report.seals, report.sealed_through, report.unsealed) == (5, 1, 2, 3)
    assert (report.rows, report.files, report.removed_texts, report.removed_files) == (5, 1, 0, 0)


def test_progress_is_told(full):
    told = []
    verification.verify(progress=told.append)
    assert told == [1, 2, 3, 4, 5]


def changed_body(fact):
    body = bytes(models.Fact.objects.get(id=fact).body)
    return body.replace(b'"project:P1"', b'"project:P7"')


def test_a_changed_byte_of_a_fact_is_named(full, tamper):
    tamper("UPDATE ledger_fact SET body = %s WHERE id = 1", [changed_body(1)])
    named = [("fact_changed", "fact=1"), ("seal_does_not_cover", "period=2024-05"), ("column_changed", "fact=1")]
    assert found() == named


def test_a_fact_hashed_anew_is_betrayed_by_its_seal(full, tamper):
    from luodi.kernel import digest

    body = changed_body(1)
    leaf = digest.leaf_hash(digest.hasher("sha256"), body)
    tamper("UPDATE ledger_fact SET body = %s, leaf = %s, subject = 'project:P7' WHERE id = 1", [body, leaf])
    assert found() == [("seal_does_not_cover", "period=2024-05")]


def test_a_recomputed_store_is_betrayed_by_the_export(full, tamper, tmp_path):
    from luodi.ledger import seals

    seals.export(tmp_path / "s.json")
    live = queries.last_seal()
    forged = seals.hash_of({**vars(live), "root": "0" * 64}, "sha256")
    tamper("UPDATE ledger_seal SET root = %s, hash = %s", ["0" * 64, forged])
    assert ("seal_changed", "period=2024-05") not in found()
    assert seals.differing(tmp_path / "s.json") == ["2024-05"]


@pytest.mark.parametrize(
    ("column", "value"),
    [("name", "x"), ("version", 2), ("recorded_at", 1), ("actor", "p2"), ("subject", "y"), ("import_id", "z")],
)
def test_a_changed_column_of_a_fact_is_named(full, tamper, column, value):
    tamper(f"UPDATE ledger_fact SET {column} = %s WHERE id = 2", [value])
    assert found("ledger.verify.column_changed") == [("column_changed", "fact=2")]


def test_bytes_that_are_no_fact_are_named(full, tamper):
    from luodi.kernel import digest

    for body in (b"{", b"{}", b"[]"):
        leaf = digest.leaf_hash(digest.hasher("sha256"), body)
        tamper("UPDATE ledger_fact SET body = %s, leaf = %s WHERE id = 4", [body, leaf])
        assert ("fact_unreadable", "fact=4") in found()


def test_a_deleted_fact_is_named(full, tamper):
    tamper("DELETE FROM ledger_fact WHERE id = 1")
    assert found()[:2] == [("fact_missing", "fact=1"), ("seal_does_not_cover", "period=2024-05")]


def test_facts_cut_off_under_a_seal_are_missed_by_it(full, tamper):
    tamper("DELETE FROM ledger_fact WHERE id > 1")
    assert ("seal_does_not_cover", "period=2024-05") in found()


def test_an_unknown_type_is_named(full, tamper, monkeypatch):
    known = registry.find("projects.stage.recorded", 1)
    monkeypatch.delitem(registry._TYPES, (known.name, 1))
    assert ("type_unknown", "fact=2") in found()


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("root", "0" * 64, "seal_changed"),
        ("count", 9, "seal_does_not_cover"),
        ("through", 3, "seal_does_not_cover"),
        ("previous", "0" * 64, "chain_broken"),
        ("first", 2, "chain_broken"),
        ("profile", "0" * 64, "profile_lost"),
        ("hash", "0" * 64, "seal_changed"),
    ],
)
def test_a_changed_seal_is_named(full, tamper, column, value, code):
    tamper(f'UPDATE ledger_seal SET "{column}" = %s', [value])
    named = found()
    assert (code, "period=2024-05") in named
    assert ("row_changed", f"table=ledger.Seal row={row_id(3, 0)}") in named


def test_a_changed_profile_copy_is_named(full, tamper):
    tamper("UPDATE ledger_profilecopy SET body = %s", [b"{}"])
    assert found() == [("profile_lost", "period=2024-05")]


CELLS = [
    ("projects.StageEvent", "stage", "竣工"),
    ("projects.StageEvent", "occurred_on", "2024-05-18"),
    ("projects.StageEvent", "evidence", "[]"),
    ("projects.StageEvent", "evidence_note", None),
    ("projects.StageEvent", "known_at", 5),
    ("projects.StageEvent", "loaded", True),
    ("projects.ProjectVersion", "total_investment", "120000000.51"),
    ("projects.ProjectVersion", "name", "别的名字"),
    ("projects.ProjectVersion", "strategic", True),
    ("projects.ProjectVersion", "attributes", '{"a":"2"}'),
    ("ledger.Void", "target", 3),
]


@pytest.mark.parametrize(("model", "column", "value"), CELLS)
def test_a_changed_cell_of_a_projection_is_named(full, tamper, model, column, value):
    table = apps.get_model(model)._meta.db_table
    first = apps.get_model(model).objects.order_by("id").values_list("id", flat=True)[0]
    tamper(f'UPDATE {table} SET "{column}" = %s WHERE id = %s', [value, first])
    (problem,) = verification.verify().problems
    assert (problem.code, problem.params["columns"], problem.params["row"]) == (
        "ledger.verify.row_changed",
        column,
        first,
    )
    rebuilding.rebuild()
    assert found() == []


ODD = {
    "text that is none": "CAST(x'ff41' AS TEXT)",
    "bytes": "x'0041'",
    "text": "'zz'",
    "a number": "7",
    "text of the bytes": "CAST(replace(CAST({column} AS TEXT), 'a', 'b') AS TEXT)",
}
PLACES = {
    "ledger_fact": ("body", "leaf", "name", "recorded_at", "actor"),
    "ledger_facttext": ("texts",),
    "ledger_seal": ("id", "cut_at", "through", "count", "root", "period"),
    "projects_stageevent": ("id", "occurred_on", "stage"),
    "projects_projectversion": ("id", "name", "total_investment", "strategic"),
}


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize(("table", "column"), [(table, column) for table, names in PLACES.items() for column in names])
def test_whatever_stands_in_a_column_is_named(full, tamper, table, column, odd):
    """SQLite takes any bytes in any column: verify says so, and does not break off."""
    if connection.vendor == "sqlite":
        key = "fact" if table == "ledger_facttext" else "id"
        value = ODD[odd].format(column=column)
        before = reading_of(table, column)
        tamper(f"UPDATE {table} SET {column} = {value} WHERE {key} = (SELECT min({key}) FROM {table})")
        assert bool(found()) == (reading_of(table, column) != before)


def reading_of(table, column):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT typeof({column}), hex({column}) FROM {table} ORDER BY rowid")
        return [(None if column in ("body", "leaf") else shown, bits) for shown, bits in cursor.fetchall()]


def test_json_that_is_none_is_named(full, tamper):
    if connection.vendor == "sqlite":  # PostgreSQL keeps nothing but JSON there
        tamper("PRAGMA ignore_check_constraints = ON")
        tamper("UPDATE projects_stageevent SET evidence = '{'")
        assert found() == [("row_changed", f"table=projects.StageEvent row={row_id(2, 0)}")]


def test_missing_and_surplus_rows_are_named(full, tamper):
    tamper("DELETE FROM projects_projectversion WHERE id = %s", [row_id(1, 0)])
    tamper("UPDATE projects_stageevent SET id = id + 1")
    tamper("UPDATE ledger_void SET id = id + 70000000")
    table = "table=projects."
    assert set(found()) == {
        ("row_missing", f"{table}ProjectVersion row={row_id(1, 0)}"),
        ("row_missing", f"{table}StageEvent row={row_id(2, 0)}"),
        ("row_surplus", f"{table}StageEvent row={row_id(2, 1)}"),
        ("row_missing", f"table=ledger.Void row={row_id(4, 0)}"),
        ("row_surplus", f"table=ledger.Void row={row_id(4, 0) + 70000000}"),
    }
    tamper("UPDATE ledger_void SET id = 1")
    assert ("row_surplus", "table=ledger.Void row=1") in found()


def test_a_changed_text_is_named(full, tamper):
    kept = models.FactText.objects.get(fact=1)
    tamper("UPDATE ledger_facttext SET texts = %s WHERE fact = 1", [kept.texts.replace("年产若干", "年产无数")])
    assert found("ledger.verify.text_changed") == [("text_changed", "fact=1")]


def test_a_lost_text_is_named(full, tamper):
    tamper("DELETE FROM ledger_facttext WHERE fact = 1")
    assert found()[-1] == ("text_lost", "fact=1")


def test_evidence_changed_lost_or_never_stored_is_named(full, tamper):
    path = evidence.path_of(full)
    path.write_bytes(b"another photograph")
    assert found() == [("evidence_changed", f"file={full}")]
    path.unlink()
    assert found() == [("evidence_lost", f"file={full}")]
    path.write_bytes(b"a photograph")
    tamper("UPDATE ledger_evidence SET removed_at = 5")
    assert found() == [("evidence_lost", f"file={full}")]
    tamper("DELETE FROM ledger_evidence")
    assert found() == [("evidence_lost", f"file={full}")]


def test_missing_guards_are_named(full):
    with connection.cursor() as cursor:
        on = " ON ledger_fact" if connection.vendor == "postgresql" else ""
        name = "ledger_fact_no_change" if on else "ledger_fact_no_delete"
        cursor.execute(f"DROP TRIGGER {name}{on}")
    assert found() == [("guard_missing", f"guard={name}")]


# Rebuild --------------------------------------------------------------------------------------------------------------


def standing():
    return {model: list(apps.get_model(model).objects.order_by("id").values_list()) for model in registry.models()}


def a_random_life(seed):
    """Acts of many kinds, some known earlier, some voided, with random cells."""
    chance = random.Random(seed)
    for n in range(60):
        words = "".join(chance.choice('云岭开工项目"\\\n\t😀é') for _ in range(chance.randrange(9)))
        changes = {
            "name": chance.choice([None, words]),
            "content": words * 3,
            "total_investment": chance.choice(
                [None, Decimal(chance.randrange(-(10**14), 10**14)) / 1000, Decimal("-0.00"), 10**20]
            ),
            "strategic": chance.choice([None, True, False]),
            "valid_from": date(2020, 1, 1) + timedelta(chance.randrange(2000)),
            "attributes": {words: "x", "Ａ": words, "b": "1"},
        }
        act = chance.choice(
            [
                given.version(f"P{n}", **changes),
                given.versions([f"Q{n}-{m}" for m in range(chance.randrange(1, 120))], **changes),
                given.stage(f"P{n}", evidence=[words], note=words),
                given.stage(f"P{n}", known_at=instant.start_of(date(2029, 1, 1)) + n),
                given.void(row_id(max(n, 1), 0), words),
            ]
        )
        given.record(act, import_id=chance.choice(["", f"i{n}"]))
        if n in (20, 40):
            seal(f"2024-0{n // 20}")


@pytest.mark.parametrize("seed", range(3))
def test_a_rebuild_equals_what_stands(seed):
    a_random_life(seed)
    texts.remove(row=row_of_some_text(), columns=["content"], reason="依法", actor=given.SOMEBODY)
    before = standing()
    assert [one.code for one in verification.verify().problems] == ["ledger.verify.evidence_lost"] * evidence_named()
    counts = rebuilding.rebuild()
    assert standing() == before
    assert counts == {model: len(rows) for model, rows in before.items()}


def row_of_some_text():
    return (
        apps.get_model("projects.ProjectVersion").objects.exclude(content="").exclude(content=None).order_by("id")[0].id
    )


def evidence_named():
    """The random acts name evidence that nobody stored."""
    bodies = (orjson.loads(bytes(fact.body)) for fact in models.Fact.objects.all())
    return len({digest for body in bodies for digest in body["evidence"]})


def test_a_rebuild_of_nothing():
    assert set(rebuilding.rebuild().values()) == {0}
