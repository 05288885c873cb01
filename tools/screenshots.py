"""
Pictures of every page: both languages, three widths, by a real server and Debian's Chromium.

    python tools/screenshots.py [--home var/pictures] [--out screenshots/out] [--only NAME ...] [--widths 390 1440 1920]
                                [--languages zh en] [--minutes 40]

Without a home it makes a demo city once and keeps it. Ends in bounded time: a page has half a minute, the whole has
`--minutes`. Prints what a look at the pictures might miss (pages wider than the screen, errors of the browser), then
names the pages of which no picture could be made; ends with 1 when there are any.
"""

# ruff: noqa: S310, S603  processes and addresses are this machine's own; the password is the demo's

from __future__ import annotations

import argparse
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
WIDTHS = {390: 844, 1440: 900, 1920: 1080}
LANGUAGES = ("zh", "en")
LOCALES = {"zh": "zh-CN", "en": "en-GB"}  # of the browser: how it writes the days of a field
CITY = ("--projects", "400", "--months", "12")
# Without these the browser asks hosts of its maker for things.
QUIET = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip
TALLEST = 6000  # a list of five hundred rows tells nothing below this
PATIENCE = 30_000  # milliseconds that one page may take


@dataclass
class Run:
    """What a run has done so far, and until when it may go on."""

    ends: float  # by the steady clock, in seconds
    made: int = 0
    faults: int = 0
    failed: list[str] = field(default_factory=list)

    @property
    def over(self) -> bool:
        """Say whether the time is used up."""
        return time.monotonic() > self.ends


def make_city(home: Path) -> None:
    """Make a demo city where none is."""
    if not (home / "luodi.sqlite3").exists():
        print(f"making a demo city in {home} (some minutes, once) ...", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "luodi", "init", "--demo", *CITY], env=environment(home), check=True)


def environment(home: Path) -> dict[str, str]:
    """Give the surroundings of a process that serves this store."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LUODI_")}
    return kept | {"LUODI_HOME": str(home), "DJANGO_SETTINGS_MODULE": "luodi.server.settings"}


@contextmanager
def served(home: Path) -> Iterator[str]:
    """Serve a store from a process of its own; gives its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "luodi", "up", "--port", str(port)]
    server = subprocess.Popen(command, env=environment(home), stdout=subprocess.DEVNULL)
    site = f"http://127.0.0.1:{port}"
    try:
        for _ in range(300):
            if server.poll() is not None:
                raise SystemExit("the server ended by itself")
            try:
                urllib.request.urlopen(f"{site}/api/health", timeout=5).close()
                break
            except OSError:
                time.sleep(0.2)
        yield site
    finally:
        server.terminate()
        server.wait(timeout=30)


@contextmanager
def browser() -> Iterator[Any]:
    """Start Debian's Chromium."""
    from playwright.sync_api import sync_playwright

    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        raise SystemExit("Chromium is missing: run `make setup` as root, or ask for the package chromium")
    with sync_playwright() as playwright:
        sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
        started = playwright.chromium.launch(executable_path=path, args=[*QUIET, *sandbox])
        yield started
        started.close()


def picture(page: Any, address: str, target: Path, width: int) -> list[str]:
    """Picture one page; give what is wrong with it. Raises the browser's error where there is no page."""
    wrong: list[str] = []
    listen = lambda message: wrong.append(message.text) if message.type in ("error", "warning") else None  # noqa: E731
    page.on("console", listen)
    try:
        answer = page.goto(address, timeout=PATIENCE)
        page.wait_for_load_state("networkidle", timeout=PATIENCE)
        page.evaluate("document.activeElement && document.activeElement.blur()")
        wide, tall = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]")
        clip = {"x": 0, "y": 0, "width": width, "height": min(tall, TALLEST)}
        target.parent.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=target, full_page=True, clip=clip, timeout=PATIENCE)
    finally:
        page.remove_listener("console", listen)
    found = {
        f"status {answer.status if answer else 0}": answer is None or answer.status >= 400,
        f"{wide} wide": wide > width,
        f"{tall} tall": width == 390 and tall > TALLEST,
    }
    return [*wrong, *(words for words, is_so in found.items() if is_so)]


def take(site: str, out: Path, only: list[str], widths: list[int], languages: list[str], run: Run) -> None:
    """Picture every page in these languages at these widths, as far as the time goes."""
    from tools.walk import Visitor, walk

    broken: list[str] = []
    stops = [stop for stop in walk(site, broken=broken) if not only or any(word in stop.name for word in only)]
    run.failed += [f"no page: {one}" for one in broken]
    logins = {one.login for one in stops}
    with browser() as chromium:
        for language in languages:
            sessions = {login: Visitor(site, login or None, language=language) for login in logins}
            for width in widths:
                row(chromium, site, stops, sessions, out / language / str(width), width, run)
    print(f"{len(stops)} pages, {run.made} pictures in {out}; {run.faults} to look at, {len(run.failed)} failed")
    for one in run.failed:
        print(f"failed: {one}")


def row(
    chromium: Any, site: str, stops: list[Any], sessions: dict[str, Any], folder: Path, width: int, run: Run
) -> None:
    """Picture the pages in one language at one width."""
    from playwright.sync_api import Error

    for login, visitor in sessions.items():
        context = chromium.new_context(
            viewport={"width": width, "height": WIDTHS.get(width, 900)}, locale=LOCALES[folder.parent.name]
        )
        context.add_cookies(visitor.session())
        page = context.new_page()
        for stop in (one for one in stops if one.login == login):
            title = f"{folder.parent.name} {width} {stop.name} ({login or 'nobody'}) {stop.path}"
            if run.over:
                run.failed.append(f"{title}: the time was over")
                continue
            try:
                wrong = picture(page, site + stop.path, folder / f"{stop.name}.png", width)
            except Error as error:
                run.failed.append(f"{title}: {error.message.splitlines()[0]}")
                page.close()
                page = context.new_page()
                continue
            run.made += 1
            run.faults += bool(wrong)
            if wrong:
                print(f"{title}: {'; '.join(wrong)}", flush=True)
        context.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", type=Path, default=ROOT / "var" / "pictures")
    parser.add_argument("--out", type=Path, default=ROOT / "screenshots" / "out")
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--widths", nargs="*", type=int, default=list(WIDTHS))
    parser.add_argument("--languages", nargs="*", choices=LANGUAGES, default=list(LANGUAGES))
    parser.add_argument("--minutes", type=float, default=40, help="when to stop, finished or not (40)")
    asked = parser.parse_args()
    home = asked.home.absolute()
    make_city(home)
    os.environ.update(environment(home))
    import django

    django.setup()
    began = time.monotonic()
    run = Run(ends=began + asked.minutes * 60)
    with served(home) as site:
        take(site, asked.out, asked.only, asked.widths, asked.languages, run)
    print(f"took {(time.monotonic() - began) / 60:.1f} minutes")
    raise SystemExit(bool(run.failed))


if __name__ == "__main__":
    main()
