"""The county's month by pasting into the grid: type, find a mistake, mend it, check, sign, send."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
FORM = "/filing/YL-T1/2025-05/YL01/"
PASTE = """cells => {
  const input = document.querySelector('input.cell');
  input.focus();
  const data = new DataTransfer();
  data.setData('text/plain', cells);
  input.dispatchEvent(new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true}));
}"""
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


def test_a_county_pastes_its_month_and_sends_it(people):
    reporter = people("rep1")
    page = reporter.page
    page.goto("/")
    page.locator(f'main a[href="{FORM}"]').click()
    page.wait_for_url(f"**{FORM}")
    page.wait_for_load_state("load")
    page.evaluate(PASTE, "1,250.5\t200\n很多\t100\n300\t20")
    page.locator("input.cell.bad").first.wait_for(timeout=30_000)
    assert page.locator('[data-cell="P2|invest_completed"]').inner_text()
    page.fill('input[name="cell:P2|invest_completed"]', "800")
    expect(page.locator("input.cell.bad")).to_have_count(0, timeout=30_000)
    assert page.locator('[data-total="invest_completed"]').inner_text() == "2,350.5"
    for name, value in {
        "head": "甲",
        "statistician": "乙",
        "filler": "丙",
        "telephone": "0000",
        "filled_on": "2025-06-02",
    }.items():
        page.fill(f"#{name}", value)
    page.set_input_files("#scan", {"name": "sheet.png", "mimeType": "image/png", "buffer": PNG})
    page.click("button[name=act][value=save]")
    page.wait_for_load_state()
    # What was typed is there again, on another machine too.
    checker = people("chk1").page
    checker.goto(FORM)
    assert checker.locator("text=1250.5").count() + checker.locator("text=1,250.5").count() >= 1
    checker.click("button[name=act][value=check]")
    signer = people("sig1").page
    signer.goto(FORM)
    signer.click("button[name=act][value=sign]")
    signer.goto(f"{FORM}send/")
    assert signer.locator("table.sheet-table tfoot").inner_text().split()[-2:] == ["2,350.5", "320"]
    signer.locator("main form button.btn-primary").click()
    signer.wait_for_url(f"**{FORM}")
    page.goto("/")
    assert page.locator(f'main a[href="{FORM}"]').count() == 0


def test_nothing_typed_is_lost_when_the_line_or_the_session_is(people):
    reporter = people("rep1")
    page = reporter.page
    page.goto(FORM)
    reporter.context.set_offline(True)
    page.fill('input[name="cell:P1|invest_completed"]', "777")
    page.wait_for_timeout(2_000)
    reporter.context.set_offline(False)
    page.goto("/projects/")
    page.goto(FORM)
    assert page.input_value('input[name="cell:P1|invest_completed"]') == "777"
    expect(page.locator("input.cell.new")).to_have_count(0, timeout=30_000)
    # The session ends while somebody types: after signing in again the cell is still there.
    cookies = [one for one in reporter.context.cookies() if one["name"] != "sessionid"]
    reporter.context.clear_cookies()
    reporter.context.add_cookies(cookies)
    page.fill('input[name="cell:P2|invest_completed"]', "888")
    page.wait_for_timeout(2_500)
    reporter.sign_in("rep1", "zh")
    page.goto(FORM)
    assert page.input_value('input[name="cell:P2|invest_completed"]') == "888"
