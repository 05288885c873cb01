"""A form of the moment, from an Excel head to the collected table."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest

from tests.integration.web.test_filing_books import place
from tests.integration.web.test_moment import head

pytestmark = pytest.mark.browser
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def test_a_form_of_the_moment_from_header_to_collected_table(people, tmp_path):
    office = people("reform").page
    office.goto("/moment/new/")
    office.set_input_files("#head", {"name": "表头.xlsx", "mimeType": XLSX, "buffer": head()})
    office.click("button[name=act][value=read]")
    office.wait_for_selector("table.columns")
    assert office.input_value("#title") == "全市重点项目用工保障情况表"
    assert office.input_value('input[name="label1"]') == "用工情况·现有人数"
    assert office.input_value('select[name="known0"]') == "total_investment"
    # The clerk looks it over: one column is a must, another one goes.
    office.check('input[name="required1"]')
    office.check('input[name="drop5"]')
    office.fill("#basis", "6月2日调度会")
    office.select_option("#stage", "开工")
    for unit in ("YL01", "YL02"):
        office.check(f'input[name="ower"][value="{unit}"]')
    office.click("button[name=act][value=preview]")
    office.wait_for_selector("#preview")
    assert office.locator("#preview tbody tr").count() == 3
    office.on("dialog", lambda dialog: dialog.accept())
    office.click("button[name=act][value=send]")
    office.wait_for_selector("#states")
    address = office.url.split("?")[0]
    assert office.locator("#states tbody tr").count() == 2
    # One county finds it on its desk and fills the grid.
    reporter = people("rep1").page
    reporter.goto("/")
    reporter.locator('main a[href^="/moment/"]', has_text="用工保障").first.click()
    reporter.wait_for_selector("table.grid")
    assert reporter.locator("table.grid tbody tr").first.locator("td").first.inner_text().startswith("5")
    rows = reporter.locator("table.grid tbody tr")
    for at in range(rows.count()):
        cells = rows.nth(at).locator(".cell")
        cells.nth(0).fill("10")
        cells.nth(1).fill("2")
        cells.nth(2).select_option("否")
        cells.nth(3).fill("3.5")
    reporter.fill("#filler", "丙")
    reporter.click("button[name=act][value=file]")
    reporter.wait_for_selector('[role="status"].problem')
    # The other by workbook; the first cell it fills is no number, the page says so and keeps the rest.
    other = people("rep2").page
    other.goto("/moment/")
    other.locator('main a[href^="/moment/"]', has_text="用工保障").first.click()
    with other.expect_download() as download:
        other.locator('.road a[href$="book/"]').click()
    path = tmp_path / "back.xlsx"
    path.write_bytes(Path(download.value.path()).read_bytes())
    book = openpyxl.load_workbook(path)
    place(book.worksheets[0], "Q1", "现有人数").value = 7
    place(book.worksheets[0], "Q1", "缺口").value = 1
    book.save(path)
    with other.expect_navigation():
        other.set_input_files("#road-files", str(path))
    other.locator(".acts a").first.click()
    other.wait_for_selector("table.grid")
    assert other.locator("table.grid .cell").first.input_value() == "7"
    # Before it files, the office sees who is missing and reminds.
    office.goto(address)
    assert "1 / 2" in office.locator("main").inner_text()
    office.click("button[name=act][value=remind]")
    office.wait_for_load_state()
    other.reload()
    other.click("button[name=act][value=file]")
    other.wait_for_selector('[role="status"].problem')
    office.goto(address)
    assert "2 / 2" in office.locator("main").inner_text()
    assert office.locator("#collected tbody tr").count() == 4
    totals = office.locator("#collected tfoot").inner_text().split()
    assert {"37", "7", "10.5"} <= set(totals)
    with office.expect_download() as table:
        office.locator('a[href$="table.xlsx"]').click()
    sheet = openpyxl.load_workbook(io.BytesIO(Path(table.value.path()).read_bytes())).active
    assert [cell.value for cell in sheet[5]][4:6] == [7, 1]
    # It becomes regular: the administrators find the snippet.
    office.click("button[name=act][value=regular]")
    office.wait_for_selector("pre.yaml")
    system = people("sysadmin").page
    system.goto("/moment/")
    system.locator("details summary").first.click()
    assert "forms:" in system.locator("pre.yaml").first.inner_text()


def test_a_list_of_the_moment_as_picture_text_and_workbook(people):
    seat = people("centre")
    page = seat.page
    page.goto(
        "/moment/list/?c=name&c=host&c=total_investment&sort=-total_investment&money=亿元&title=在建项目&stage=开工"
    )
    assert page.locator("#list tbody tr").count() == 4
    with page.expect_download() as picture:
        page.click("[data-picture]")
    content = Path(picture.value.path()).read_bytes()
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    assert int.from_bytes(content[16:20]) > 600
    with page.expect_download() as table:
        page.locator('.acts a[href*="as=xlsx"]').click()
    assert openpyxl.load_workbook(io.BytesIO(Path(table.value.path()).read_bytes())).active.max_row >= 5
    assert page.locator("#list-text").input_value().splitlines()[0] == "在建项目"
    # A column moved forward, and the address says so.
    page.click("details > summary")
    page.locator("input[name=c][value=host]").locator("xpath=..").locator("[data-up]").click()
    page.locator("#choose button.btn-primary").click()
    page.wait_for_load_state()
    assert page.url.index("c=host") < page.url.index("c=name")
