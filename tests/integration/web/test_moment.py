"""Forms of the moment: from an Excel head to the collected table; who may send, fill, see; ended, made regular; rebuilt from facts."""

from __future__ import annotations

import io
import shutil
from datetime import date
from urllib.parse import urlencode

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from luodi.codebook import queries as codebook
from luodi.codebook.load import SHIPPED, load_profile
from luodi.identity import actions as identity
from luodi.ledger import rebuilding, verification
from luodi.ledger.models import Fact
from luodi.ledger.values import FactType
from luodi.statistics import facts_moment
from luodi.statistics.models_moment import MomentForm
from luodi.statistics.queries import moment as queries
from luodi.web.models import Account
from tests import city
from tests.integration.projects.test_rebuild import rows
from tests.integration.web.test_filing_books import filled, upload

pytestmark = pytest.mark.django_db
TODAY = date(2025, 6, 2)
OWERS = ("YL01", "YL02", "YLP1")


@pytest.fixture(autouse=True)
def a_city():
    city.make()
    for code in ("P1", "P2"):
        city.project(code, attributes={"site": "东川镇"})
    city.project("Q1", host="YL02")
    city.project("S1", host="YL02", life=(("在谈", date(2024, 1, 10)),))


def browser(person: str) -> Client:
    Account.objects.get_or_create(login=person, defaults={"person": person})
    client = Client()
    client.force_login(Account.objects.get(login=person), backend="django.contrib.auth.backends.ModelBackend")
    return client


def head() -> bytes:
    """An office's head: a title, a corner note, merged cells over two rows, two rows filled in as an example."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet["A1"] = "全市重点项目用工保障情况表"
    sheet.merge_cells("A1:H1")
    sheet["A2"] = "填报单位："
    sheet["H2"] = "单位：万元"
    for place, value in {
        "A3": "序号", "B3": "项目名称", "C3": "总投资（亿元）", "D3": "用工情况", "D4": "现有人数（人）", "E4": "缺口（人）",
        "F3": "是否停工", "G3": "工资支出", "H3": "备注",
    }.items():  # fmt: skip
        sheet[place] = value
    sheet.merge_cells("D3:E3")
    for column in "ABCFGH":
        sheet.merge_cells(f"{column}3:{column}4")
    sheet.append([1, "例：某项目", 5, 10, 2, "否", 3.5, "无"])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def read_head(client: Client) -> dict[str, str]:
    """Upload the head; give the page's fields as they come out."""
    given = {
        "act": "read",
        "unit": "YLD03",
        "due_on": "2025-06-03",
        "closes_on": "2025-06-10",
        "head": SimpleUploadedFile("表头.xlsx", head()),
    }
    answer = client.post("/moment/new/", given)
    assert answer.status_code == 200
    fields = {"unit": "YLD03", "subject": answer.context["now"].subject, "title": answer.context["now"].title}
    for line in answer.context["lines"]:
        at, column = line["at"], line["column"]
        fields |= {
            f"label{at}": column.label,
            f"type{at}": column.type,
            f"in{at}": column.unit,
            f"known{at}": column.known,
        }
        fields |= {f"choices{at}": line["choices"], f"order{at}": str(line["order"])}
    return fields


def sent(person: str = "reform", **changes: object) -> int:
    """Send the form of the head to two counties and a park, a row a project that was signed."""
    client = browser(person)
    fields = {
        **read_head(client),
        "due_on": "2025-06-03",
        "closes_on": "2025-06-10",
        "ower": OWERS,
        "stage": "签约",
        **changes,
    }
    answer = client.post("/moment/new/", {**fields, "act": "send"})
    assert answer.status_code == 302, answer.content.decode()
    return MomentForm.objects.latest("id").id


def columns(id: int) -> dict[str, str]:
    return {column.label: column.name for column in queries.moment(id).columns}


def file(id: int, person: str = "rep1", unit: str = "YL01", codes=("P1", "P2"), **changes: str):
    names = columns(id)
    cells = {
        "用工情况·现有人数": "10",
        "用工情况·缺口": "2",
        "是否停工": "否",
        "工资支出": "3.5",
        "备注": "—",
        **changes,
    }
    typed = {f"cell:{code}|{names[label]}": text for code in codes for label, text in cells.items()}
    return browser(person).post(
        f"/moment/{id}/{unit}/", {"act": "file", "edition": "", "filler": "丙", "telephone": "0000", **typed}
    )


def test_an_excel_head_with_merged_cells_becomes_columns():
    answer = browser("reform").post(
        "/moment/new/",
        {"act": "read", "unit": "YLD03", "due_on": "2025-06-03", "head": SimpleUploadedFile("表头.xlsx", head())},
    )
    found = [
        (line["column"].label, line["column"].type, line["column"].unit, line["column"].known)
        for line in answer.context["lines"]
        if line["column"].label
    ]
    assert found == [
        ("总投资", "money", "亿元", "total_investment"), ("用工情况·现有人数", "whole", "人", ""), ("用工情况·缺口", "whole", "人", ""),
        ("是否停工", "yes_no", "", ""), ("工资支出", "money", "万元", ""), ("备注", "text", "", ""),
    ]  # fmt: skip
    assert (answer.context["now"].title, answer.context["now"].subject) == ("全市重点项目用工保障情况表", "project")


def test_columns_may_be_typed_and_asked_of_units():
    answer = browser("reform").post(
        "/moment/new/",
        {"act": "read", "unit": "YLD03", "due_on": "2025-06-03", "lines": "县区\n房屋面积（亩）\t停产企业数\n进展"},
    )
    found = [
        (line["column"].label, line["column"].type, line["column"].unit)
        for line in answer.context["lines"]
        if line["column"].label
    ]
    assert found == [("房屋面积", "number", "亩"), ("停产企业数", "whole", ""), ("进展", "text", "")]
    assert answer.context["now"].subject == "unit"


def test_what_is_wrong_is_said_all_at_once_and_nothing_typed_goes():
    client = browser("reform")
    fields = read_head(client)
    answer = client.post(
        "/moment/new/",
        {**fields, "title": "", "due_on": "2025-06-01", "closes_on": "2025-05-30", "type5": "choice", "act": "send"},
    )
    assert answer.status_code == 422
    codes = {problem.code for problem in answer.context["problems"]}
    assert codes == {
        "moment.title_missing",
        "moment.due_over",
        "moment.closes_before_due",
        "moment.no_choices",
        "moment.nobody_owes",
    }
    assert answer.context["now"].columns[1].label == "用工情况·现有人数"
    assert MomentForm.objects.count() == 0


def test_the_preview_is_what_the_filler_sees_with_what_the_ledger_knows():
    client = browser("reform")
    fields = {**read_head(client), "due_on": "2025-06-03", "ower": OWERS, "stage": "签约", "act": "preview"}
    page = client.post("/moment/new/", fields)
    assert page.status_code == 200
    assert (page.context["units_asked"], page.context["rows_asked"], page.context["without_rows"]) == (2, 3, ["YLP1"])
    (first, _second) = page.context["preview"]["rows"]
    assert (first.label, first.cells[0].typed, first.cells[0].open, first.cells[1].open) == (
        "P1生产线项目",
        "5",
        False,
        True,
    )
    assert MomentForm.objects.count() == 0


def test_from_a_head_to_the_collected_table():
    id = sent()
    desk = browser("rep1").get("/moment/").content.decode()
    assert f'href="/moment/{id}/YL01/"' in desk
    assert "全市重点项目用工保障情况表" in desk
    assert file(id).status_code == 302
    page = browser("reform").get(f"/moment/{id}/").content.decode()
    assert "已报 1 / 2" in page
    assert "西岭县" in page
    book = openpyxl.load_workbook(io.BytesIO(browser("reform").get(f"/moment/{id}/table.xlsx").content))
    rows = [[cell.value for cell in row] for row in book.active.iter_rows()]
    assert rows[0] == [
        "单位",
        "项目名称",
        "项目编号",
        "总投资（亿元）",
        "用工情况·现有人数（人）",
        "用工情况·缺口（人）",
        "是否停工",
        "工资支出（万元）",
        "备注",
    ]
    assert rows[1] == ["东川区", "P1生产线项目", "P1", 5, 10, 2, "否", 3.5, None]
    assert rows[3][:4] == ["西岭县", "Q1生产线项目", "Q1", None]
    assert rows[4][3:8] == [10, 20, 4, None, 7]


def test_what_the_ledger_does_not_know_is_asked_after_all():
    city.project("P9", total_investment=None)
    id = sent()
    names = columns(id)
    answer = browser("rep1").get(f"/moment/{id}/YL01/").content.decode()
    assert f'name="cell:P9|{names["总投资"]}"' in answer
    assert f'name="cell:P1|{names["总投资"]}"' not in answer
    browser("rep1").post(
        f"/moment/{id}/YL01/draft/",
        {"edition": 0, "cells": {f"P1|{names['总投资']}": "999"}},
        content_type="application/json",
    )
    assert "999" not in browser("rep1").get(f"/moment/{id}/YL01/").content.decode()


def test_the_workbook_road_goes_for_it_too():
    id = sent()
    client = browser("rep1")
    book = client.get(f"/moment/{id}/YL01/book/").content
    full = {
        (code, head): value
        for code in ("P1", "P2")
        for head, value in (("现有人数", 12), ("缺口", 3), ("工资支出", 4.5))
    }
    page = upload(client, ("回.xlsx", filled(book, {**full, ("P1", "是否停工"): "也许"})), to=f"/moment/{id}/YL01/")
    assert page.status_code == 200
    assert "也许" in page.content.decode()
    names = columns(id)
    shown = client.get(f"/moment/{id}/YL01/").content.decode()
    assert f'name="cell:P1|{names["用工情况·现有人数"]}" value="12"' in shown
    assert client.post(f"/moment/{id}/YL01/split/", {"way": "below", "part:P1": "YL0101"}).content[:2] == b"PK"
    assert '<option value="YL0101" selected>' in client.get(f"/moment/{id}/YL01/split/?way=below").content.decode()


def test_a_bad_or_missing_cell_keeps_the_return_and_says_where():
    id = sent(required1="1")
    answer = file(id, 用工情况·缺口="两", 用工情况·现有人数="")
    assert answer.status_code == 422
    codes = sorted(problem.code for problem in answer.context["problems"])
    assert codes == ["moment.cell_missing", "moment.cell_missing", "typed.text", "typed.text"]
    assert 'value="两"' in answer.content.decode()
    assert 'value="3.5"' in browser("rep1").get(f"/moment/{id}/YL01/").content.decode()


def test_sent_back_mended_and_filed_again_the_last_counts():
    id = sent()
    file(id)
    browser("reform").post(f"/moment/{id}/", {"act": "send_back", "unit": "YL01", "reason": "缺口不对"})
    page = browser("rep1").get(f"/moment/{id}/YL01/").content.decode()
    assert "缺口不对" in page
    assert 'value="3.5"' in page
    file(id, 用工情况·缺口="7")
    rows = queries.collected(queries.moment(id), profile=codebook.profile(), today=TODAY)
    assert [row.values.get(columns(id)["用工情况·缺口"]) for row in rows] == ["7", "7", None]


def test_reminding_reaches_those_who_have_not_filed_once_a_day():
    id = sent()
    file(id)
    office = browser("reform")
    assert "西岭县" in office.get(f"/moment/{id}/").context["late_text"]
    office.post(f"/moment/{id}/", {"act": "remind"})
    assert "已催 1 次" in browser("rep2").get("/moment/").content.decode()
    assert office.post(f"/moment/{id}/", {"act": "remind"}).status_code == 422


def test_it_ends_by_itself_after_its_last_day():
    id = sent()
    city.stand(date(2025, 6, 10))
    assert "cell:P1" in browser("rep1").get(f"/moment/{id}/YL01/").content.decode()
    city.stand(date(2025, 6, 11))
    assert "cell:P1" not in browser("rep1").get(f"/moment/{id}/YL01/").content.decode()
    answer = file(id)
    assert (answer.status_code, answer.context["problems"][0].code) == (422, "moment.over")


def test_it_can_be_ended_before_and_is_then_over():
    id = sent()
    browser("reform").post(f"/moment/{id}/", {"act": "end"})
    assert file(id).status_code == 422
    assert browser("reform").post(f"/moment/{id}/", {"act": "end"}).status_code == 422


def test_made_regular_it_goes_to_the_administrators_as_yaml_that_the_profile_takes(tmp_path):
    id = sent()
    browser("reform").post(f"/moment/{id}/", {"act": "regular"})
    (one,) = browser("sysadmin").get("/moment/").context["regular"]
    folder = tmp_path / "profile"
    shutil.copytree(SHIPPED, folder)
    (folder / "99-moment.yaml").write_text(one["yaml"], "utf-8")
    form = load_profile(folder).forms[-1]
    assert (form.zh, form.owner, form.owes.unit_kinds) == (
        "全市重点项目用工保障情况表",
        "reform_commission",
        ("district",),
    )
    assert len(form.measures) == 3
    assert queries.moment(id).regular
    assert file(id).status_code == 302, "it stays as data, and open, until its last day"
    assert browser("reform").post(f"/moment/{id}/", {"act": "regular"}).status_code == 422


def test_only_who_may_sends_and_only_who_owes_fills():
    id = sent()
    assert browser("chk1").get("/moment/new/").status_code == 403
    assert browser("rep2").get(f"/moment/{id}/YL01/").status_code == 404
    assert browser("promo").get(f"/moment/{id}/").status_code == 404
    assert browser("leader").get("/moment/").status_code == 403
    fields = {
        **read_head(browser("rep1")),
        "unit": "YL01",
        "subject": "unit",
        "due_on": "2025-06-03",
        "ower": ["YL02"],
        "act": "send",
    }
    answer = browser("rep1").post("/moment/new/", fields)
    assert [problem.code for problem in answer.context["problems"]] == ["moment.out_of_reach"]
    towns = {**fields, "ower": ["YL0101"]}
    assert browser("rep1").post("/moment/new/", towns).status_code == 302


def test_a_project_before_signing_is_veiled_for_the_office_that_collects():
    id = sent(stage="")
    browser("rep2").post(f"/moment/{id}/YL02/", {"act": "file", "edition": ""})
    body = browser("reform").get(f"/moment/{id}/").content.decode()
    assert "S1生产线项目" not in body
    assert "S1生产线项目" in browser("rep2").get(f"/moment/{id}/YL02/").content.decode()


def test_names_and_words_stand_in_the_ledger_as_commitments_and_all_is_rebuilt():
    id = sent()
    file(id, 备注="张某手机留存")
    bodies = b"".join(bytes(one.body) for one in Fact.objects.filter(name__startswith="statistics.moment"))
    assert "张某手机留存".encode() not in bodies
    assert "丙".encode() not in bodies
    office = browser("reform")
    for act in (
        {"act": "remind"},
        {"act": "send_back", "unit": "YL01", "reason": "核对"},
        {"act": "regular"},
        {"act": "end"},
    ):
        assert office.post(f"/moment/{id}/", act).status_code == 302, act
    done = set(Fact.objects.values_list("name", flat=True))
    assert {kind.name for kind in vars(facts_moment).values() if isinstance(kind, FactType)} <= done
    before = rows()
    assert verification.verify().problems == []
    rebuilding.rebuild()
    assert rows() == before


def queries_of(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


def test_the_number_of_queries_does_not_grow_with_rows():
    few_id = sent()
    file(few_id)
    addresses = ("/moment/{}/YL01/", "/moment/{}/YL01/book/", "/moment/{}/YL01/split/")
    few = [queries_of(browser("rep1"), one.format(few_id)) for one in addresses]
    few += [queries_of(browser("reform"), f"/moment/{few_id}/"), queries_of(browser("rep1"), "/moment/")]
    codes = tuple(f"P{n}" for n in range(20, 45))
    for code in codes:
        city.project(code)
    many_id = sent()
    file(many_id, codes=("P1", "P2", *codes))
    many = [queries_of(browser("rep1"), one.format(many_id)) for one in addresses]
    many += [queries_of(browser("reform"), f"/moment/{many_id}/"), queries_of(browser("rep1"), "/moment/")]
    assert many == few


def test_a_department_fills_through_its_own_reporter():
    identity.register_person(person="dept", name="演示部门", actor=city.OPERATOR, on=TODAY)
    identity.give_post(
        person="dept", unit="YLD05", role="reporter", valid_from=city.BEGAN, actor=city.OPERATOR, on=TODAY
    )
    id = sent(subject="unit", ower=["YLD05"])
    assert browser("dept").get(f"/moment/{id}/YLD05/").status_code == 200


# --- the list of the moment ---------------------------------------------------------------------------------------


def listed(person: str = "centre", **query: object):
    return browser(person).get("/moment/list/?" + urlencode(query, doseq=True))


def test_the_address_is_the_list():
    page = listed(
        c=["code", "total_investment", "attribute:site"], sort="-code", money="亿元", title="在建项目", stage="开工"
    )
    table = page.context["table"]
    assert [head.label for head in table.heads] == ["项目编号", "总投资", "建设地点"]
    rows = table.rows()
    assert [row[0] for row in rows] == ["Q1", "P2", "P1"]
    assert (str(rows[0][1]), table.heads[1].unit, str(table.totals[1])) == ("5.00", "亿元", "15.00")
    assert page.context["text"].splitlines()[0] == "在建项目"
    assert page.context["text"].splitlines()[-1] == "共 3 项，总投资15亿元。"


def test_a_long_list_shows_its_first_rows_and_the_sums_of_all(monkeypatch):
    monkeypatch.setattr("luodi.web.views.moment_list.PER_PAGE", 2)
    asked = {"c": ["code", "total_investment"], "sort": "-code", "money": "亿元", "stage": "开工"}
    second = listed(**asked, page=2)
    assert [row[0]["text"] for row in second.context["rows"]] == ["P1"]
    assert '<td class="num">3</td>' in second.content.decode()  # its number in the whole list
    assert second.context["totals"] == ["", "15"]
    assert second.context["text"].splitlines()[1:] == ["3. P1，5亿元", "共 3 项，总投资15亿元。"]
    whole = listed(**asked, all=1)
    assert [row[0]["text"] for row in whole.context["rows"]] == ["Q1", "P2", "P1"]


def test_the_list_as_a_workbook():
    answer = browser("centre").get("/moment/list/?c=name&c=total_investment&stage=开工&as=xlsx&title=在建")
    rows = [
        [cell.value for cell in row] for row in openpyxl.load_workbook(io.BytesIO(answer.content)).active.iter_rows()
    ]
    assert rows[0] == ["项目名称", "总投资（万元）"]
    assert ["P1生产线项目", 50000] in rows


def test_the_list_does_not_name_what_may_not_be_named():
    page = listed("rep1", c=["name", "investor"])
    assert "S1" not in page.content.decode()
    assert page.context["table"].left_out == 2


def test_the_list_asks_the_store_as_often_for_many_as_for_few():
    address = "/moment/list/?" + urlencode({"c": ["name", "progress", "measure:invest_completed", "light"]}, doseq=True)
    few = queries_of(browser("centre"), address)
    for n in range(20, 50):
        city.project(f"P{n}")
    assert queries_of(browser("centre"), address) == few
