"""Find a project by the initials of its name, and hand over its secretary, without leaving the keyboard for long."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_find_a_project_by_pinyin_initials_and_hand_over_its_secretary(people):
    page = people("promo").page
    page.goto("/")
    page.keyboard.press("/")
    page.keyboard.type("q1scxxm")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/**")
    page.locator('main a[href="/projects/Q1/"]').first.click()
    page.wait_for_url("**/projects/Q1/")
    expect(page.locator("main")).to_contain_text("演示rep2")
    page.click('.does a[href="/project-acts/duty/Q1/"]')
    held = page.locator("select[name=duty] option", has_text="演示rep2")
    page.select_option("select[name=duty]", held.get_attribute("value"))
    page.fill("input[name=to]", "演示chk2")
    page.fill("textarea[name=reason]", "轮岗")
    page.locator("main form button.btn-primary").click()
    page.wait_for_url("**/projects/Q1/")
    people_card = page.locator("section.card", has=page.locator("dl.facts", has_text="演示chk2"))
    expect(people_card.first).to_be_visible()
    expect(page.locator("dl.facts", has_text="演示rep2")).to_have_count(0)
    # The same from the list, for several at once, with a word for the one that can't.
    page.goto("/projects/?q=q1scxxm")
    page.check("[data-pick-all]")
    page.select_option("#bulk-act", "secretary")
    page.locator("#bulk button").click()
    page.fill("#to", "演示chk2")
    page.click("button[name=preview]")
    expect(page.locator("table.data .down").first).to_be_visible()
    expect(page.locator("button[name=do]")).to_have_count(0)
    page.fill("#to", "演示sig2")
    page.click("button[name=preview]")
    page.click("button[name=do]")
    expect(page.locator("table.data .up").first).to_be_visible()
    page.goto("/projects/Q1/")
    expect(page.locator("dl.facts", has_text="演示sig2")).to_have_count(1)
