"""Two tabs, the back button, two people at one form, a session that ends as the button is pressed: nothing typed is lost."""

from __future__ import annotations

from contextlib import suppress

import pytest
from playwright.sync_api import Error, Page, expect

pytestmark = pytest.mark.browser
FORM = "/filing/YL-T1/2025-05/YL01/"


def cell(code: str, measure: str = "invest_completed") -> str:
    return f'input[name="cell:{code}|{measure}"]'


def saved(page: Page) -> None:
    """Wait until the server has everything."""
    expect(page.locator("#grid .new")).to_have_count(0, timeout=30_000)


def test_two_tabs_and_the_back_button(people):
    reporter = people("rep1")
    first = reporter.page
    first.goto(FORM)
    second = reporter.context.new_page()
    second.goto(FORM)
    # Each tab types another cell, both without a line at first: what the device keeps of one does not push out the other's.
    reporter.context.set_offline(True)
    first.fill(cell("P1"), "111")
    second.fill(cell("P2"), "222")
    first.locator(".notes-cell summary").first.click()
    first.locator('textarea[name="note:progress:P1"]').fill("主体封顶")
    first.wait_for_timeout(1_500)
    second.close()
    first.goto("about:blank")
    reporter.context.set_offline(False)
    first.goto(FORM)
    expect(first.locator(cell("P1"))).to_have_value("111")
    expect(first.locator(cell("P2"))).to_have_value("222")
    saved(first)
    # Typed, gone on before it was saved, come back: it is there.
    first.fill(cell("P3"), "333")
    first.goto("/projects/")
    first.go_back()
    expect(first.locator(cell("P3"))).to_have_value("333")
    saved(first)
    other = people("chk1").page
    other.goto(FORM)
    shown = other.locator("table.grid").inner_text()
    assert all(value in shown for value in ("111", "222", "333"))
    first.reload()
    assert first.locator('textarea[name="note:progress:P1"]').input_value() == "主体封顶"


def test_two_people_at_one_cell_see_both_values_and_choose(people):
    one, two = people("rep1"), people("rep1b")
    one.page.goto(FORM)
    two.page.goto(FORM)
    one.page.fill(cell("P1"), "100")
    saved(one.page)
    two.page.fill(cell("P1"), "200")
    two.page.fill(cell("P2"), "5")
    choose = two.page.locator('[data-cell="P1|invest_completed"] button')
    expect(choose).to_have_count(2, timeout=30_000)
    assert "100" in choose.nth(0).inner_text()
    assert "200" in choose.nth(1).inner_text()
    choose.nth(1).click()
    saved(two.page)
    one.page.reload()
    assert one.page.input_value(cell("P1")) == "200"
    assert one.page.input_value(cell("P2")) == "5"


def test_a_session_that_ends_as_save_is_pressed(people):
    reporter = people("rep1")
    page = reporter.page
    language = page.locator("html").get_attribute("lang")[:2]
    page.goto(FORM)
    kept = [one for one in reporter.context.cookies() if one["name"] != "sessionid"]
    reporter.context.clear_cookies()
    reporter.context.add_cookies(kept)
    page.fill(cell("P1"), "444")
    page.fill("#head", "甲")
    page.click("button[name=act][value=save]")
    page.wait_for_load_state()
    reporter.sign_in("rep1", language)
    page.goto(FORM)
    expect(page.locator(cell("P1"))).to_have_value("444")
    expect(page.locator("#head")).to_have_value("甲")
    saved(page)


def test_a_progress_note_on_a_phone_outlives_a_lost_line_and_a_session_that_ended(people):
    somebody = people("rep2", phone=True)
    page = somebody.page
    language = page.locator("html").get_attribute("lang")[:2]
    note, send = "/project-acts/note/L1/", "main form button.btn-primary"
    page.goto(note)
    page.fill("textarea[name=progress]", "正式打桩，完成 12 根")
    somebody.context.set_offline(True)
    with suppress(Error):  # the browser has no page to show
        page.click(send)
    page.wait_for_timeout(500)
    somebody.context.set_offline(False)
    page.goto(note)
    expect(page.locator("textarea[name=progress]")).to_have_value("正式打桩，完成 12 根")
    expect(page.locator("[data-kept-word]")).to_be_visible()
    # The session ends before the button is pressed: after signing in the page is there again with the words.
    page.fill("textarea[name=next]", "转入承台施工")
    kept = [one for one in somebody.context.cookies() if one["name"] != "sessionid"]
    somebody.context.clear_cookies()
    somebody.context.add_cookies(kept)
    page.click(send)
    page.wait_for_url("**/sign-in/**")
    somebody.sign_in("rep2", language)
    page.goto(note)
    expect(page.locator("textarea[name=progress]")).to_have_value("正式打桩，完成 12 根")
    expect(page.locator("textarea[name=next]")).to_have_value("转入承台施工")
    page.click(send)
    page.wait_for_url("**/projects/L1/")
    expect(page.locator("main")).to_contain_text("转入承台施工")
    # The server has it: nothing comes up a second time.
    page.goto(note)
    expect(page.locator("[data-kept-word]")).to_be_hidden()
    assert page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('luodi:keep:')).length") == 0


def test_a_file_chosen_without_a_line_is_named_to_be_chosen_again(people):
    somebody = people("rep2", phone=True)
    page = somebody.page
    claim, send = "/project-acts/claim/L1/", "main form button.btn-primary"
    page.goto(claim)
    stage = page.locator("select[name=stage] option").last.get_attribute("value")
    page.goto(f"{claim}?stage={stage}")
    photo = {"name": "IMG_0612.png", "mimeType": "image/png", "buffer": b"\x89PNG\r\n\x1a\n"}
    page.locator("input[type=file]").first.set_input_files(photo)
    somebody.context.set_offline(True)
    with suppress(Error):  # the browser has no page to show
        page.click(send)
    page.wait_for_timeout(500)
    somebody.context.set_offline(False)
    page.goto(f"{claim}?stage={stage}")
    expect(page.locator("[data-kept-files]")).to_have_text("IMG_0612.png")
