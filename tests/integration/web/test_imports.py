"""Imports on a page: upload, check, preview, confirm, load; bad rows marked; rows without a code settled; and the history."""

from __future__ import annotations

import io
import shutil
from datetime import date

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from luodi.exchange import jobs
from luodi.exchange.loading import LOADERS
from luodi.exchange.models import ImportJob
from luodi.exchange.unchanged import NOT_CONTENT
from luodi.kernel.problem import catalogue
from luodi.ledger import queries as ledger
from luodi.notices import queries as notices
from luodi.projects.models import ListEntry, Note, ProjectVersion
from luodi.web.models import Account
from luodi.web.views.imports import apart
from tests import city

pytestmark = pytest.mark.django_db
TODAY = date(2025, 6, 2)
HEAD = "项目编号,期间,形象进度,存在问题,下步计划,需协调事项\n"
GOOD = HEAD + "P1,2025-05,主体封顶,,,\nP2,2025-05,基础施工,,,\n"
BAD = HEAD + "P1,2025-05,主体封顶,,,\nNO,2025-05,没有这个项目,,,\nP2,2025-99,期别不对,,,\n"


@pytest.fixture(autouse=True)
def a_city(tmp_path, settings):
    settings.HOME = tmp_path
    city.make(on=TODAY)
    city.project("P1")
    city.project("P2")
    for person, _, _ in city.PEOPLE:
        Account.objects.create_account(login=person, person=person, password=None)


def client(person="centre"):
    browser = Client()
    browser.force_login(Account.objects.get(login=person), backend="django.contrib.auth.backends.ModelBackend")
    return browser


def upload(text=GOOD, *, name="进展.csv", kind="notes", by="centre", **more):
    content = text if isinstance(text, bytes) else text.encode("utf-8-sig")
    return client(by).post("/imports/", {"kind": kind, "file": SimpleUploadedFile(name, content), **more})


def work(hour=10):
    return jobs.work_off(now=lambda: city.at(TODAY, hour), today=lambda: TODAY)


def checked(*args, **kwargs):
    address = upload(*args, **kwargs).url
    work()
    return address, client(kwargs.get("by", "centre")).get(address)


def codes(shown):
    return [one.code for one in shown.context["problems"]]


def test_a_table_is_checked_before_anything_is_written():
    before = ledger.last_fact()
    address = upload().url
    assert "等待检查" in client().get(address).content.decode()
    assert work() == 1
    shown = client().get(address)
    assert dict(shown.context["counts"])["loaded"] == 2
    assert shown.context["tally"] == {"new": 2, "replaces": 0, "same": 0}
    assert [change["change"] for change in shown.context["changes"]] == ["new", "new"]
    assert ledger.last_fact() == before


def test_on_the_person_s_word_it_is_loaded_and_said():
    address, _ = checked()
    assert client().post(address, {"act": "load"}).status_code == 302
    work(11)
    assert Note.objects.filter(period="2025-05").count() == 2
    job = ImportJob.objects.get()
    assert (job.state, job.answer["loaded"]) == ("done", 2)
    (note,) = [one for one in notices.inbox("centre") if one.key == f"import:{job.id}"]
    assert note.kind.value == "import_done"
    assert client().get(f"/notices/{note.id}/").url == address
    assert "进展情况导入完成：2行" in client().get("/notices/?show=all").content.decode()


def test_the_preview_tells_new_from_changed_and_from_the_same():
    address, _ = checked()
    client().post(address, {"act": "load"})
    work()
    city.project("P3")
    _, shown = checked(HEAD + "P1,2025-05,主体封顶,,,\nP2,2025-05,主体施工,,,\nP3,2025-05,进场,,,\n", name="再报.csv")
    assert shown.context["tally"] == {"new": 1, "replaces": 1, "same": 1}
    (changed,) = [one for one in shown.context["changes"] if one["change"] == "replaces"]
    assert ("形象进度", "基础施工", "主体施工") in changed["differs"]
    (new,) = [one for one in shown.context["changes"] if one["change"] == "new"]
    assert ("形象进度", "进场") in new["content"]


def test_the_preview_names_fields_in_the_reader_s_language():
    head = "项目编号,项目名称,属地,项目类型,总投资,战新,起始日期\n"
    table = head + "P1,P1生产线项目,YL01,招商引资,60000,是,2024-01-01\n"
    for language, names, strategic in (
        ("zh", ("总投资（元）", "战新"), "是"),
        ("en", ("Total investment (yuan)", "Strategic"), "yes"),
    ):
        browser = client()
        browser.post("/preferences/", {"language": language})
        address = upload(table, kind="projects", name=f"{language}.csv").url
        work()
        (change,) = browser.get(address).context["changes"]
        said = {name: (old, new) for name, old, new in change["differs"]}
        assert said[names[0]] == ("500,000,000", "600,000,000")
        assert said[names[1]][1] == strategic


def test_every_column_that_a_preview_may_name_has_a_label():
    known = catalogue("field")
    columns = {column for loader in LOADERS.values() for column in loader.type.tables[0].columns}
    assert [column for column in sorted(columns - {*NOT_CONTENT, "known_at"}) if f"field.{column}" not in known] == []
    assert apart("attributes", {"site": "东川镇", "land_mu": "5"}, {"site": "西岭镇", "land_mu": "5"}) == [
        ("site", "东川镇", "西岭镇")
    ]


def test_the_preview_says_units_by_name_and_parts_thousands():
    _, page = checked(
        "项目编号,项目名称,属地,项目类型,总投资（万元）,起始日期\nN1,新项目,YL01,招商引资,12000,2025-05-01\n",
        kind="projects",
    )
    ((row,),) = [page.context["changes"]]
    assert {"东川区", "120,000,000"} <= {cell for _, cell in row["content"]}


def test_what_waits_for_a_word_is_not_listed_as_loaded():
    checked(BAD)
    cells = client().get("/imports/").content.decode().split("<tbody>")[1].split("</tr>")[0]
    assert '<td class="num">3</td><td class="num">—</td>' in cells


def test_bad_rows_are_named_marked_and_keep_the_rest_out():
    address, shown = checked(BAD)
    assert dict(shown.context["counts"])["refused"] == 2
    assert len(shown.context["refusals"]) == 2
    assert codes(client().post(address, {"act": "load"})) == ["imports.job.has_bad_rows"]
    assert Note.objects.count() == 0
    given = client().get(f"{address}marked/")
    sheet = openpyxl.load_workbook(io.BytesIO(given.content)).worksheets[0]
    assert any(cell.comment for row in sheet.iter_rows() for cell in row)
    assert notices.inbox("centre")[0].kind.value == "import_refused"


def test_the_good_rows_alone_go_in_when_asked():
    address, _ = checked(BAD)
    client().post(address, {"act": "partial"})
    work()
    assert [note.project for note in Note.objects.all()] == ["P1"]
    assert ImportJob.objects.get().state == "done"


def test_an_upload_whose_file_is_gone_is_refused_by_its_name():
    address, _ = checked()
    client().post(address, {"act": "load"})
    shutil.rmtree(jobs.folder(ImportJob.objects.get().id))  # as after a restore: uploads are in no backup
    work()
    job = ImportJob.objects.get()
    assert (job.state, [one["code"] for one in job.answer["problems"]]) == ("refused", ["import.file.unreadable"])
    assert "进展.csv" in client().get(address).context["refusals"][0].message("zh")
    assert Note.objects.count() == 0


def test_the_same_file_again_changes_nothing():
    address, _ = checked()
    client().post(address, {"act": "load"})
    work()
    _, shown = checked()
    assert dict(shown.context["counts"])["unchanged"] == 2
    assert "没有新的内容要写入" in shown.content.decode()


def test_a_row_without_a_code_is_offered_and_settled_by_a_person():
    head = "项目编号,项目名称,属地,投资方,项目类型,总投资（万元）,起始日期\n"
    row = f",P1生产线项目,YL01,P1投资方,{ProjectVersion.objects.get(code='P1').kind},50000,2025-01-01\n"
    address, shown = checked(head + row, name="项目.csv", kind="projects")
    if not shown.context["candidates"]:
        pytest.fail(str([one.message() for one in shown.context["refusals"]]))
    (offer,) = shown.context["candidates"]
    assert "P1" in [one["code"] for one in offer["candidates"]]
    client().post(address, {"act": "settle", f"row-{offer['row']}": "P1"})
    work()
    again = client().get(address)
    assert again.context["candidates"] == []
    assert jobs.decisions(ImportJob.objects.get()) == {("", offer["row"]): "P1"}


def test_sheets_of_one_layout_are_all_read_and_each_row_says_its_own():
    head = ["项目编号", "项目名称", "属地", "投资方", "项目类型", "总投资（万元）", "起始日期"]
    kind = ProjectVersion.objects.get(code="P1").kind
    book = openpyxl.Workbook()
    book.active.title = "东"
    for sheet, row in ((book.active, ["P8", "新厂（演示）"]), (book.create_sheet("西"), [None, "P1生产线项目"])):
        sheet.append(head)
        sheet.append([*row, "YL01", "P1投资方", kind, 50000, "2025-01-01"])
    book.create_sheet("说明").append(["由招商局填报"])
    out = io.BytesIO()
    book.save(out)
    address, shown = checked(out.getvalue(), name="项目.xlsx", kind="projects")
    page = shown.content.decode()
    assert "东、西" in page and "说明" in page
    (offer,) = shown.context["candidates"]
    assert f'name="row-2@{offer["sheet"]}"' in page
    client().post(address, {"act": "settle", "row-2@西": "", "other-2@西": "P1"})
    work()
    again = client().get(address)
    assert again.context["candidates"] == []
    assert ("东!2" in again.content.decode()) and ("西!2" in again.content.decode())
    client().post(address, {"act": "load"})
    work()
    assert ProjectVersion.objects.filter(code="P1", valid_from="2025-01-01").exists()


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("表.xlsx", b"PK\x03\x04 broken", "import.file.broken"),
        ("表.xls", b"<html><table>", "import.file.web_page"),
        ("表.pdf", b"%PDF-1.4", "import.file.other"),
        ("表.et", b"x", "import.file.wps"),
        ("表.csv", b"", "upload.empty"),
    ],
)
def test_what_is_no_table_is_refused_at_once_and_leaves_nothing(name, content, code, tmp_path):
    shown = upload(content, name=name)
    assert shown.status_code in (413, 422)
    assert codes(shown) == [code]
    assert ImportJob.objects.count() == 0
    assert not list(tmp_path.glob("imports/*/*"))


def test_a_table_that_turns_out_unreadable_is_refused_plainly():
    _, shown = checked("甲,乙\n1,2\n", name="别的表.csv")
    assert ImportJob.objects.get().state in ("refused", "checked")
    assert shown.context["refusals"]
    assert all("import." not in one.message() for one in shown.context["refusals"])


def test_no_kind_and_no_file_are_said():
    assert codes(client().post("/imports/", {"kind": "x"})) == ["imports.kind_missing"]
    assert codes(client().post("/imports/", {"kind": "notes"})) == ["imports.file_missing"]


def test_giving_up_deletes_the_file(tmp_path):
    address, _ = checked()
    client().post(address, {"act": "drop"})
    assert ImportJob.objects.get().state == "refused"
    assert not list(tmp_path.glob("imports/*/*"))
    assert codes(client().post(address, {"act": "load"})) == ["imports.job.changed"]


def test_others_neither_see_nor_load_my_upload():
    address, _ = checked(by="rep1")
    assert client("promo").get(address).status_code == 404
    assert client("promo").post(address, {"act": "load"}).status_code == 404
    assert client("promo").get(f"{address}marked/").status_code == 404
    assert client("leader").get("/imports/").status_code == 403


def test_the_progress_is_asked_for_until_it_is_over():
    address = upload().url
    assert 'hx-trigger="every 1s"' in client().get(address, HTTP_HX_REQUEST="true").content.decode()
    work()
    assert client().get(address, HTTP_HX_REQUEST="true").headers["HX-Refresh"] == "true"


def test_a_worker_that_died_is_replaced():
    upload()
    ImportJob.objects.update(state="checking", taken_at=city.at(TODAY, 9))
    assert jobs.work_off(now=lambda: city.at(TODAY, 9) + 60_000_000, today=lambda: TODAY) == 0
    assert work(11) == 1
    assert ImportJob.objects.get().state == "checked"


def test_history_lists_jobs_and_what_came_by_command():
    from luodi.ledger.values import Act
    from luodi.projects import facts

    city.ledger.record(
        [Act(facts.LIST_RECORDED, "import:x", {"projects.ListEntry": [("P1", "省重点", date(2025, 1, 1), None, None, False)]})],
        actor=city.OPERATOR, import_id="lists-abcdef",
    )  # fmt: skip
    assert ListEntry.objects.count() == 1
    checked()
    rows = client().get("/imports/").context["page"].object_list
    assert {(row["kind"], row["state"]) for row in rows} == {("lists", "done"), ("notes", "checked")}
    assert [row["kind"] for row in client("rep1").get("/imports/").context["page"].object_list] == []


def test_files_are_forgotten_after_a_month(tmp_path):
    checked()
    later = city.at(date(2025, 7, 5))
    jobs.work_off(now=lambda: later, today=lambda: date(2025, 7, 5))
    job = ImportJob.objects.get()
    assert (job.forgotten, job.answer["rows"], "problems" in job.answer) == (True, 2, False)
    assert not list(tmp_path.glob("imports/*/*"))


@pytest.mark.parametrize("kind", ["projects", "figures", "units"])
def test_a_blank_template_of_each_kind_is_a_workbook(kind):
    given = client().get(f"/imports/templates/{kind}/")
    assert openpyxl.load_workbook(io.BytesIO(given.content)).worksheets[0].max_column > 3
    assert client().get("/imports/templates/nothing/").status_code == 404


def test_more_imports_cost_no_more_queries():
    browser = client()
    checked()
    with CaptureQueriesContext(connection) as few:
        browser.get("/imports/")
    for n in range(5):
        upload(GOOD + f"P1,2025-0{n + 1 if n < 4 else 4},甲{n},,,\n", name=f"{n}.csv")
    with CaptureQueriesContext(connection) as many:
        browser.get("/imports/")
    assert len(many) <= len(few)
