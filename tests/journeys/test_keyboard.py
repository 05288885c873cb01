"""The whole site by keyboard: skip the menu, reach everything, see where one is, ask for the keys, take the tour once, read the help."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect
from tools.walk import Visitor

from tests.demosite import Site

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("demo")]
OUTLINE = "() => { const s = getComputedStyle(document.activeElement); return s.outlineStyle + ' ' + parseFloat(s.outlineWidth) + ' ' + s.boxShadow; }"


@pytest.fixture(params=["zh", "en"])
def page(request: pytest.FixtureRequest, demo_site: Site, chromium: Browser):
    """Seat the supervision office, whom no other test of the demo city plays, before a browser."""
    opened = chromium.new_context(viewport={"width": 1440, "height": 900}, base_url=demo_site.address)
    opened.add_cookies(Visitor(demo_site.address, "supervision", language=request.param).session())
    page = opened.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto("/")
    yield page
    assert errors == []
    opened.close()


def focused(page: Page) -> str:
    return page.evaluate("() => document.activeElement.outerHTML.slice(0, 120)")


def test_the_first_key_skips_the_menu(page: Page):
    page.keyboard.press("Tab")
    assert "skip" in focused(page)
    expect(page.locator("a.skip")).to_be_in_viewport()
    page.keyboard.press("Enter")
    assert page.evaluate("() => document.activeElement.id") == "content"


def test_every_step_is_seen_and_nothing_is_a_trap(page: Page):
    page.goto("/projects/")
    seen = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("() => document.activeElement === document.body"):
            break
        style, width, shadow = page.evaluate(OUTLINE).split(" ", 2)
        assert (style != "none" and float(width) >= 1) or shadow != "none", f"no focus is seen on {focused(page)}"
        seen.add(focused(page))
    assert len(seen) > 25


def test_slash_goes_to_the_search_and_enter_finds(page: Page):
    page.keyboard.press("/")
    assert page.evaluate("() => document.activeElement.matches('[data-find]')")
    page.keyboard.type("YL01")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=YL01")


def test_a_question_mark_lists_the_keys_and_escape_closes(page: Page):
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    assert page.locator("#keys kbd").count() >= 8
    page.keyboard.press("Escape")
    expect(page.locator("#keys")).to_be_hidden()


def test_help_opens_beside_the_page_and_explains_its_words(page: Page):
    page.goto("/ranking/")
    page.locator("[data-help]").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#help .terms dt").first).to_be_visible()
    assert page.url.endswith("/ranking/")
    page.keyboard.press("Escape")
    expect(page.locator("#help")).to_be_hidden()


def test_the_menu_of_the_person_opens_by_keyboard(page: Page):
    page.locator("header .dropdown-toggle").focus()
    page.keyboard.press("Enter")
    expect(page.locator("header .dropdown-menu")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("header .dropdown-menu")).to_be_hidden()


def test_the_tour_leads_through_five_places_once(demo_site: Site, chromium: Browser):
    for first in (True, False):
        opened = chromium.new_context(viewport={"width": 1440, "height": 900}, base_url=demo_site.address)
        opened.add_cookies(Visitor(demo_site.address, "secadmin", language="en").session())
        page = opened.new_page()
        page.goto("/")
        assert page.locator("form.offer").count() == (1 if first else 0), "the tour is offered until it was seen"
        if first:
            page.locator("form.offer [data-tour-open]").focus()
            page.keyboard.press("Enter")
            for step in range(1, 6):
                expect(page.locator("[data-tour-at]")).to_have_text(str(step))
                assert page.locator(".toured").count() == 1
                expect(page.locator("#tour")).to_be_in_viewport()
                if step < 5:
                    page.keyboard.press("Enter")
            with page.expect_response("**/preferences/"):
                page.keyboard.press("Enter")
            expect(page.locator("#tour")).to_be_hidden()
        opened.close()
