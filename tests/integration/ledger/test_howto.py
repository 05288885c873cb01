"""The how-to pages of sealing, verifying and backing up, followed word for word on a store."""

import re
import shlex
from pathlib import Path

import pytest

from luodi.kernel import problem
from tests.integration.ledger import processes

PAGES = Path(__file__).parents[3] / "docs" / "howto"


def commands(page):
    """Give the page's commands, each with the variables set for it."""
    for block in re.findall(r"```console\n(.*?)```", (PAGES / page).read_text("utf-8"), re.S):
        for line in block.splitlines():
            words = shlex.split(line)
            variables = {}
            while words and "=" in words[0]:
                name, value = words.pop(0).split("=", 1)
                variables[name] = value
            if words and words[0] == "luodi":
                yield variables, words[1:]


def follow(page, store, folder, monkeypatch):
    monkeypatch.chdir(folder)
    (folder / "backups").mkdir(exist_ok=True)
    for variables, words in commands(page):
        home = variables.get("LUODI_HOME")
        environment = {**store.environment, **({"LUODI_HOME": str(folder / Path(home).name)} if home else {})}
        words = [word.replace("/backups", str(folder / "backups")) for word in words]
        code, said, complained = processes.run(words, environment, folder=str(folder))
        yield words[0], code, said, complained


@pytest.fixture
def worked(embedded):
    embedded.done("write", "w", 600)
    return embedded


def test_the_page_on_sealing(worked, tmp_path, monkeypatch):
    for _command, code, _said, complained in follow("seal.md", worked, tmp_path, monkeypatch):
        assert code == 0, complained
    assert (tmp_path / "seals-2024-05.json").exists()


def test_the_page_on_verifying(worked, tmp_path, monkeypatch):
    assert [code for _command, code, _said, _complained in follow("verify.md", worked, tmp_path, monkeypatch)] == [0]


def test_the_page_on_backing_up(worked, tmp_path, monkeypatch):
    """Its last restore is the PostgreSQL one's twin, refused here because a store is there already."""
    done = [(command, code) for command, code, _said, _complained in follow("backup.md", worked, tmp_path, monkeypatch)]
    assert done[:2] == [("backup", 0), ("restore", 0)]
    assert done[-2:] == [("restore", 0), ("verify", 0)]


def test_refusals_named_on_the_pages_exist():
    for page in ("seal.md", "verify.md", "backup.md"):
        for code in re.findall(r"`(ledger\.\w+\.\w+)`", (PAGES / page).read_text("utf-8")):
            assert code in problem.catalogue("ledger")
