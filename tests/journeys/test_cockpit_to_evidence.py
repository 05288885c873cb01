"""A mayor asks of a number: whose word is that? From the cockpit to who accepted it and what proves it, in at most four clicks."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.journeys import steps

pytestmark = pytest.mark.browser
CLICKS = 4
SLIP = r"(已审核|accepted) · (银行回单|bank slip) ×1 · (审核|checked by) 部门01 演示promo · (2025年6月2日|2 Jun 2025)"


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
    # The funnel's and the calendar's numbers open their rows too.
    page.goto("/cockpit/")
    page.locator('.funnel a[href*="reached="]').first.click()
    expect(page.locator("main table.data tbody tr").first).to_be_visible()


def test_from_the_mayors_cockpit_to_a_figures_bank_slip(people):
    reporter = people("rep1").page
    steps.type_in(reporter, {"P1": "800", "P2": "500", "P3": "0"})
    steps.attach(reporter, "P1")
    steps.send(people, reporter)
    steps.accept(people("promo").page)

    for login, opens in (("leader", False), ("audit", True)):
        page = people(login).page
        page.goto("/cockpit/")
        funds = page.locator('.figure a[href*="/indicators/funds_in_place/rows/"]', has_text="1,300").first
        funds.click()  # 1
        page.wait_for_url("**/indicators/funds_in_place/rows/**")
        row = page.locator("main table.data tbody tr", has_text="P1生产线项目")
        expect(row.locator(".proof-accepted")).to_have_text(re.compile(SLIP))
        others = page.locator("main table.data tbody tr", has_text="P2生产线项目")
        expect(others.locator(".proof-accepted")).not_to_have_text(re.compile("银行回单|bank slip"))
        row.locator('a[href="/projects/P1/"]').click()  # 2
        page.wait_for_url("**/projects/P1/")
        expect(page.locator("main")).to_contain_text(re.compile("(银行回单|bank slip) ×1"))
        if not opens:  # a leader sees that it exists and who checked it
            expect(page.locator('a[href^="/evidence/"]')).to_have_count(0)
            continue
        with page.context.expect_page() as opened:  # 3: within four, to the slip itself
            page.locator('a[href^="/evidence/"][href*="figure="]').click()
        assert "/evidence/" in opened.value.url
        opened.value.close()
    # The indicator opens its chart, with the table behind it.
    page.goto("/cockpit/")
    page.locator('.figure .name a[href*="/indicators/explore/?indicator=funds_in_place"]').first.click()
    page.locator(".chart-box").scroll_into_view_if_needed()
    expect(page.locator(".chart-box canvas")).to_have_count(1, timeout=60_000)
    expect(page.locator("#explorer-table tbody tr").first).to_be_visible()
    with page.expect_download() as saved:
        page.click("[data-chart-save]")
    assert saved.value.suggested_filename.endswith(".png")
