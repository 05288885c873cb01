"""A screen on the wall renews itself and says when its line is lost; the wall chart prints on A3. The browser's clock is moved on, not waited for."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
MINUTE = 61_000
A3 = (1191, 842)  # points, landscape


def test_a_wall_screen_refreshing_itself(people):
    leader = people("leader")
    wall = leader.page
    wall.clock.install()
    wall.set_viewport_size({"width": 1920, "height": 1080})
    wall.goto("/cockpit/wall/")
    wall.wait_for_load_state("load")
    assert wall.locator("#wall", has_text="地基验槽").count() == 0
    reporter = people("rep2").page
    reporter.goto("/project-acts/node/Q1/")
    reporter.fill("input[name=name]", "地基验槽")
    reporter.fill("input[name=on]", "2025-06-20")
    reporter.locator("main form button.btn-primary").click()
    reporter.wait_for_url("**/projects/Q1/")
    wall.clock.run_for(MINUTE)
    expect(wall.locator("#wall")).to_contain_text("地基验槽", timeout=30_000)
    expect(wall.locator(".wall-lost")).to_be_hidden()
    leader.context.set_offline(True)
    wall.clock.run_for(MINUTE)
    expect(wall.locator(".wall-lost")).to_be_visible(timeout=30_000)
    expect(wall.locator("#wall")).to_contain_text("地基验槽")  # the last figures stay
    leader.context.set_offline(False)
    wall.clock.run_for(MINUTE)
    expect(wall.locator(".wall-lost")).to_be_hidden(timeout=30_000)


def test_the_wall_chart_prints_on_a3_and_keeps_its_filter(people):
    page = people("leader").page
    page.goto("/wall/?scope=all&group=stage&unit=YL02")
    expect(page.locator("table.chart tbody")).to_have_count(4)
    paper = page.pdf(prefer_css_page_size=True, print_background=True)
    boxes = re.findall(rb"/MediaBox\s*\[\s*0\s+0\s+([\d.]+)\s+([\d.]+)\s*\]", paper)
    assert boxes
    assert {(round(float(wide)), round(float(high))) for wide, high in boxes} == {A3}
    page.emulate_media(media="print")
    expect(page.locator("form.filters")).to_be_hidden()
    expect(page.locator("table.chart")).to_be_visible()
