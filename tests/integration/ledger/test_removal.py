"""What the law takes away is gone, and verify says removed, not broken."""

import pytest

from luodi.ledger import evidence, models, queries, store, texts, verification
from luodi.ledger.values import row_id
from luodi.projects.models import ProjectVersion, StageEvent
from tests.integration.ledger import given
from tests.integration.ledger.test_record import claim

pytestmark = pytest.mark.django_db


def remove(row, *columns):
    return texts.remove(row=row, columns=columns, reason="本人要求", actor=given.SOMEBODY)


def test_the_words_are_gone_and_the_fact_stays():
    given.record(given.versions(["P1", "P2"]))
    removal = remove(row_id(1, 1), "name", "investor")
    one, other = ProjectVersion.objects.order_by("id")
    assert (one.name, other.name, other.investor, other.content) == ("云岭P1项目", None, None, "年产若干")
    assert "云岭P2项目" not in models.FactText.objects.get(fact=1).texts
    assert "云岭P1项目" in models.FactText.objects.get(fact=1).texts
    fact = queries.fact(removal)
    assert (fact.name, fact.texts) == ("ledger.text.removed", {"reason": "本人要求"})
    assert (fact.details["table"], fact.details["row"], fact.details["columns"]) == (
        "projects.ProjectVersion", row_id(1, 1), ["name", "investor"],
    )  # fmt: skip
    assert queries.fact(1).rows["projects.ProjectVersion"][1]["name"] is None
    report = verification.verify()
    assert report.problems == [] and report.removed_texts == 2


def test_a_reason_given_beside_the_rows_can_go_too():
    given.record(claim())
    texts.remove_own(fact=1, names=["reason"], reason="依法", actor=given.SOMEBODY)
    assert queries.fact(1).texts == {"reason": None}
    assert verification.verify().problems == []
    for fact, name in ((1, "reason"), (1, "other"), (9, "reason")):
        with pytest.raises(texts.NoSuchText):
            texts.remove_own(fact=fact, names=[name], reason="依法", actor=given.SOMEBODY)


def test_rows_of_a_second_table_are_found_by_their_place():
    given.record(claim((3, "verified", "看过现场")))
    remove(row_id(1, 2), "reason")
    assert models.Verdict.objects.get().reason is None
    assert queries.fact(1).rows["projects.StageEvent"][1]["evidence_note"] == "照片"


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (row_id(1, 0), "host"),
        (row_id(1, 0), "excluded"),
        (row_id(1, 0), "nothing"),
        (row_id(1, 5), "name"),
        (row_id(7, 0), "name"),
    ],
)
def test_what_is_no_erasable_text_is_said(row, column):
    given.record(given.version())
    with pytest.raises(texts.NoSuchText):
        remove(row, column)
    assert queries.last_fact() == 1


def test_a_text_is_removed_once():
    given.record(given.version())
    remove(row_id(1, 0), "name")
    with pytest.raises(texts.NoSuchText):
        remove(row_id(1, 0), "name", "content")
    assert ProjectVersion.objects.get().content == "年产若干"


def test_evidence_is_kept_once_under_its_digest():
    one = evidence.store(b"photo", "image/jpeg")
    assert evidence.store(b"photo", "image/jpeg") == one
    assert evidence.read(one) == b"photo"
    assert queries.evidence_of([one, "x"])[one]["size"] == 5
    assert not list(evidence.folder().rglob(".*"))


def test_evidence_removed_by_law_leaves_digest_reason_and_who():
    digest = evidence.store(b"a face", "image/jpeg")
    given.record(given.stage(evidence=[digest]))
    fact = evidence.remove(digest, reason="含身份证照片", actor=given.SOMEBODY)
    assert queries.fact(fact).details == {"digest": digest} and queries.fact(fact).texts == {"reason": "含身份证照片"}
    assert not evidence.path_of(digest).exists()
    assert StageEvent.objects.get().evidence == [digest]
    report = verification.verify()
    assert report.problems == [] and report.removed_files == 1
    for again in (lambda: evidence.read(digest), lambda: evidence.store(b"a face", "image/jpeg")):
        with pytest.raises(evidence.EvidenceRemoved):
            again()
    with pytest.raises(evidence.EvidenceRemoved):
        evidence.remove(digest, reason="再次", actor=given.SOMEBODY)


def test_a_file_that_came_back_is_named():
    digest = evidence.store(b"a face", "image/jpeg")
    evidence.remove(digest, reason="依法", actor=given.SOMEBODY)
    evidence.path_of(digest).write_bytes(b"a face")
    (problem,) = verification.verify().problems
    assert problem.code == "ledger.verify.evidence_not_removed"


def test_unknown_lost_and_changed_evidence_is_said():
    for act in (lambda: evidence.read("0" * 64), lambda: evidence.remove("0" * 64, reason="x", actor=given.SOMEBODY)):
        with pytest.raises(evidence.NoSuchEvidence):
            act()
    digest = evidence.store(b"photo", "image/jpeg")
    evidence.path_of(digest).write_bytes(b"other")
    with pytest.raises(evidence.EvidenceLost):
        evidence.read(digest)
    evidence.path_of(digest).unlink()
    with pytest.raises(evidence.EvidenceLost):
        evidence.read(digest)


def test_a_file_is_not_half_written(monkeypatch, tmp_path):
    import errno
    import os

    def full(_file):
        raise OSError(errno.ENOSPC, "no room")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(store.DiskFull):
        evidence.write_whole(tmp_path / "x", b"content")
    assert list(tmp_path.iterdir()) == []
