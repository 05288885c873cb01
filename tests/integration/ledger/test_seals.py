"""Sealing: in order, once, over every fact; provable without the database."""

import json
from datetime import date

import orjson
import pytest

from luodi.kernel import digest, merkle
from luodi.kernel.period import CALENDAR_YEAR, AccountingYear
from luodi.kernel.problem import Problem, Refused
from luodi.ledger import actions, models, queries, rules, seals, store
from tests.integration.ledger import given

pytestmark = pytest.mark.django_db

BODY = b'{"city":"x"}'
DIGEST = digest.hasher("sha256")(BODY).hexdigest()


def seal(period="2024-05", *, today=date(2024, 12, 1), **options):
    known = {"calendar": CALENDAR_YEAR, "profile_digest": DIGEST, "profile_body": BODY} | options
    calendar = known["calendar"]
    return seals.seal_period(period=calendar.parse(period), actor=given.SOMEBODY, today=today, **known)


def codes(refused):
    return [problem.code for problem in refused.value.problems]


def test_a_seal_covers_all_facts_so_far():
    given.record(*(given.version(f"P{n}") for n in range(5)))
    sealed = seal(dossier={"missing": ["D2", "D3"]})
    leaves = [
        bytes(leaf) for leaf in models.Fact.objects.filter(id__lte=5).order_by("id").values_list("leaf", flat=True)
    ]
    assert (sealed.first, sealed.through, sealed.count, sealed.previous) == (1, 5, 5, "")
    assert sealed.root == merkle.root(digest.hasher("sha256"), leaves).hex()
    assert sealed.fact == 6 == queries.last_fact()
    assert queries.cut_of("2024-05") == sealed.cut and sealed.cut.at == sealed.sealed_at - 1
    assert queries.fact(6).details == {"missing": ["D2", "D3"]}
    assert bytes(models.ProfileCopy.objects.get(digest=DIGEST).body) == BODY


def test_seals_follow_one_another():
    given.record(given.version())
    one = seal("2024-05")
    given.record(given.version())
    other = seal("2024-06")
    assert (other.previous, other.first, other.through, other.count) == (one.hash, 2, 3, 2)
    assert queries.seals() == (one, other) and queries.last_seal() == other
    assert [queries.seal_covering(fact) for fact in (1, 2, 3, 4)] == [one, other, other, None]
    assert queries.live_seal("2024-07") is None and queries.cut_of("2024-07") is None


def test_the_hash_covers_every_other_column():
    sealed = seal()
    assert seals.hash_of(vars(sealed), "sha256") == sealed.hash
    for name, cell in vars(sealed).items():
        changed = {
            **vars(sealed),
            name: cell + 1 if isinstance(cell, int) else date(2020, 1, 1) if isinstance(cell, date) else cell + "x",
        }
        assert (seals.hash_of(changed, "sha256") == sealed.hash) == (name == "hash"), name


@pytest.mark.parametrize(
    ("period", "today", "code"),
    [
        ("2024-Q2", date(2024, 12, 1), "ledger.seal.not_a_month"),
        ("2024-01..02", date(2024, 12, 1), "ledger.seal.not_a_month"),
        ("2024-05-上旬", date(2024, 12, 1), "ledger.seal.not_a_month"),
        ("2024-05", date(2024, 5, 31), "ledger.seal.not_ended"),
    ],
)
def test_what_may_not_be_sealed_is_said(period, today, code):
    with pytest.raises(seals.CannotSeal) as refused:
        seal(period, today=today)
    assert codes(refused) == [code]
    assert queries.last_fact() == 0


def test_a_month_is_sealed_from_the_day_after_it_ended():
    assert seal("2024-05", today=date(2024, 6, 1)).period == "2024-05"


def test_a_month_is_sealed_once_and_in_order():
    seal("2024-05")
    with pytest.raises(seals.CannotSeal) as refused:
        seal("2024-05")
    assert codes(refused) == ["ledger.seal.exists"]
    for period in ("2024-07", "2024-04"):
        with pytest.raises(seals.CannotSeal) as refused:
            seal(period)
        assert codes(refused) == ["ledger.seal.out_of_order"]
        assert "2024-06" in refused.value.problems[0].message("en")


def test_january_and_february_are_one_where_the_city_says_so():
    merged = AccountingYear(merge_jan_feb=True)
    seal("2023-12", calendar=merged)
    with pytest.raises(seals.CannotSeal):
        seal("2024-01", calendar=merged)
    assert seal("2024-01..02", calendar=merged).period_last == date(2024, 2, 29)
    assert seal("2024-03", calendar=merged).previous


def test_the_database_refuses_a_second_seal_even_if_the_rules_do_not(monkeypatch):
    seal()
    monkeypatch.setattr(rules, "SEAL_CHECKS", ())
    with pytest.raises(seals.CannotSeal):
        seal()
    assert models.Seal.objects.count() == 1


def test_another_month_sealed_meanwhile_is_chained_to():
    given.record(given.version())
    happened = []

    def meanwhile():
        if not happened:
            happened.append(seal("2024-04"))

    # In one process the other seal can only come in by the recheck; real ones side by side are in test_side_by_side.
    sealed = seal("2024-05", recheck=meanwhile)
    assert sealed.previous == happened[0].hash and sealed.first == happened[0].through + 1


def test_a_recheck_stops_a_seal():
    def findings_are_open():
        raise Refused(Problem("kernel.refused"))

    with pytest.raises(Refused):
        seal(recheck=findings_are_open)
    assert not models.Seal.objects.exists() and not models.ProfileCopy.objects.exists()


def test_nothing_is_sealed_over_a_changed_fact(tamper):
    given.record(given.version())
    tamper("UPDATE ledger_fact SET body = leaf WHERE id = 1")
    with pytest.raises(seals.BrokenFact) as refused:
        seal()
    assert "Fact 1" in refused.value.problems[0].message("en")


def test_history_known_before_the_seal_comes_too_late():
    sealed = seal()
    with pytest.raises(actions.HistoryIsSealed) as refused:
        given.record(given.version(), given.stage(known_at=sealed.cut_at))
    assert "2024-05" in refused.value.problems[0].message("en")
    assert queries.last_fact() == 1
    given.record(given.stage(known_at=sealed.cut_at + 1))


def test_a_proof_needs_nothing_but_the_seal():
    given.record(*(given.version(f"P{n}") for n in range(7)))
    seal("2024-05")
    given.record(given.version("P8"))
    sealed = seal("2024-06")
    proof = json.loads(json.dumps(seals.proof(9)))
    hashing = digest.hasher("sha256")
    body = bytes(models.Fact.objects.get(id=9).body)
    assert proof["leaf"] == digest.leaf_hash(hashing, body).hex()
    assert merkle.is_included(
        hashing, leaf=bytes.fromhex(proof["leaf"]), index=proof["index"], count=proof["count"],
        path=[bytes.fromhex(one) for one in proof["path"]], root=bytes.fromhex(proof["seal"]["root"]),
    )  # fmt: skip
    unhashed = {name: cell for name, cell in proof["seal"].items() if name != "hash"}
    assert hashing(rfc8785_bytes(unhashed)).hexdigest() == proof["seal"]["hash"] == sealed.hash
    for fact in (10, 99):
        with pytest.raises(seals.NotSealed):
            seals.proof(fact)


def rfc8785_bytes(value):
    import rfc8785

    return rfc8785.dumps(value)


def test_an_export_is_compared_with_what_stands(tmp_path):
    seal("2024-05")
    seal("2024-06")
    file = tmp_path / "seals.json"
    seals.export(file)
    assert seals.differing(file) == []
    document = orjson.loads(file.read_bytes())
    document["seals"][1]["root"] = "0" * 64
    document["seals"].append({**document["seals"][0], "period": "2024-07"})
    file.write_bytes(orjson.dumps(document))
    assert seals.differing(file) == ["2024-06", "2024-07"]


@pytest.mark.parametrize("content", [b"", b"[]", b'{"seals": 3}', b'{"seals": [{}]}'])
def test_what_is_no_export_is_said(tmp_path, content):
    file = tmp_path / "x.json"
    file.write_bytes(content)
    with pytest.raises(seals.NoExport):
        seals.differing(file)
    with pytest.raises(seals.NoExport):
        seals.differing(tmp_path / "absent.json")


def test_a_store_may_hash_with_sm3():
    store.note("algorithm", "sm3")
    given.record(given.version())
    sealed = seal()
    hashing = digest.hasher("sm3")
    assert sealed.algorithm == "sm3"
    assert sealed.root == digest.leaf_hash(hashing, bytes(models.Fact.objects.get(id=1).body)).hex()


def test_a_thousand_facts_and_a_few_more():
    given.record(*(given.void(n) for n in range(1030)))
    assert seal().count == 1030
