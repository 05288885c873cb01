"""A mayor asks of a number: whose word is that? From the cockpit to who accepted it and what proves it, in at most four clicks."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
CLICKS = 4


def test_from_the_mayors_cockpit_to_who_accepted_on_what_evidence(people):
    page = people("leader").page
    page.goto("/cockpit/")
    clicks = 0

    def click(what) -> None:
        nonlocal clicks
        what.click()
        page.wait_for_load_state()
        clicks += 1

    signed = page.locator(".figure", has=page.locator('a[href*="/indicators/signed_amount/rows/"]')).first
    click(signed.locator('a[href*="/indicators/signed_amount/rows/"]').first)
    row = page.locator("main table.data tbody tr", has_text="V1生产线项目")
    expect(row.locator(".proof-verified")).to_have_text(
        re.compile(
            r"(已核实|verified) · (合同（协议）文本|agreement) ×1 · (审核|checked by) 部门01 演示promo · (2025年6月2日|2 Jun 2025)"
        )
    )
    click(row.locator('a[href="/projects/V1/"]'))
    expect(page.locator("main")).to_contain_text("部门01 演示promo")
    expect(page.locator(".chip", has_text=re.compile("合同（协议）文本|agreement")).first).to_be_visible()
    assert clicks <= CLICKS
    # The funnel's and the calendar's numbers open their rows too, and the indicator its chart with the table behind it.
    page.goto("/cockpit/")
    page.locator('.funnel a[href*="reached="]').first.click()
    expect(page.locator("main table.data tbody tr").first).to_be_visible()
    page.goto("/cockpit/")
    page.locator('.figure .name a[href*="/indicators/explore/"]').first.click()
    page.locator(".chart-box").scroll_into_view_if_needed()
    expect(page.locator(".chart-box canvas")).to_have_count(1, timeout=60_000)
    expect(page.locator("#explorer-table tbody tr").first).to_be_visible()
    with page.expect_download() as saved:
        page.click("[data-chart-save]")
    assert saved.value.suggested_filename.endswith(".png")
