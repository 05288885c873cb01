"""On a building site with a phone: write the progress note, claim 开工 with the photo that the rule asks for; another unit verifies."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.made import PNG

pytestmark = pytest.mark.browser
PROJECT = "/projects/L1/"
PHOTO = {"name": "桩基.png", "mimeType": "image/png", "buffer": PNG}


def fits(page) -> bool:
    """Tell whether nothing sticks out of the phone's screen."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def test_write_a_note_and_claim_a_start_with_a_photo_on_a_phone_verify_by_another_unit(people):
    page = people("rep2", phone=True).page
    page.goto("/projects/?q=L1")
    assert fits(page)
    page.locator("main table.cards a").first.click()
    page.wait_for_url(f"**{PROJECT}")
    assert fits(page)
    page.click('.does a[href="/project-acts/note/L1/"]')
    page.fill("textarea[name=progress]", "正式打桩，完成 12 根")
    page.locator("main form button.btn-primary").click()
    page.wait_for_url(f"**{PROJECT}")
    expect(page.locator("main")).to_contain_text("正式打桩，完成 12 根")

    page.click('.does a[href="/project-acts/claim/L1/"]')
    page.select_option("select[name=stage]", "开工")
    page.locator("main form button.btn-primary").click()
    photo = page.locator('input[name="file:site_photo"]')
    expect(photo).to_have_count(1)
    assert fits(page)
    # The photo is asked because a rule needs it, and the page names the rule; nothing else asks for one.
    expect(page.locator("main form")).to_contain_text(
        re.compile("开工以正式打桩为准|a start is counted by formal piling")
    )
    assert page.locator("input[type=file]").count() == 2
    page.fill("input[name=on]", "2025-05-30")
    photo.set_input_files(PHOTO)
    page.set_input_files('input[name="file:permit"]', {**PHOTO, "name": "许可证.png"})
    page.locator("main form button.btn-primary").click()
    page.wait_for_url(f"**{PROJECT}")
    assert page.locator(".steps li.claimed").count() == 1

    centre = people("centre").page
    centre.goto("/")
    centre.goto("/verification/")
    expect(centre.locator("main")).to_contain_text("L1生产线项目")
    centre.goto(PROJECT)
    centre.click('a[href^="/project-acts/decide/L1/"]')
    centre.click("button[name=do][value=verify]")
    centre.wait_for_url(f"**{PROJECT}")
    page.reload()
    expect(page.locator(".steps li.claimed")).to_have_count(0)
    expect(page.locator(".steps li.done", has_text=re.compile("开工|started"))).to_have_count(1)
