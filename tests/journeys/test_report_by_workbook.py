"""The county's month by workbook: split for two towns, one part with two mistakes, merged, mended, submitted, printed."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from tests.integration.web.test_filing_books import place
from tests.journeys.test_report_a_month import PNG

pytestmark = pytest.mark.browser
FORM = "/filing/YL-T1/2025-05/YL01/"
NAMES = {"head": "甲", "statistician": "乙", "filler": "丙", "telephone": "0000", "filled_on": "2025-06-02"}
HEADS = {"zh": ("完成投资", "形象进度"), "en": ("investment completed", "Progress")}


def fill(path: Path, cells: dict[tuple[str, str], object]) -> Path:
    """Fill a workbook as a town would, in the file it was sent."""
    book = openpyxl.load_workbook(path)
    for (code, head), value in cells.items():
        place(book.worksheets[0], code, head).value = value
    book.save(path)
    return path


def dropped(page: Page, selector: str, files: list[Path]) -> None:
    """Drop files on the page, as from a chat's window."""
    given = [{"name": path.name, "bytes": list(path.read_bytes())} for path in files]
    moved = page.evaluate_handle(
        """files => {
          const data = new DataTransfer();
          files.forEach(f => data.items.add(new File([new Uint8Array(f.bytes)], f.name)));
          return data;
        }""",
        given,
    )
    with page.expect_navigation():
        page.dispatch_event(selector, "drop", {"dataTransfer": moved})


def test_report_a_month_by_workbook_split_for_two_towns_one_part_with_two_mistakes_merge_fix_submit_print(
    people, tmp_path
):
    reporter = people("rep1")
    page = reporter.page
    language = page.locator("html").get_attribute("lang")[:2]
    invested, progress = HEADS[language]
    page.goto(FORM)
    # The page says how little it asks, and hands out one file for each town.
    assert "6" in page.locator("main p.small").first.inner_text()
    page.click(f'a[href="{FORM}split/"]')
    page.select_option('select[name="part:P1"]', "YL0101")
    page.select_option('select[name="part:P2"]', "YL0102")
    with page.expect_download() as download:
        page.locator("main form[method=post] button.btn-primary").click()
    archive = zipfile.ZipFile(io.BytesIO(Path(download.value.path()).read_bytes()))
    assert len(archive.namelist()) == 3
    archive.extractall(tmp_path)
    by_part = {name: tmp_path / name for name in archive.namelist()}
    first, second, rest = (by_part[name] for name in sorted(by_part))
    # What comes back is dropped on the page together; one file has two mistakes.
    fill(first, {("P1", invested): "1,250.5", ("P1", progress): "主体封顶"})
    fill(second, {("P2", invested): "很多", ("P2", progress): "基础完成"})
    fill(rest, {("P3", invested): 300, ("P3", progress): "设备进场"})
    book = openpyxl.load_workbook(second)
    place(book.worksheets[0], "P2", HEADS[language][0]).offset(column=1).value = "同上"
    book.save(second)
    page.goto(FORM)
    dropped(page, "form.drop", [first, second, rest])
    page.wait_for_url(f"**{FORM}parts/")
    assert page.locator("#files-table tbody tr").count() == 3
    wrong = page.locator("section .problem", has=page.locator(".chip"))
    expect(wrong).to_have_count(2)
    # The town gets its own file back with the two cells marked, mends it, and returns it.
    with page.expect_download() as marked:
        page.locator(f'#files-table a[href^="{FORM}parts/"]').click()
    handed = tmp_path / "marked.xlsx"
    handed.write_bytes(Path(marked.value.path()).read_bytes())
    sheet = openpyxl.load_workbook(handed).worksheets[0]
    assert place(sheet, "P2", invested).comment is not None
    mended = fill(handed, {("P2", invested): 800})
    book = openpyxl.load_workbook(mended)
    place(book.worksheets[0], "P2", invested).offset(column=1).value = None
    book.save(mended)
    page.set_input_files("#files", str(mended))
    page.wait_for_load_state()
    expect(page.locator("section .problem .chip")).to_have_count(0)
    # The county itself knows better about one cell: both are shown, it chooses, nothing is lost.
    page.goto(FORM)
    assert page.input_value('input[name="cell:P2|invest_completed"]') == "800"
    page.fill('input[name="cell:P3|invest_completed"]', "310")
    expect(page.locator("input.cell.new")).to_have_count(0, timeout=30_000)
    late = tmp_path / "late.xlsx"
    late.write_bytes(rest.read_bytes())
    fill(late, {("P3", invested): 320})
    page.goto(f"{FORM}parts/")
    page.set_input_files("#files", str(late))
    page.wait_for_selector("#conflicts")
    assert "310" in page.locator("#conflicts").inner_text()
    page.locator("#conflicts input[type=radio]").nth(1).check()
    page.click("button[name=act][value=settle]")
    page.wait_for_load_state()
    assert page.locator("#conflicts").count() == 0
    # Then as ever: names, the stamped scan, check, sign, what will be sent, send, the sheet on A4.
    page.goto(FORM)
    assert page.input_value('input[name="cell:P3|invest_completed"]') == "320"
    for name, value in NAMES.items():
        page.fill(f"#{name}", value)
    page.set_input_files("#scan", {"name": "sheet.png", "mimeType": "image/png", "buffer": PNG})
    page.click("button[name=act][value=save]")
    page.wait_for_load_state()
    checker = people("chk1").page
    checker.goto(FORM)
    checker.click("button[name=act][value=check]")
    signer = people("sig1").page
    signer.goto(FORM)
    signer.click("button[name=act][value=sign]")
    signer.goto(f"{FORM}send/")
    assert "2,370.5" in signer.locator("table.sheet-table tfoot").inner_text()
    signer.locator("main form button.btn-primary").click()
    signer.wait_for_url(f"**{FORM}")
    page.goto(f"{FORM}sheet/")
    assert "2,370.5" in page.locator("article.sheet").inner_text()
    assert page.pdf(prefer_css_page_size=True)[:4] == b"%PDF"
    page.goto("/")
    assert page.locator(f'main a[href="{FORM}"]').count() == 0
