"""A real server process on a store of its own, and a real browser."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.conftest import ROOT

PASSWORD = "a password for tests"
MAKE = f"""
import django; django.setup()
from tests import city
from luodi.identity import actions as identity
from luodi.identity.values import UnitRow
from luodi.web.models import Account
from tests.journeys.made import sign_v1
city.make()
second = UnitRow("YL0102", "河口镇", "town", city.BEGAN, parent="YL01")
identity.record_units([second], actor=city.OPERATOR, on=city.NOW.date())
identity.register_person(person="rep1b", name="演示rep1b", actor=city.OPERATOR, on=city.NOW.date())
identity.give_post(person="rep1b", unit="YL01", role="reporter", valid_from=city.BEGAN, actor=city.OPERATOR, on=city.NOW.date())
for code in ("P1", "P2", "P3"):
    city.project(code)
city.project("Q1", host="YL02")
city.project("S1", host="YL02", life=city.USUAL_LIFE[:1])
for person in (*(person for person, _, _ in city.PEOPLE), "rep1b"):
    Account.objects.create_account(login=person, person=person, password={PASSWORD!r})
city.project("L1", host="YL02", life=city.USUAL_LIFE[:3], national_code="2501-330100-04-01-123456", attributes={{"energy_review": "不需要", "site": "西岭镇"}})
city.project("V1", host="YL02", life=city.USUAL_LIFE[:1])
sign_v1()
"""
# Without these the browser asks hosts of its maker for things, which a closed network refuses by the dozen.
QUIET = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def site(tmp_path: Path) -> Iterator[str]:
    """Serve a small synthetic city from a process of its own; gives its address."""
    home, port = tmp_path / "home", free_port()
    environment = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith("LUODI_") and key != "DJANGO_SETTINGS_MODULE"
    }
    environment |= {"LUODI_HOME": str(home), "DJANGO_SETTINGS_MODULE": "luodi.server.settings", "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "-c", MAKE], env=environment, cwd=ROOT, check=True)
    with (tmp_path / "server.log").open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "luodi", "up", "--port", str(port)],
            env=environment,
            cwd=ROOT,
            stdout=log,
            stderr=log,
        )
    address = f"http://127.0.0.1:{port}"
    try:
        wait_for(address, server)
        yield address
    finally:
        server.terminate()
        server.wait(timeout=30)


def wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        assert server.poll() is None, "the server ended by itself"
        try:
            with urllib.request.urlopen(f"{address}/api/health", timeout=5) as answer:
                assert answer.status == 200
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError("the server does not answer")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Start Debian's Chromium."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    assert path, "Chromium is missing: run `make setup` as root, or ask for the package chromium"
    with sync_playwright() as playwright:
        sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=path, args=[*QUIET, *sandbox])
        yield browser
        browser.close()


class Person:
    """Somebody at a browser of their own, who fails a test when the page logs an error."""

    def __init__(self, browser: Browser, site: str, login: str, language: str, *, phone: bool = False) -> None:
        size = {"width": 390, "height": 844} if phone else {"width": 1440, "height": 900}
        self.context: BrowserContext = browser.new_context(viewport=size, locale="zh-CN", base_url=site)
        self.page: Page = self.context.new_page()
        self.errors: list[str] = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on(
            "console",
            lambda message: self.errors.append(message.text) if "Content Security Policy" in message.text else None,
        )
        self.sign_in(login, language)

    def sign_in(self, login: str, language: str) -> None:
        self.page.goto("/sign-in/")
        self.page.fill("#login", login)
        self.page.fill("#password", PASSWORD)
        self.page.locator("main form").first.locator("button.btn-primary").click()
        self.page.wait_for_selector("header.top")
        if language == "en" and self.page.locator("html").get_attribute("lang") != "en":
            if not self.page.locator("button[name=language][value=en]:visible").count():  # on a phone it is in the menu
                self.page.click("header.top .dropdown-toggle")
            self.page.locator("button[name=language][value=en]:visible").first.click()
            self.page.wait_for_selector('html[lang="en"]')

    def close(self) -> None:
        assert self.errors == []
        self.context.close()


@pytest.fixture(params=["zh", "en"])
def people(request: pytest.FixtureRequest, chromium: Browser, site: str) -> Iterator[object]:
    """Give a function that seats a person before a browser; both languages."""
    seated: list[Person] = []

    def seat(login: str, *, phone: bool = False) -> Person:
        seated.append(Person(chromium, site, login, request.param, phone=phone))
        return seated[-1]

    yield seat
    for person in seated:
        person.close()
