"""Seal a month and correct a figure afterwards: what was published stays, what is known now stands beside it, the bridge says why."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.journeys import steps
from tests.journeys.made import PNG

pytestmark = pytest.mark.browser
MONTH = "/closing/?period=2025-05"


def test_seal_a_month_and_correct_a_figure_afterwards(people):
    reporter = people("rep1").page
    steps.type_in(reporter, {"P1": "800", "P2": "500", "P3": "0"})
    steps.send(people, reporter)
    office = people("promo").page
    steps.accept(office)

    # The centre sees what the seal would leave outside, agrees to it, and seals.
    centre = people("centre").page
    centre.goto(MONTH)
    expect(centre.locator(".outside")).to_contain_text("西岭县")
    seal = centre.locator("form:has(input[name=agreed]) button.btn-primary")
    seal.click()  # not without the word: the box is required
    expect(centre.locator("section.sealed")).to_have_count(0)
    centre.check("input[name=agreed]")
    seal.click()
    expect(centre.locator("section.sealed #hash")).to_have_text(re.compile("[0-9a-f]{64}"))
    expect(centre.locator("main")).to_contain_text(re.compile("没有修订|No |no "))

    # A slip turns out to be of another project: the office asks for that one cell again, with its reason.
    office.goto(MONTH)
    office.locator("table.standings a.s-accepted").first.click()
    office.check('input[name=cell][value="P1|funds_in_place"]')
    office.fill("#reason", "回单属于另一个项目，请核减")
    office.click("button[name=act][value=reopen]")
    expect(office.locator(".mark.soft")).to_have_count(1)

    # The county is asked for that cell alone, files it with its slip; the rest stays as it was.
    reporter.goto("/")
    reporter.locator(f'main a[href="{steps.FUNDS}"]').first.click()
    reporter.wait_for_url(f"**{steps.FUNDS}")
    expect(reporter.locator("input.cell")).to_have_count(1)
    steps.type_in(reporter, {"P1": "700"})
    steps.attach(reporter, "P1", PNG)
    steps.send(people, reporter)
    steps.accept(office)

    # Published 1300, revised 1200, and the step between them with who made it.
    centre.goto(MONTH)
    row = centre.locator("tr", has=centre.locator('a[href*="indicator=funds_in_place"]'))
    expect(row.locator("td.num")).to_have_text(["1,300", "1,200"])
    row.locator("a").click()
    bridge = centre.locator("#steps tbody tr")
    expect(bridge.first).to_contain_text("1,300")
    expect(bridge.nth(1)).to_contain_text("-100")
    expect(bridge.nth(1)).to_contain_text("演示promo")
    expect(bridge.nth(1).locator('a[href="/projects/P1/"]')).to_have_count(1)
    expect(bridge.last).to_contain_text("1,200")
    leader = people("leader").page
    for edition, total in (("published", "1,300"), ("revised", "1,200")):
        leader.goto(f"/indicators/funds_in_place/rows/?period=2025-05&edition={edition}")
        expect(leader.locator("h1")).to_contain_text(total)
    expect(leader.locator(".proof-accepted", has_text=re.compile("银行回单|bank slip"))).to_have_count(1)
