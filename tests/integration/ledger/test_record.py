"""Acts become facts, texts and rows, all or none."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

import orjson
import pytest
import rfc8785
from django.db import connection, transaction

from luodi.kernel import digest, instant
from luodi.kernel.problem import Problem, Refused
from luodi.ledger import actions, columns, models, queries, registry, store
from luodi.ledger.values import Act, Actor, FactType, Table, own_row, row_id
from luodi.projects.models import ProjectVersion, StageEvent
from tests.integration.ledger import given

pytestmark = pytest.mark.django_db

CLAIMED_AND_VERIFIED = registry.declare(
    FactType(
        "tests.stage.claimed_and_verified",
        1,
        (
            Table(
                "projects.StageEvent",
                ("project", "stage", "occurred_on", "evidence_note"),
                frozenset({"evidence_note"}),
            ),
            Table("ledger.Verdict", ("target", "verdict", "reason"), frozenset({"reason"})),
        ),
    )
)


def claim(*verdicts):
    rows = {
        "projects.StageEvent": [("P1", "开工", given.DAY, None), ("P1", "竣工", given.DAY, "照片")],
        "ledger.Verdict": list(verdicts),
    }
    return Act(CLAIMED_AND_VERIFIED, "project:P1", rows, {"verifier": "C"}, {"reason": "为何"})


def test_an_act_is_one_fact_with_its_rows():
    (fact,) = given.record(given.version("P7", total_investment=Decimal("1.10"), strategic=True))
    row = ProjectVersion.objects.get()
    assert (row.id, row.fact, row.place, row.loaded) == (row_id(fact, 0), fact, 0, False)
    assert (row.code, row.name, row.total_investment, row.fixed_investment) == (
        "P7",
        "云岭P7项目",
        Decimal("1.10"),
        None,
    )
    assert (row.strategic, row.valid_from, row.attributes) == (True, given.DAY, {"园区": "高新", "a": "1"})
    assert row.known_at == models.Fact.objects.get().recorded_at
    assert str(models.Fact.objects.get()) == f"{fact} projects.version.recorded"


def test_bytes_are_canonical_and_hold_everything_but_words():
    given.record(given.version())
    fact = models.Fact.objects.get()
    body = bytes(fact.body)
    content = orjson.loads(body)
    assert rfc8785.dumps(content) == body
    assert bytes(fact.leaf) == digest.leaf_hash(digest.hasher("sha256"), body)
    assert content["recorded_at"] == instant.iso(fact.recorded_at)
    assert content["actor"] == {"os_user": "clerk", "person": "p1", "unit": "D1", "via": "web"}
    assert "云岭P1项目" not in body.decode() and "某某投资" not in body.decode()


def test_ids_and_times_only_rise():
    first = given.record(*(given.version(f"P{n}") for n in range(3)), import_id="i1")
    second = given.record(given.version())
    times = list(models.Fact.objects.order_by("id").values_list("recorded_at", flat=True))
    assert first + second == [1, 2, 3, 4]
    assert times == sorted(set(times))
    assert list(models.Fact.objects.filter(import_id="i1").values_list("id", flat=True).order_by("id")) == first


def test_no_act_is_no_fact():
    assert given.record() == []


def test_a_row_names_a_row_of_its_own_act():
    (fact,) = given.record(claim((own_row(1), "verified", None), (own_row(0), "withdrawn", "撤回")))
    assert [row.target for row in models.Verdict.objects.order_by("id")] == [row_id(fact, 1), row_id(fact, 0)]
    assert [row.place for row in models.Verdict.objects.order_by("id")] == [2, 3]
    stored = orjson.loads(bytes(models.Fact.objects.get().body))["payload"]["rows"]["ledger.Verdict"]
    assert [row[0] for row in stored] == [row_id(fact, 1), row_id(fact, 0)]


def test_a_fact_is_read_back_as_it_was_meant():
    (fact,) = given.record(claim((own_row(1), "verified", None)))
    read = queries.fact(fact)
    assert read is not None
    assert (read.name, read.subject, read.details, read.texts) == (
        "tests.stage.claimed_and_verified", "project:P1", {"verifier": "C"}, {"reason": "为何"},
    )  # fmt: skip
    assert read.actor == given.SOMEBODY
    assert read.rows["projects.StageEvent"][1] == {
        "id": row_id(fact, 1), "project": "P1", "stage": "竣工", "occurred_on": given.DAY, "evidence_note": "照片",
    }  # fmt: skip
    given.record(given.version())
    (version,) = queries.facts(names=["projects.version.recorded"], subject="project:P1", through=9)
    assert version.rows["projects.ProjectVersion"][0]["total_investment"] == Decimal("120000000.50")
    assert version.rows["projects.ProjectVersion"][0]["attributes"] == {"a": "1", "园区": "高新"}
    assert queries.fact(99) is None


def test_history_keeps_its_known_time_and_says_that_it_was_loaded():
    at = instant.start_of(date(2022, 3, 1))
    given.record(given.stage(known_at=at))
    row = StageEvent.objects.get()
    assert (row.known_at, row.loaded, row.verified_at) == (at, True, at)


def test_a_refused_recheck_writes_nothing():
    def taken():
        raise Refused(Problem("kernel.refused"))

    with pytest.raises(Refused):
        given.record(given.version(), recheck=taken)
    assert not models.Fact.objects.exists() and not ProjectVersion.objects.exists()


def test_all_acts_or_none():
    with pytest.raises(columns.TooLong) as refused:
        given.record(given.version(), given.version("P" * 81))
    assert "80" in refused.value.problems[0].message("en")
    assert queries.last_fact() == 0


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"name": "半\ud800"}, digest.Unwritable),
        ({"host": "D\ud800"}, digest.Unwritable),
        ({"name": "空\x00"}, Refused),
        ({"host": "\x00"}, Refused),
        ({"attributes": {"a": "\x00"}}, Refused),
        ({"total_investment": 1.5}, TypeError),
        ({"total_investment": Decimal("Infinity")}, TypeError),
        ({"attributes": {"a": 1.5}}, TypeError),
        ({"valid_from": "2024-01-01"}, TypeError),
        ({"code": 7}, TypeError),
        ({"code": None}, TypeError),
    ],
)
def test_what_can_not_be_kept_is_refused_and_changes_nothing(changes, error):
    with pytest.raises(error):
        given.record(given.version(**changes))
    assert queries.last_fact() == 0


def test_a_text_that_spells_out_an_escape_may_stay():
    given.record(given.version(name="路径 C:\\u0000"))
    assert ProjectVersion.objects.get().name == "路径 C:\\u0000"


def test_subclasses_of_text_are_kept_as_plain_text():
    class Host(StrEnum):
        D1 = "D1"

    given.record(given.version(host=Host.D1, name=Host.D1))
    assert (ProjectVersion.objects.get().host, ProjectVersion.objects.get().name) == ("D1", "D1")


def test_whole_numbers_beyond_their_column_are_refused():
    plan = registry.find("projects.plan.recorded", 1)
    row = ("P1", 70000, 1, None, None, None, None, False)
    with pytest.raises(columns.TooLong):
        given.record(Act(plan, "project:P1", {"projects.YearPlan": [row]}))


def test_numbers_that_json_can_not_hold_come_back_whole():
    large = 2**60
    (fact,) = given.record(given.void(large))
    assert models.Void.objects.get().target == large
    assert orjson.loads(bytes(models.Fact.objects.get().body))["payload"]["rows"]["ledger.Void"][0][1] == str(large)
    assert queries.fact(fact).rows["ledger.Void"][0]["target"] == large


@pytest.mark.parametrize(
    "act",
    [
        Act(FactType("tests.unknown", 1), "x"),
        Act(CLAIMED_AND_VERIFIED, "x", {"projects.Note": [()]}),
        Act(CLAIMED_AND_VERIFIED, "x", {"ledger.Verdict": [(1, "verified")]}),
        Act(CLAIMED_AND_VERIFIED, "x", {"ledger.Verdict": [(1, "verified", None)] * 65535}),
    ],
)
def test_acts_that_do_not_fit_their_type_are_the_programs_mistake(act):
    with pytest.raises(ValueError):
        given.record(act)


def test_a_subject_has_an_end():
    with pytest.raises(columns.TooLong):
        given.record(replace(given.version(), subject="x" * 121))


def test_a_type_is_declared_once_with_one_table_a_model():
    assert registry.declare(CLAIMED_AND_VERIFIED) is CLAIMED_AND_VERIFIED
    with pytest.raises(ValueError, match="otherwise"):
        registry.declare(replace(CLAIMED_AND_VERIFIED, tables=()))
    with pytest.raises(ValueError, match="one table a model"):
        registry.declare(FactType("tests.double", 1, CLAIMED_AND_VERIFIED.tables * 2))


def test_random_salts_hide_equal_words():
    given.record(given.version(), given.version())
    one, other = (orjson.loads(bytes(fact.body))["payload"]["rows"] for fact in models.Fact.objects.order_by("id"))
    assert one != other


def test_equal_seeds_give_equal_bytes():
    from luodi.ledger import clock

    def bytes_of_a_store(seed):
        with transaction.atomic():
            store.note("synthetic", "yes")
            store.note("seed", seed)
            clock.stand(instant.start_of(date(2024, 1, 1)))
            given.record(given.version(), claim((own_row(0), "verified", "看过")))
            bodies = [bytes(fact.body) for fact in models.Fact.objects.order_by("id")]
            transaction.set_rollback(True)
        return bodies

    assert bytes_of_a_store("7") == bytes_of_a_store("7") != bytes_of_a_store("8")


def test_an_outer_transaction_takes_all_back():
    with pytest.raises(RuntimeError), transaction.atomic():
        given.record(given.version())
        given.record(given.version())
        raise RuntimeError
    assert queries.last_fact() == 0


def test_a_fact_counts_on_the_stores_clock_even_when_that_goes_back(monkeypatch):
    from luodi.ledger import clock

    monkeypatch.setattr(clock, "real", lambda: 1_000)
    given.record(given.version())
    monkeypatch.setattr(clock, "real", lambda: 500)
    given.record(given.version())
    assert list(models.Fact.objects.order_by("id").values_list("recorded_at", flat=True)) == [1_000, 1_001]


def test_many_rows_are_written_by_the_quick_way_too():
    (fact,) = given.record(given.versions(f"P{n}" for n in range(250)))
    assert ProjectVersion.objects.filter(id__gte=row_id(fact, 0), id__lt=row_id(fact + 1, 0)).count() == 250
    assert {row.name for row in ProjectVersion.objects.filter(code="P249")} == {"云岭P249项目"}


def test_models_say_what_they_are():
    assert str(models.FactText(fact=3)) == "texts of 3" and str(models.Evidence(digest="ab")) == "ab"
    assert (
        str(models.Seal(period="2024-01", hash="ab" * 32)) == "2024-01 abababab"
        and str(models.ProfileCopy(digest="c")) == "c"
    )
    assert str(models.StoreNote(key="a", value="b")) == "a=b"
    assert str(models.Void(target=1)) == "void 1" and str(models.Verdict(verdict="verified", target=1)) == "verified 1"


def test_the_ledger_knows_all_projections():
    assert {"projects.ProjectVersion", "ledger.Seal", "ledger.Void"} <= set(registry.models())
    assert connection.vendor in ("sqlite", "postgresql")
    assert actions.record([], actor=Actor("a", "cli")) == []
