"""What the tree itself must keep to: lock files, words in both languages, no foreign addresses, no loose ends."""

from __future__ import annotations

import json
import re
import string
import subprocess

import pytest
import yaml

from tests.conftest import ROOT

TRACKED = [
    ROOT / line
    for line in subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    if (ROOT / line).is_file()
]
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
WORDS = sorted((ROOT / "src" / "luodi" / "kernel" / "words").glob("*.yaml"))
SOURCES = [path for path in TRACKED if path.suffix == ".py" and "src" in path.parts]
TEMPLATES = sorted((ROOT / "src" / "luodi").glob("**/templates/**/*.html"))


def read(path) -> str:
    return path.read_text("utf-8", errors="replace")


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_lock_files_carry_hashes_and_no_registry(lock):
    text = read(lock)
    pinned = re.findall(r"^[a-zA-Z0-9][\w.-]*==", text, re.MULTILINE)
    assert pinned
    assert text.count("--hash=sha256:") >= len(pinned)
    assert not re.search(r"https?://|--(extra-)?index-url|--find-links", text)


def test_the_npm_lock_carries_hashes_and_no_registry():
    packages = json.loads(read(ROOT / "package-lock.json"))["packages"]
    fetched = {name: entry for name, entry in packages.items() if name}
    assert fetched
    assert all("integrity" in entry for entry in fetched.values())
    assert not [name for name, entry in fetched.items() if "resolved" in entry]


def test_nothing_names_a_registry_or_a_machine():
    # Put together here so that this file does not find itself.
    registries = ["pypi" + ".org", "pythonhosted" + ".org", "registry.npmjs" + ".org", "deb.debian" + ".org"]
    machine = re.compile(r"(^|[^\w.])/(wo" + r"rk|fa" + r"rm|root/\.py" + r"env)(/|\b)")
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in TRACKED
        if path.stat().st_size < 2_000_000
        for number, line in enumerate(read(path).splitlines(), 1)
        if any(host in line for host in registries) or machine.search(line)
    ]
    assert found == []


def test_nothing_is_left_half_done():
    loose = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X)\b|NotImplemented" + r"Error")
    found = [f"{path.relative_to(ROOT)}: {match[0]}" for path in SOURCES for match in loose.finditer(read(path))]
    assert found == []


def fields(text: str) -> set[str]:
    """Name the parameters of a text; one that is a word itself comes once a language (`expected_zh`, `expected_en`)."""
    names = (name for _, name, _, _ in string.Formatter().parse(text) if name)
    return {re.sub(r"_(zh|en)$", "", re.split(r"[.\[]", name)[0]) for name in names}


@pytest.mark.parametrize("file", WORDS, ids=lambda path: path.stem)
def test_every_word_is_there_in_both_languages(file):
    catalogue = yaml.safe_load(read(file))
    for code, entry in catalogue.items():
        assert code.split(".")[0] == file.stem, f"{code} belongs in {code.split('.')[0]}.yaml"
        assert set(entry) == {"zh", "en"}, code
        assert entry["zh"].strip() and entry["en"].strip(), code
        assert fields(entry["zh"]) == fields(entry["en"]), f"{code}: the parameters differ"
        assert re.search(r"[A-Za-z{]", entry["en"]) or not re.search(r"[\u4e00-\u9fff]", entry["zh"]), (
            f"{code}: not said in English"
        )


def known_codes() -> set[str]:
    return {code for file in WORDS for code in yaml.safe_load(read(file))}


def test_every_code_that_templates_say_has_words():
    known = known_codes()
    said = {
        (match[1], path.name)
        for path in TEMPLATES
        for match in re.finditer(r"""\{%\s*say\s+["']([\w.]+)["']""", read(path))
    }
    assert sorted(pair for pair in said if pair[0] not in known) == []


def test_every_problem_code_in_the_source_has_words():
    known, areas = known_codes(), {file.stem for file in WORDS}
    shape = re.compile(
        r"""(?:Problem\(\s*|\.problem\(\s*|\bcode\s*(?::\s*ClassVar\[str\]\s*)?=\s*)["']([a-z_]+(?:\.[a-z_0-9]+)+)["']"""
    )
    used = {
        (match[1], str(path.relative_to(ROOT)))
        for path in SOURCES
        for match in shape.finditer(read(path))
        if match[1].split(".")[0] in areas
    }
    assert sorted(pair for pair in used if pair[0] not in known) == []


def test_templates_hold_no_script_and_no_handler():
    inline = re.compile(
        r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")|\son[a-z]+=|javascript:|\sstyle=", re.IGNORECASE
    )
    found = [f"{path.name}: {match[0]}" for path in TEMPLATES for match in inline.finditer(read(path))]
    assert found == []
