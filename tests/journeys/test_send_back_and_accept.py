"""An office sends a return back with its reason; the county is told, mends it without typing it twice, and it is accepted."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.journeys import steps

pytestmark = pytest.mark.browser
NO_SLIP = re.compile("没有附佐证材料|no evidence attached")
REASON = "到位资金与回单不符，请核对"


def test_send_back_with_a_reason_and_accept(people):
    reporter = people("rep1").page
    steps.type_in(reporter, {"P1": "6000", "P2": "500", "P3": "0"})
    steps.send(people, reporter)
    office = people("promo").page
    steps.open_return(office)
    # The check tells the acceptor that a large figure has no slip; without a reason nothing is sent back.
    expect(office.locator(".problem.hint", has_text=NO_SLIP)).to_have_count(1)
    office.click("button[name=act][value=sent_back]")
    expect(office.locator("main .problem:not(.hint):not(.soft)").first).to_be_visible()
    office.fill("#reason", REASON)
    office.click("button[name=act][value=sent_back]")
    office.wait_for_url("**/acceptance/?period=2025-05")

    reporter.goto("/")
    reporter.locator(f'main a[href="{steps.FUNDS}"]').first.click()
    reporter.wait_for_url(f"**{steps.FUNDS}")
    expect(reporter.locator("main")).to_contain_text(REASON)
    expect(reporter.locator(steps.cell("P1"))).to_have_value("6000")
    steps.type_in(reporter, {"P1": "5800"})
    steps.attach(reporter, "P1")
    steps.send(people, reporter)
    # The slip stands beside the figure, in the queue and in the return; the office opens it and accepts.
    office.goto("/acceptance/?period=2025-05")
    expect(office.locator("table.queue tbody tr")).to_contain_text(re.compile("(银行回单|bank slip) ×1"))
    steps.open_return(office)
    expect(office.locator(".problem.hint", has_text=NO_SLIP)).to_have_count(0)
    with office.context.expect_page() as opened:
        office.locator('table.judged a[href^="/evidence/"]').click()
    assert "/evidence/" in opened.value.url
    opened.value.close()
    office.click("button[name=act][value=accepted]")
    office.wait_for_url("**/acceptance/?period=2025-05")
    reporter.goto(steps.FUNDS)
    expect(reporter.locator(".acts .chip")).to_have_text(re.compile("已审核|accepted", re.IGNORECASE))
