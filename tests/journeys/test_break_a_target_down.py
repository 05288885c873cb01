"""Break a yearly target down: the parts add up as one types, guaranteed and striving stand apart, and it says who agreed when."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
PAGE = "/targets/?indicator=invest_completed&year=2025"
UNITS = ("YL01", "YL02", "YLP1")


def parts(page: Page, values: tuple[str, ...]) -> None:
    for unit, value in zip(UNITS, values, strict=True):
        page.fill(f"#part-{unit}", value)


def test_break_a_yearly_target_down(people):
    page = people("centre").page
    page.goto(PAGE)
    page.locator('.acts a[href^="/targets/break-down/"]').click()
    # The sum and what is left are there while one types, exact to the last digit; too much is seen before it is sent.
    page.fill("#whole", "100000.5")
    parts(page, ("40000", "35000", ""))
    expect(page.locator("[data-sum]")).to_have_text("75,000")
    expect(page.locator("[data-difference]")).to_have_text("25,000.5")
    expect(page.locator("[data-level]")).to_be_hidden()
    page.fill("#part-YLP1", "30000")
    expect(page.locator("[data-difference]")).to_have_text("-4,999.5")
    # Parts that don't add up are refused and what was typed stays.
    page.locator("form.break-down button.btn-primary").click()
    expect(page.locator(".problem").first).to_be_visible()
    assert page.input_value("#part-YLP1") == "30000"
    page.fill("#part-YLP1", "25000.5")
    expect(page.locator("[data-level]")).to_be_visible()
    page.locator("form.break-down button.btn-primary").click()
    page.wait_for_url("**/targets/?*")
    # The striving one is another set, and may be more.
    page.locator('.acts a[href^="/targets/break-down/"]').click()
    page.select_option("#kind", "striving")
    page.wait_for_url("**kind=striving**")
    assert page.input_value("#whole") == ""
    page.fill("#whole", "120000")
    parts(page, ("48000", "42000", "30000"))
    page.locator("form.break-down button.btn-primary").click()
    page.wait_for_url("**/targets/?*")

    leader = people("leader").page
    leader.goto(PAGE)
    lines = leader.locator("main table.data").first.locator("tbody tr")
    for line, guaranteed, striving in zip(
        lines.all()[:4],
        ("100,001", "40,000", "35,000", "25,001"),
        ("120,000", "48,000", "42,000", "30,000"),
        strict=True,
    ):
        expect(line.locator("td.num").nth(0)).to_have_text(guaranteed)
        expect(line.locator("td.num").nth(1)).to_have_text(striving)
        expect(line).to_contain_text(re.compile("2025年6月2日|2 Jun 2025"))
        expect(line).to_contain_text("演示centre")
    expect(lines.first.locator("td.num").nth(0).locator("span")).to_have_attribute(
        "title", re.compile(r"1,000,005,000\.00")
    )
    assert leader.locator('a[href^="/targets/break-down/"]').count() == 0

    # A county's own year over its months, the same way.
    page.goto("/targets/break-down/?indicator=invest_completed&year=2025&unit=YL&over=months")
    assert page.input_value("#whole") == "100000.5"
    for month in range(1, 13):
        page.fill(f"#part-2025-{month:02}", "8333.375")
    expect(page.locator("[data-level]")).to_be_visible()
    page.locator("form.break-down button.btn-primary").click()
    page.wait_for_url("**/targets/?*")
    expect(page.locator("main table.data").last.locator("tbody tr")).to_have_count(12)
