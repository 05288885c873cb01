"""The command, and its how-to page followed step by step."""

import json
import re
import resource
import subprocess
import sys
from pathlib import Path

import yaml
from click.testing import CliRunner
from pytest import fixture, mark

from luodi.cli.match import match
from luodi.kernel import problem

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "howto" / "match.md"
FILES = re.compile(r"^`([\w.-]+)`:\n\n```csv\n(.*?)```", re.M | re.S)
COMMANDS = re.compile(r"^```console\n\$ luodi (.*?)\n(.*?)```", re.M | re.S)


@fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name, content in FILES.findall(PAGE.read_text("utf-8")):
        (tmp_path / name).write_text(content, "utf-8")
    return tmp_path


def run(*arguments, language="zh"):
    return CliRunner().invoke(match, arguments, env={"LUODI_LANG": language})


def test_the_page_is_followed_step_by_step(folder):
    steps = COMMANDS.findall(PAGE.read_text("utf-8"))
    assert len(steps) >= 4
    for command, printed in steps:
        name, *arguments = command.split()
        assert name == "match"
        found = run(*arguments)
        assert found.exit_code == (1 if "[match." in printed else 0), found.output
        if "json" in arguments:
            assert json.loads(found.stdout) == json.loads(printed)
        else:
            assert squeezed(found.stdout + found.stderr) == squeezed(printed)


def squeezed(text):
    """Compare what tables say, not how wide they are drawn."""
    return [
        " ".join(re.sub(r"[│┃━─┏┓┡┩└┘├┤┼┬┴╇╈┳┻]", " ", line).split())
        for line in text.splitlines()
        if re.search(r"\w", line)
    ]


def test_names_with_brackets_of_the_terminal_are_printed_as_they_are(folder):
    (folder / "odd.csv").write_text("name\n[bold]青榆[/x]\n", "utf-8")
    found = run("odd.csv", "register.csv")
    assert found.exit_code == 0 and "[bold]青榆[/x]" in found.stdout


def test_tables_speak_english_too(folder):
    found = run("names.csv", "register.csv", language="en")
    assert "verdict" in found.stdout and "matched" in found.stdout and "The same name as" in found.stdout


def test_json_is_the_only_thing_on_stdout(folder):
    (folder / "register.csv").write_text("code,name,uscc\nE1,青榆有限公司,123\n", "utf-8")
    found = run("names.csv", "register.csv", "--format", "json")
    document = json.loads(found.stdout)
    assert set(document) == {"matches"}
    assert all(list(one) == ["name", "verdict", "code", "candidates", "reason"] for one in document["matches"])
    assert "123" in found.stderr


def test_a_saved_index_answers_the_same_and_takes_no_aliases(folder):
    first = run(
        "names.csv", "register.csv", "--aliases", "aliases.csv", "--save-index", "kept.names", "--format", "json"
    )
    again = run("names.csv", "kept.names", "--format", "json")
    assert json.loads(first.stdout) == json.loads(again.stdout)
    assert run("names.csv", "kept.names", "--aliases", "aliases.csv").exit_code == 2


def test_problems_are_one_document_too(folder):
    (folder / "register.csv").write_text("code,name\nE1,甲\nE1,乙\n", "utf-8")
    found = run("names.csv", "register.csv", "--format", "json")
    assert found.exit_code == 1
    assert [(one["code"], one["line"]) for one in json.loads(found.stdout)["problems"]] == [("match.code_repeated", 3)]


@mark.parametrize("arguments", [(), ("names.csv",), ("nowhere.csv", "register.csv")])
def test_wrong_usage_exits_2(folder, arguments):
    assert run(*arguments).exit_code == 2


def test_an_index_cannot_be_kept_where_nothing_can_be_written(folder):
    found = run("names.csv", "register.csv", "--save-index", "nowhere/kept.names")
    assert found.exit_code == 1 and "nowhere" in found.stderr


def test_the_command_starts_without_django_and_quickly(folder):
    program = (
        "import sys; sys.modules['django'] = None\n"
        "from luodi.cli.main import main\n"
        "main(['match', 'names.csv', 'register.csv', '--format', 'json'])"
    )
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, cwd=folder)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    # By the processor's time, for tests share the machine: 0.7 s when it is busy, 0.5 s when it is not.
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 1.5


def test_every_word_of_the_catalogue_is_said_in_both_languages_and_used():
    entries = yaml.safe_load((problem.WORDS / "match.yaml").read_text("utf-8"))
    sources = "".join(file.read_text("utf-8") for file in (ROOT / "src/luodi").glob("directory/names/*.py"))
    for code, texts in entries.items():
        assert set(texts) == {"zh", "en"} and all(texts.values())
        assert set(re.findall(r"{(\w+)}", texts["zh"])) == set(re.findall(r"{(\w+)}", texts["en"]))
        assert f'"{code}"' in sources, code
