"""Filing by workbook: handed out, split, filled, taken back in parts, merged, what disagrees settled, sent."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from luodi.codebook import queries as codebook
from luodi.kernel.period import month
from luodi.ledger import queries as ledger
from luodi.statistics.actions import drafts, filing, judging
from luodi.statistics.models import Draft
from luodi.statistics.models_parts import DraftPart
from luodi.statistics.queries import filings
from luodi.web.models import Account
from tests import city
from tests.integration.statistics.test_a_month import MAY, NAMES, NOTES, TODAY

pytestmark = pytest.mark.django_db
FORM = "/filing/YL-T1/2025-05/YL01/"


@pytest.fixture(autouse=True)
def a_city():
    city.make()
    for code in ("P1", "P2", "P3"):
        city.project(code)
    city.project("Q1", host="YL02")


def common(period=MAY) -> dict:
    return {"profile": codebook.profile(), "form": "YL-T1", "period": period, "unit": "YL01"}


def file_it(period=MAY, day: date = TODAY, value: str = "700"):
    """File the form through all hands, the same value in every row."""
    codes = ("P1", "P2", "P3")
    notes = dict.fromkeys(codes, NOTES["P1"])
    cells = {f"{code}|invest_completed": value for code in codes}
    typed = drafts.Typed(cells, notes, {**NAMES, "filled_on": day.isoformat()}, "d" * 64)
    drafts.save_draft(**common(period), typed=typed, seen=None, person="rep1", at=city.at(day), today=day)
    for person, step in (("chk1", "check"), ("sig1", "sign")):
        drafts.take_hand(**common(period), step=step, person=person, at=city.at(day), today=day)
    return filing.submit(**common(period), actor=city.actor("sig1", "YL01"), today=day)


def browser(person: str = "rep1") -> Client:
    Account.objects.get_or_create(login=person, defaults={"person": person})
    client = Client()
    client.force_login(Account.objects.get(login=person), backend="django.contrib.auth.backends.ModelBackend")
    return client


def sheet_of(content: bytes):
    book = openpyxl.load_workbook(io.BytesIO(content))
    return book, book.worksheets[0]


def place(sheet, code: str, head: str):
    """Find a cell by the row's code and the words of the lower head."""
    row = next(cell.row for cell in sheet["B"] if cell.value == code)
    for column in range(1, sheet.max_column + 1):
        words = [str(sheet.cell(at, column).value or "") for at in (4, 5)]
        if any(head in word for word in words):
            return sheet.cell(row, column)
    raise AssertionError(f"no head {head}")


def filled(content: bytes, cells: dict[tuple[str, str], object]) -> bytes:
    """Fill a workbook as an office would."""
    book, sheet = sheet_of(content)
    for (code, head), value in cells.items():
        place(sheet, code, head).value = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def upload(client: Client, *files: tuple[str, bytes], to: str = FORM):
    given = [SimpleUploadedFile(name, content) for name, content in files]
    return client.post(f"{to}parts/", {"files": given})


def split(client: Client, parts: dict[str, str], way: str = "below") -> dict[str, bytes]:
    answer = client.post(f"{FORM}split/", {"way": way, **{f"part:{code}": part for code, part in parts.items()}})
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    return {name: archive.read(name) for name in archive.namelist()}


def draft() -> Draft:
    return Draft.objects.get(form="YL-T1", period="2025-05", unit="YL01")


def test_the_workbook_carries_what_is_known_and_locks_what_is_not_asked():
    client = browser()
    drafts.save_draft(
        profile=codebook.profile(), form="YL-T1", period=MAY, unit="YL01", typed=drafts.Typed({"P1|invest_completed": "1,250.5"}, NOTES),
        seen=None, person="rep1", at=city.at(TODAY), today=TODAY,
    )  # fmt: skip
    answer = client.get(f"{FORM}book/")
    book, sheet = sheet_of(answer.content)
    assert sheet["A1"].value == "项目投资完成情况月报"
    assert place(sheet, "P1", "完成投资").value == 1250.5
    assert place(sheet, "P1", "总投资").value == 50000
    assert place(sheet, "P1", "形象进度").value == "主体封顶"
    assert sheet.protection.sheet
    assert not place(sheet, "P2", "完成投资").protection.locked
    assert place(sheet, "P1", "总投资").protection.locked
    assert "（万元）" in str([cell.value for cell in sheet[5]])
    assert book["luodi"].sheet_state == "veryHidden"
    assert sheet.data_validations.dataValidation
    assert "本年累计" in [cell.value for cell in sheet[4]]


def test_last_period_stands_beside_each_cell():
    file_it(month(2025, 4), city.stand(date(2025, 5, 2)))
    city.stand(TODAY)
    _book, sheet = sheet_of(browser().get(f"{FORM}book/").content)
    assert place(sheet, "P1", "上期").value == 700
    page = browser().get(FORM).content.decode()
    assert "上期 700" in page


def test_split_for_two_towns_merged_again_and_remembered():
    client = browser()
    files = split(client, {"P1": "YL0101", "P2": "YL0101", "P3": ""})
    assert [name for name in files if "东川镇" in name]
    assert [name for name in files if "未分" in name]
    town = next(content for name, content in files.items() if "东川镇" in name)
    rest = next(content for name, content in files.items() if "未分" in name)
    _book, sheet = sheet_of(town)
    assert [cell.value for cell in sheet["B"] if str(cell.value).startswith("P")] == ["P1", "P2"]
    answer = upload(
        client,
        (
            "东川镇.xlsx",
            filled(town, {("P1", "完成投资"): 1250.5, ("P2", "完成投资"): 800, ("P2", "形象进度"): "封顶"}),
        ),
        ("其余.xlsx", filled(rest, {("P3", "完成投资"): "300"})),
    )
    assert answer.status_code == 200
    assert draft().cells == {
        "P1|invest_completed": "1250.5",
        "P2|invest_completed": "800",
        "P3|invest_completed": "300",
    }
    assert draft().notes["P2"] == {"progress": "封顶"}
    kept = list(DraftPart.objects.order_by("id").values_list("name", "part", "by"))
    assert kept == [("东川镇.xlsx", "YL0101", "rep1"), ("其余.xlsx", "-", "rep1")]
    page = client.get(f"{FORM}split/").content.decode()
    assert page.count('<option value="YL0101" selected>') == 2


def test_the_same_file_again_changes_nothing():
    client = browser()
    mine = filled(client.get(f"{FORM}book/").content, {("P1", "完成投资"): 10})
    upload(client, ("一.xlsx", mine))
    edition = draft().edition
    assert "没有变化" in upload(client, ("一（1）.xlsx", mine)).content.decode()
    assert (draft().edition, DraftPart.objects.count()) == (edition, 1)


def test_cells_that_disagree_wait_for_a_choice_and_nothing_is_lost():
    client = browser()
    blank = client.get(f"{FORM}book/").content
    upload(client, ("甲.xlsx", filled(blank, {("P1", "完成投资"): 10, ("P2", "完成投资"): 20})))
    page = upload(client, ("乙.xlsx", filled(blank, {("P1", "完成投资"): 11, ("P3", "完成投资"): 30}))).content.decode()
    assert draft().cells == {"P1|invest_completed": "10", "P2|invest_completed": "20", "P3|invest_completed": "30"}
    assert 'name="choose:P1|invest_completed"' in page
    assert "1 格待选定" in client.get(FORM).content.decode()
    second = DraftPart.objects.get(name="乙.xlsx")
    client.post(f"{FORM}parts/", {"act": "settle", "choose:P1|invest_completed": str(second.id)})
    assert draft().cells["P1|invest_completed"] == "11"
    page = client.get(f"{FORM}parts/").content.decode()
    assert 'id="conflicts"' not in page
    assert "没有采用的值" in page
    first = DraftPart.objects.get(name="甲.xlsx")
    client.post(f"{FORM}parts/", {"act": "settle", "choose:P1|invest_completed": str(first.id)})
    assert draft().cells["P1|invest_completed"] == "10"


def test_what_somebody_typed_meanwhile_is_not_overwritten():
    client = browser()
    book = client.get(f"{FORM}book/").content
    drafts.save_draft(
        profile=codebook.profile(), form="YL-T1", period=MAY, unit="YL01", typed=drafts.Typed({"P1|invest_completed": "99"}),
        seen=None, person="rep1", at=city.at(TODAY), today=TODAY,
    )  # fmt: skip
    page = upload(client, ("回.xlsx", filled(book, {("P1", "完成投资"): 10, ("P2", "完成投资"): 5}))).content.decode()
    assert draft().cells == {"P1|invest_completed": "99", "P2|invest_completed": "5"}
    assert 'name="choose:P1|invest_completed"' in page
    client.post(f"{FORM}parts/", {"act": "settle", "choose:P1|invest_completed": "kept"})
    assert draft().cells["P1|invest_completed"] == "99"
    assert 'id="conflicts"' not in client.get(f"{FORM}parts/").content.decode()


def test_a_file_that_was_not_touched_claims_nothing_even_when_the_draft_has_moved_on():
    client = browser()
    upload(client, ("一.xlsx", filled(client.get(f"{FORM}book/").content, {("P1", "完成投资"): 10})))
    book = client.get(f"{FORM}book/").content
    client.post(
        f"{FORM}draft/",
        {"edition": draft().edition, "cells": {"P1|invest_completed": "12"}},
        content_type="application/json",
    )
    page = upload(client, ("二.xlsx", filled(book, {("P2", "完成投资"): 5}))).content.decode()
    assert draft().cells == {"P1|invest_completed": "12", "P2|invest_completed": "5"}
    assert 'id="conflicts"' not in page


def test_mistakes_are_marked_in_the_same_workbook_and_the_mended_one_is_taken():
    client = browser()
    files = split(client, {"P1": "YL0101", "P2": "YL0101"})
    town = next(content for name, content in files.items() if "东川镇" in name)
    bad = filled(town, {("P1", "完成投资"): "很多", ("P2", "完成投资"): "1.2345", ("P2", "设备"): 7})
    page = upload(client, ("东川镇.xlsx", bad)).content.decode()
    assert draft().cells == {"P2|equipment_invest": "7"}
    assert "很多" in page
    part = DraftPart.objects.get()
    marked, sheet = sheet_of(client.get(f"{FORM}parts/{part.id}/").content)
    wrong = place(sheet, "P1", "完成投资")
    assert wrong.fill.fgColor.rgb == "FFF4B6B6"
    assert wrong.comment.text
    assert len(marked[marked.sheetnames[-1]]["A"]) == 3
    mended = filled(town, {("P1", "完成投资"): 10, ("P2", "完成投资"): 1.23, ("P2", "设备"): 8})
    page = upload(client, ("东川镇改.xlsx", mended)).content.decode()
    assert draft().cells == {"P1|invest_completed": "10", "P2|invest_completed": "1.23", "P2|equipment_invest": "8"}
    assert 'id="conflicts"' not in page
    assert "已被后来的文件替代" in page
    assert "很多" not in page


def test_rows_of_others_and_sums_are_not_taken_but_said():
    client = browser()
    book, sheet = sheet_of(client.get(f"{FORM}book/").content)
    place(sheet, "P1", "完成投资").value = 10
    place(sheet, "P2", "完成投资").value = "12亿元"
    row = next(cell.row for cell in sheet["B"] if cell.value == "P3")
    sheet.cell(row, 2).value = "Q1"
    total = next(cell.row for cell in sheet["C"] if cell.value == "合计")
    column = place(sheet, "P1", "完成投资").column
    sheet.cell(total, column).value = 999
    out = io.BytesIO()
    book.save(out)
    page = upload(client, ("表.xlsx", out.getvalue())).content.decode()
    assert draft().cells == {"P1|invest_completed": "10"}
    assert "Q1" in page
    assert "999" in page
    assert len(DraftPart.objects.get().faults) == 3


def test_a_table_made_by_the_office_itself_is_read_by_its_heads():
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["项目名称", "完成投资（亿元）", "本年设备", "设备购置投资（万元）"])
    sheet.append(["P1生产线项目", 0.5, "x", "—"])
    sheet.append(["合计", 0.5])
    out = io.BytesIO()
    book.save(out)
    upload(browser(), ("自制.xlsx", out.getvalue()))
    assert draft().cells["P1|invest_completed"] == "5000"


def test_a_file_of_another_form_or_no_table_is_refused_and_the_others_are_taken():
    client = browser()
    other = client.get("/filing/YL-T2/2025-05/YL01/book/").content
    mine = filled(client.get(f"{FORM}book/").content, {("P1", "完成投资"): 10})
    page = upload(
        client, ("别的表.xlsx", other), ("说明.docx", b"PK\x03\x04nothing"), ("我的.xlsx", mine)
    ).content.decode()
    assert "YL-T2" in page
    assert "说明.docx" in page
    assert draft().cells == {"P1|invest_completed": "10"}


def test_nothing_is_merged_into_what_was_submitted():
    file_it()
    client = browser()
    answer = upload(client, ("一.xlsx", client.get(f"{FORM}book/").content))
    assert answer.status_code == 422
    assert "已经上报" in answer.content.decode()


def test_only_who_fills_for_the_unit_takes_files():
    assert upload(browser("rep2"), ("一.xlsx", b"x")).status_code == 404
    assert upload(browser("reform"), ("一.xlsx", b"x")).status_code == 403


def test_what_was_sent_back_stands_in_the_grid_again():
    one = file_it()
    judging.judge(
        submission=one.id, verdict="sent_back", unit="YLD02", actor=city.actor("centre", "YLD02"), today=TODAY, reason="P1 请核"
    )  # fmt: skip
    page = browser().get(FORM).content.decode()
    assert page.count('value="700"') == 3
    assert 'value="丙"' in page
    client = browser()
    client.post(
        f"{FORM}draft/", {"edition": 0, "cells": {"P1|invest_completed": "1300"}}, content_type="application/json"
    )
    kept = draft()
    assert (kept.cells["P2|invest_completed"], kept.cells["P1|invest_completed"]) == ("700", "1300")
    assert kept.signatories["head"] == "甲"
    assert kept.scan == "d" * 64
    assert filings.return_of(form="YL-T1", period="2025-05", unit="YL01").standing == "sent_back"


def test_what_could_not_be_saved_stands_on_the_page_again():
    client = browser()
    client.post(FORM, {"edition": "0", "act": "save", "cell:P1|invest_completed": "1"})
    Draft.objects.update(
        cells={"P1|invest_completed": "2"}, marks={"P1|invest_completed": [5, "chk1"]}, edition=5
    )  # somebody else was quicker
    answer = client.post(
        FORM, {"edition": "1", "act": "save", "cell:P1|invest_completed": "3", "note:progress:P1": "很久"}
    )
    assert answer.status_code == 422
    assert 'value="3"' in answer.content.decode()
    assert "很久" in answer.content.decode()
    assert draft().cells == {"P1|invest_completed": "2"}


def queries(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


@pytest.mark.parametrize("page", ["", "book/", "split/", "parts/"])
def test_the_number_of_queries_does_not_grow_with_rows(page):
    client = browser()
    upload(client, ("一.xlsx", filled(client.get(f"{FORM}book/").content, {("P1", "完成投资"): 10})))
    few = queries(client, FORM + page)
    for n in range(10, 40):
        city.project(f"P{n}")
    upload(
        client,
        ("二.xlsx", filled(client.get(f"{FORM}book/").content, {(f"P{n}", "完成投资"): n for n in range(10, 40)})),
    )
    assert queries(client, FORM + page) == few


def test_what_waits_for_a_choice_keeps_the_form_from_going_and_its_files_are_named_when_it_goes():
    client = browser()
    blank = client.get(f"{FORM}book/").content
    full = {
        (code, head): value for code in ("P1", "P2", "P3") for head, value in (("完成投资", 10), ("形象进度", "主体"))
    }
    upload(client, ("甲.xlsx", filled(blank, full)))
    upload(client, ("乙.xlsx", filled(blank, {("P1", "完成投资"): 11})))
    names = drafts.Typed({}, None, NAMES, "d" * 64)
    drafts.save_draft(**common(), typed=names, seen=None, person="rep1", at=city.at(TODAY), today=TODAY)
    for person, step in (("chk1", "check"), ("sig1", "sign")):
        drafts.take_hand(**common(), step=step, person=person, at=city.at(TODAY), today=TODAY)
    with pytest.raises(filing.CannotSubmit) as refusal:
        filing.submit(**common(), actor=city.actor("sig1", "YL01"), today=TODAY)
    assert [problem.code for problem in refusal.value.problems] == ["filing.conflicts_open"]
    client.post(f"{FORM}parts/", {"act": "settle", "choose:P1|invest_completed": "kept"})
    digests = list(DraftPart.objects.order_by("id").values_list("digest", flat=True))
    assert len(digests) == 2
    one = filing.submit(**common(), actor=city.actor("sig1", "YL01"), today=TODAY)
    assert [line.split()[0] for line in ledger.fact(one.fact).details["files"]] == digests
    assert not DraftPart.objects.exists()
