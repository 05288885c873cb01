"""axe-core finds nothing serious or critical on any page, in either language, on a screen and (the pages of a phone) on a phone."""

from __future__ import annotations

from collections import defaultdict

import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from tools.walk import Visitor

from tests.conftest import ROOT
from tests.demosite import Site

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("demo")]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
GRAVE = ("serious", "critical")
RUN = """() => axe.run(document, {
  resultTypes: ["violations"], runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
}).then(found => found.violations.map(one => ({
  id: one.id, impact: one.impact, count: one.nodes.length, where: one.nodes[0].html.slice(0, 160), why: one.nodes[0].failureSummary.slice(0, 200)
})))"""
ON_A_PHONE = ("desk-county", "project", "project_act-note", "project_act-claim", "verification", "form", "projects")


def context(browser: Browser, site: str, login: str, language: str, *, phone: bool) -> BrowserContext:
    """Open a browser's window for somebody, signed in."""
    size = {"width": 390, "height": 844} if phone else {"width": 1440, "height": 900}
    opened = browser.new_context(viewport=size, bypass_csp=True, reduced_motion="reduce")
    opened.add_cookies(Visitor(site, login or None, language=language).session())  # type: ignore[arg-type]
    opened.add_init_script(path=AXE)
    return opened


def grave(page: Page, address: str) -> list[str]:
    """Give what is seriously wrong with a page."""
    page.goto(address)
    page.wait_for_load_state("load")
    return [
        f"{one['id']} x{one['count']}: {one['where']}\n    {one['why']}"
        for one in page.evaluate(RUN)
        if one["impact"] in GRAVE
    ]


@pytest.mark.parametrize(("language", "phone"), [("zh", False), ("en", False), ("zh", True)])
def test_nothing_serious_is_found_on_any_page(demo_site: Site, chromium: Browser, language: str, phone: bool):
    assert AXE.exists(), "axe-core is missing: run `make setup`"
    by_login = defaultdict(list)
    for stop in demo_site.stops:
        if not phone or stop.name in ON_A_PHONE:
            by_login[stop.login].append(stop)
    found = {}
    for login, stops in by_login.items():
        opened = context(chromium, demo_site.address, login, language, phone=phone)
        page = opened.new_page()
        for stop in stops:
            if wrong := grave(page, demo_site.address + stop.path):
                found[stop.name] = wrong
        opened.close()
    assert not found, "\n".join(f"{name}: {one}" for name, wrong in found.items() for one in wrong)
    assert sum(map(len, by_login.values())) >= (len(ON_A_PHONE) if phone else 40)
