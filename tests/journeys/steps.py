"""What several journeys do on the way: a county's month of funds in place, with its slips, from the grid to accepted."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from tests.journeys.made import PNG

FUNDS = "/filing/YL-T2/2025-05/YL01/"
NAMES = {"head": "甲", "statistician": "乙", "filler": "丙", "telephone": "0000", "filled_on": "2025-06-02"}


def cell(code: str, measure: str = "funds_in_place") -> str:
    return f'input[name="cell:{code}|{measure}"]'


def type_in(page: Page, cells: dict[str, str]) -> None:
    """Type funds in place by project, and wait until the server has them."""
    page.goto(FUNDS)
    for code, value in cells.items():
        page.fill(cell(code), value)
    expect(page.locator("#grid .new")).to_have_count(0, timeout=30_000)


def attach(page: Page, code: str, content: bytes = PNG) -> None:
    """Attach a bank slip to a project's cell."""
    key = f"{code}|funds_in_place"
    room = page.locator(f'[data-attached="{key}"]')
    room.locator("summary").click()
    slip = {"name": "回单.png", "mimeType": "image/png", "buffer": content}
    room.locator("input[type=file]").set_input_files(slip)
    expect(room.locator("summary")).to_contain_text(re.compile("(银行回单|bank slip) ×1"))


def press(page: Page, button: Locator) -> None:
    """Press a button that sends the page's form, and wait for the next page."""
    with page.expect_navigation():
        button.click()


def send(people, page: Page) -> None:
    """Name who answers, attach the stamped sheet, explain what is asked, have it checked and signed, and send it."""
    page.goto(FUNDS)
    for name, value in NAMES.items():
        page.fill(f"#{name}", value)
    page.set_input_files("#scan", {"name": "sheet.png", "mimeType": "image/png", "buffer": PNG})
    press(page, page.locator("button[name=act][value=save]"))
    while (asked := page.locator("input[name^='explain:']")).count():
        asked.first.fill("已与企业核实")
        press(page, page.locator("button[name=act][value=explain]").first)
    checker = people("chk1").page
    checker.goto(FUNDS)
    press(checker, checker.locator("button[name=act][value=check]"))
    signer = people("sig1").page
    signer.goto(FUNDS)
    press(signer, signer.locator("button[name=act][value=sign]"))
    signer.goto(f"{FUNDS}send/")
    signer.locator("main form button.btn-primary").click()
    signer.wait_for_url(f"**{FUNDS}")


def open_return(office: Page) -> None:
    """Open what waits in the acceptance queue."""
    office.goto("/acceptance/?period=2025-05")
    office.locator("table.queue tbody a[href^='/acceptance/']").first.click()
    office.wait_for_url("**/acceptance/*/")


def accept(office: Page) -> None:
    """Accept what waits in the queue."""
    open_return(office)
    office.click("button[name=act][value=accepted]")
    office.wait_for_url("**/acceptance/?period=2025-05")
