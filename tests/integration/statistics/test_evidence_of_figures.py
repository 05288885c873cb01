"""A figure's own evidence: attached to the draft, filed with the figure, checked with it, corrected with it, never lost on the way."""

from __future__ import annotations

from datetime import date

import pytest

from luodi.codebook import queries as codebook
from luodi.identity.permissions import NotAllowed
from luodi.kernel.period import month
from luodi.kernel.problem import Refused
from luodi.ledger import evidence as files
from luodi.ledger import queries as ledger
from luodi.ledger import verification
from luodi.projects.actions import merging
from luodi.projects.rules.merging import Choices
from luodi.statistics.actions import attaching, drafts, filing, judging
from luodi.statistics.models import Draft, Figure
from luodi.statistics.queries import evidence
from tests import city

pytestmark = pytest.mark.django_db

MAY, TODAY = month(2025, 5), date(2025, 6, 2)
CELL = ("P1", "funds_in_place")
NAMES = {"head": "甲", "statistician": "乙", "filler": "丙", "telephone": "0000-0000000", "filled_on": "2025-06-02"}
PNG = b"\x89PNG\r\n\x1a\n" + b"slip"


@pytest.fixture(autouse=True)
def a_city(tmp_path, settings):
    settings.HOME = tmp_path
    city.make()
    city.project("P1")


def where():
    return {"profile": codebook.profile(), "form": "YL-T2", "period": MAY, "unit": "YL01"}


def slip(content=PNG) -> str:
    return files.store(content, "image/png")


def attach(digest=None, *, cell=CELL, kind="bank_slip", person="rep1"):
    return attaching.attach(
        **where(), cell=cell, kind=kind, digest=digest or slip(), person=person, at=city.at(TODAY), today=TODAY
    )


def detach(digest, person="rep1"):
    return attaching.detach(**where(), cell=CELL, digest=digest, person=person, at=city.at(TODAY), today=TODAY)


def save(**cells):
    typed = drafts.Typed(
        {f"P1|{measure}": text for measure, text in cells.items()}, {}, NAMES, files.store(b"%PDF-scan", "")
    )
    drafts.save_draft(**where(), typed=typed, seen=None, person="rep1", at=city.at(TODAY), today=TODAY)


def send():
    asked = [one for one in filing.preview(**where(), today=TODAY).findings if one.severity == "soft"]
    if asked:
        judging.explain(findings=asked, words="已与企业核实", actor=city.actor("rep1", "YL01"), today=TODAY)
    for step, person in (("check", "chk1"), ("sign", "sig1")):
        drafts.take_hand(**where(), step=step, person=person, at=city.at(TODAY), today=TODAY)
    return filing.submit(**where(), actor=city.actor("sig1", "YL01"), today=TODAY)


def judge(one, verdict="accepted", reason=""):
    actor = city.actor("promo", "YLD01")
    return judging.judge(submission=one.id, verdict=verdict, unit="YLD01", actor=actor, today=TODAY, reason=reason)


def filed():
    save(funds_in_place="800")
    attach()
    return send()


def codes(refusal) -> list[str]:
    return [problem.code for problem in refusal.value.problems]


def blocking() -> list[str]:
    return [one.code for one in filing.preview(**where(), today=TODAY).problems if one.code.startswith("filing.evid")]


def test_a_figure_is_filed_with_the_digest_of_its_slip():
    one = filed()
    row = Figure.objects.get(subject="P1", measure="funds_in_place")
    assert (row.evidence, row.evidence_kinds) == ([slip()], ["bank_slip"])
    fact = ledger.fact(one.fact)
    assert fact.version == 2
    assert slip() in fact.evidence
    (file,) = evidence.files_of_subjects(["P1"])
    assert (file.figure, file.kind, file.period, file.checked_by) == (row.id, "bank_slip", "2025-05", ())
    assert (file.access.filed_by, file.access.filed_unit) == ("sig1", "YL01")
    assert file.access.checking_units == frozenset({"YLD01"})
    judge(one)
    (file,) = evidence.files_of_subjects(["P1"])
    assert file.checked_by == (("promo", "YLD01"),)
    assert evidence.files_of_figure(row.id) == [file]


def test_what_the_system_filled_is_counted_with_the_return():
    one = filed()
    head = ledger.fact(one.fact).rows["statistics.Submission"][0]
    assert (head["asked"], head["known"]) == (2, 4)  # name, code, total investment, stage


def test_attaching_takes_the_form_back_to_its_first_hand_and_the_same_file_twice_is_once():
    save(funds_in_place="800")
    drafts.take_hand(**where(), step="check", person="chk1", at=city.at(TODAY), today=TODAY)
    assert attach().state == "fill"
    edition = Draft.objects.get().edition
    assert attach().edition == edition
    assert [len(one) for one in Draft.objects.get().evidence.values()] == [1]
    assert detach(slip()).evidence == {}
    assert detach("f" * 64).edition == edition + 1


def test_a_cell_takes_only_its_kinds_and_only_from_who_fills_it():
    with pytest.raises(attaching.CannotAttach) as refusal:
        attach(kind="site_photo")
    assert codes(refusal) == ["filing.evidence_kind"]
    with pytest.raises(attaching.CannotAttach) as refusal:
        attach(cell=("P1", "foreign_capital"))
    assert codes(refusal) == ["filing.evidence_kind"]
    with pytest.raises(NotAllowed):
        attach(person="rep2")
    with pytest.raises(NotAllowed):
        detach(slip(), person="rep2")


def test_a_slip_without_a_figure_and_a_slip_removed_by_law_stop_the_return():
    attach()
    save(foreign_capital="0")
    assert blocking() == ["filing.evidence_without_figure"]
    save(funds_in_place="800")
    assert blocking() == []
    files.remove(slip(), reason="含个人账号", actor=city.OPERATOR)
    assert blocking() == ["filing.evidence_gone"]
    with pytest.raises(Refused):
        send()


def test_a_return_sent_back_keeps_its_slips():
    judge(filed(), "sent_back", "金额与回单不符")
    kept = drafts.draft(form="YL-T2", period="2025-05", unit="YL01")
    assert kept.evidence == {"P1|funds_in_place": [["bank_slip", slip(), "sig1"]]}
    save(funds_in_place="790")
    send()
    assert [row.evidence for row in Figure.objects.filter(measure="funds_in_place")] == [[slip()], [slip()]]


def test_a_reopened_cell_brings_its_own_slip_and_the_old_figure_keeps_its():
    judge(filed())
    judging.reopen_cells(
        **where(), cells=[CELL], acting_for="YLD01", reason="退汇", actor=city.actor("promo", "YLD01"), today=TODAY
    )
    save(funds_in_place="700")
    attach(slip(PNG + b"2"))
    with pytest.raises(attaching.CannotAttach):
        attach(slip(PNG + b"3"), cell=("P1", "foreign_capital"))
    judge(send())
    assert [row.evidence for row in Figure.objects.filter(subject="P1", measure="funds_in_place").order_by("id")] == [
        [slip()],
        [slip(PNG + b"2")],
    ]
    shown = evidence.files_of_return(form="YL-T2", period="2025-05", unit="YL01")
    assert [one.digest for one in shown[CELL]] == [slip(PNG + b"2")]


def test_verify_names_a_slip_with_one_byte_changed_and_reports_a_removed_one():
    filed()
    path = files.path_of(slip())
    path.write_bytes(PNG[:-1] + b"q")
    (problem,) = verification.verify().problems
    assert (problem.code, problem.where) == ("ledger.verify.evidence_changed", f"file={slip()}")
    path.write_bytes(PNG)
    files.remove(slip(), reason="含个人账号", actor=city.OPERATOR)
    report = verification.verify()
    assert (report.problems, report.removed_files) == ([], 1)


def test_a_merge_carries_the_slips_along():
    judge(filed())
    city.project("P2")
    merging.merge_projects(
        "P1", into="P2", reason="同一项目两次登记", actor=city.actor("promo", "YLD01"), today=TODAY, choices=Choices()
    )
    (file,) = [one for one in evidence.files_of_subjects(["P2"]) if one.measure == "funds_in_place"]
    assert (file.digest, file.kind) == (slip(), "bank_slip")
    assert verification.verify().problems == []


def test_the_check_asks_the_acceptor_to_look_where_a_large_figure_has_none():
    save(funds_in_place="5000")
    found = {one.check for one in filing.preview(**where(), today=TODAY).findings}
    assert "figure_without_evidence" in found
    attach()
    found = {one.check for one in filing.preview(**where(), today=TODAY).findings}
    assert "figure_without_evidence" not in found
