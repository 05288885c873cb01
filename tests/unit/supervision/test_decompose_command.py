"""The command, its files, its papers, a model on a real local server, and its how-to page followed step by step."""

import json
import re
import subprocess
import sys
import threading
import zipfile
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import docx
import openpyxl
from click.testing import CliRunner
from pytest import fixture, mark

from luodi.cli.decompose import decompose

PAGE = Path(__file__).parents[3] / "docs" / "howto" / "decompose.md"
FILES = re.compile(r"^`([\w.-]+)`:\n\n```\w+\n(.*?)```", re.M | re.S)
COMMANDS = re.compile(r"^```console\n\$ luodi (.*?)\n(.*?)```", re.M | re.S)


@fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name, content in FILES.findall(PAGE.read_text("utf-8")):
        (tmp_path / name).write_text(content, "utf-8")
    return tmp_path


def run(*arguments, language="zh", **env):
    return CliRunner().invoke(decompose, [str(one) for one in arguments], env={"LUODI_LANG": language, **env})


def answer(*arguments, **env):
    found = run(*arguments, "--format", "json", **env)
    assert found.exit_code == 0, found.output
    return json.loads(found.stdout)


def squeezed(text):
    lines = (" ".join(re.sub(r"[│┃━─┏┓┡┩└┘├┤┼┬┴╇╈┳┻]", " ", line).split()) for line in text.splitlines())
    return [line for line in lines if line]


def test_the_page_is_followed_step_by_step(folder):
    steps = COMMANDS.findall(PAGE.read_text("utf-8"))
    assert len(steps) == 2
    for command, printed in steps:
        found = run(*command.split()[1:])
        assert found.exit_code == (1 if "[decompose." in printed else 0)
        assert squeezed(found.stdout + found.stderr) == squeezed(printed)


def test_the_document_has_the_keys_that_others_rely_on(folder):
    told = answer("minutes.txt", "--units", "units.csv", "--events", "events.csv", "--date", "2026-03-15")
    raw = (folder / "minutes.txt").read_text("utf-8")
    assert told["date_from"] == "option" and told["encoding"] == "utf-8" and told["length"] == len(raw)
    assert len(told["tasks"]) == 4
    for task in told["tasks"]:
        assert {"text", "start", "end", "units", "co_units", "deadline", "due", "recurrence"} <= set(task)
        assert task["text"] == raw[task["start"] : task["end"]]
    assert told["tasks"][0]["named"][0]["codes"] == ["T"] and told["tasks"][0]["due"] == "2026-06-30"
    assert [turn["unit"] for turn in told["tasks"][3]["recurrence"]["every"]] == ["week", "week"]
    assert told["tasks"][0]["recurrence"] is None


@mark.parametrize(
    ("encode", "name", "shift"),
    [
        (lambda text: text.encode(), "utf-8", 0),
        (lambda text: b"\xef\xbb\xbf" + text.encode(), "utf-8 with mark", 1),
        (lambda text: text.encode("gb18030"), "gb18030", 0),
        (lambda text: text.encode("utf-16"), "utf-16", 0),
        (lambda text: text.replace("\n", "\r\n").encode(), "utf-8", 1),
    ],
)
def test_encodings_are_told_and_offsets_count_the_raw_text(folder, encode, name, shift):
    (folder / "coded.txt").write_bytes(encode("标题\n市统计局要在年底前完成核查。"))
    told = answer("coded.txt", "--text-out", "out.txt")
    assert told["encoding"] == name and told["tasks"][0]["start"] == 3 + shift
    kept = (folder / "out.txt").read_bytes().decode("utf-8")
    assert kept[told["tasks"][0]["start"] : told["tasks"][0]["end"]] == told["tasks"][0]["text"]


def test_a_word_document_is_read_paragraphs_and_cells_in_order(folder):
    document = docx.Document()
    document.add_paragraph("纪要")
    run_ = document.add_paragraph("市统计局").add_run("要在6月底前")
    run_.add_break()
    run_.add_tab()
    run_.add_text("完成核查。")
    table = document.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "市商务局要拿出奖励办法。", "备注"
    document.save("speech.docx")
    told = answer("speech.docx", "--text-out", "out.txt")
    kept = (folder / "out.txt").read_text("utf-8")
    assert kept == "纪要\n市统计局要在6月底前\n\t完成核查。\n市商务局要拿出奖励办法。\n备注"
    assert told["encoding"] == "docx" and [task["units"] for task in told["tasks"]] == [["市统计局"], ["市商务局"]]
    assert all(kept[task["start"] : task["end"]] == task["text"] for task in told["tasks"])


def word_file(folder, body):
    with zipfile.ZipFile(folder / "x.docx", "w") as archive:
        archive.writestr("word/document.xml", body)


W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'


def test_struck_text_is_left_out_inserted_text_and_boxes_are_not(folder):
    box = "<mc:AlternateContent><mc:Choice><w:p><w:r><w:t>框</w:t></w:r></w:p></mc:Choice><mc:Fallback><w:p><w:r><w:t>框</w:t></w:r></w:p></mc:Fallback></mc:AlternateContent>"
    word_file(
        folder,
        f"<w:document {W}><w:body><w:p><w:del><w:r><w:t>删</w:t></w:r></w:del><w:ins><w:r><w:t>增</w:t></w:r></w:ins><w:r><w:t/></w:r>{box}</w:p></w:body></w:document>",
    )
    answer("x.docx", "--text-out", "out.txt")
    assert (folder / "out.txt").read_text("utf-8") == "增\n框"


@mark.parametrize(
    ("content", "code"),
    [
        (b"", "decompose.empty"),
        ("　\n".encode(), "decompose.empty"),
        (b"\x00\x01\x02", "decompose.not_text"),
        (b"\xff\xff\xff", "decompose.not_text"),
        (b"\xff\xfea", "decompose.not_text"),
        (b"\xd0\xcf\x11\xe0old", "decompose.old_word"),
        (b"PK\x03\x04torn", "decompose.bad_docx"),
        (None, "decompose.not_read"),
    ],
)
def test_what_is_no_text_is_refused_in_words(folder, content, code):
    if content is not None:
        (folder / "x.txt").write_bytes(content)
    for language in ("zh", "en"):
        found = run("x.txt", "--format", "json", language=language)
        (problem,) = json.loads(found.stdout)["problems"]
        assert found.exit_code == 1 and problem["code"] == code and problem["message"] != code


def test_a_damaged_word_document_is_refused(folder, monkeypatch):
    for body in ("<a><b></a>", f"<!DOCTYPE a><w:document {W}/>"):
        word_file(folder, body)
        assert "decompose.bad_docx" in run("x.docx").stderr
    monkeypatch.setattr("luodi.supervision.texts.source.MAX_BYTES", 10)
    word_file(folder, "<a/>" * 10)
    assert "decompose.too_big" in run("x.docx").stderr
    (folder / "long.txt").write_bytes(b"a" * 11)
    assert "decompose.too_big" in run("long.txt").stderr


def test_a_document_that_is_too_big_unpacked_is_refused(folder, monkeypatch):
    word_file(folder, f"<w:document {W}>{' ' * 5000}</w:document>")
    with zipfile.ZipFile(folder / "x.docx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", " " * 5000)
    monkeypatch.setattr("luodi.supervision.texts.source.MAX_BYTES", 2000)
    assert "decompose.too_big" in run("x.docx").stderr


def test_other_refusals(folder):
    assert "decompose.bad_date_option" in run("minutes.txt", "--date", "soon").stderr
    assert "decompose.bad_model_url" in run("minutes.txt", "--model", "file:///etc/hosts").stderr
    (folder / "e.csv").write_text(
        "name,from,to\n,2026-01-01,\n甲,,\n乙,x,\n丙,2026-02-02,2026-02-01\n丁,2026-02-02,\n", "utf-8"
    )
    said = run("minutes.txt", "--events", "e.csv").stderr
    assert [line.split("[")[-1] for line in said.splitlines()] == ["decompose.no_event]"] * 2 + [
        "decompose.bad_day]",
        "decompose.days_reversed]",
    ]
    for option in ("--xlsx", "--docx", "--text-out"):
        assert "decompose.not_written" in run("minutes.txt", option, folder / "none" / "x").stderr


def test_the_papers_hold_the_table(folder):
    (folder / "odd.txt").write_text(
        "=市统计局要在6月底前完成核查\x0c。市商务局要制定=HYPERLINK方案，按月通报。请副市长王XX同志牵头，近期拿出方案。",
        "utf-8",
    )
    found = run("odd.txt", "--xlsx", "t.xlsx", "--docx", "t.docx")
    assert found.exit_code == 0, found.output
    sheet = openpyxl.load_workbook("t.xlsx").active
    assert [cell.value for cell in sheet[3]] == ["序号", "任务", "责任领导", "牵头单位", "配合单位", "时限", "原文"]
    rows = list(sheet.iter_rows(min_row=4, values_only=True))
    assert [row[0] for row in rows] == list(range(1, len(rows) + 1)) and "市商务局" in [row[3] for row in rows]
    assert all(cell.data_type != "f" for line in sheet.iter_rows() for cell in line)
    table = docx.Document("t.docx").tables[0]
    assert [cell.text for cell in table.rows[0].cells] == [cell.value for cell in sheet[3]]
    assert [[cell.text for cell in row.cells][1:] for row in table.rows[1:]] == [
        [cell or "" for cell in row[1:]] for row in rows
    ]


class Model(BaseHTTPRequestHandler):
    """A tiny server that speaks as much of the OpenAI interface as is needed; `answers` are given in turn."""

    answers: list = []
    asked: list = []

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        Model.asked.append((self.path, self.headers.get("Authorization"), body))
        content = Model.answers.pop(0)
        self.send_response(500 if content is None else 200)
        self.end_headers()
        self.wfile.write(json.dumps({"choices": [{"message": {"content": content}}]}).encode() if content else b"{}")

    def log_message(self, *_):
        pass


@fixture
def model():
    server = HTTPServer(("127.0.0.1", 0), Model)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    Model.answers, Model.asked = [], []
    yield f"http://127.0.0.1:{server.server_port}/v1"
    server.shutdown()
    server.server_close()


def test_a_model_may_only_quote(folder, model):
    proposals = [
        {"quote": "市统计局要研究制定入库流程", "lead": ["市统计局"]},
        {"quote": "今年以来，各部门主动作为", "lead": ["各部门", "市外的人"], "help": "x", "deadline": "今年"},
        {"quote": "这句话原文里没有", "lead": []},
        {"quote": " "}, "no mapping", {"quote": 5},
    ]  # fmt: skip
    Model.answers = ["好的：```json\n" + json.dumps({"tasks": proposals}, ensure_ascii=False) + "\n```"]
    told = answer("minutes.txt", "--model", model, LUODI_MODEL_KEY="k")
    path, key, body = Model.asked[0]
    assert path == "/v1/chat/completions" and key == "Bearer k" and "市统计局" in body["messages"][1]["content"]
    by = {task["text"][:6]: task["found_by"] for task in told["tasks"]}
    assert by["市统计局要研"] == ["rules", "model"] and by["由市商务局牵"] == ["rules"]
    (alone,) = [task for task in told["tasks"] if task["found_by"] == ["model"]]
    raw = (folder / "minutes.txt").read_text("utf-8")
    assert raw[alone["start"] : alone["end"]] == alone["text"] == "今年以来，各部门主动作为"
    assert alone["units"] == ["各部门"] and alone["due"] is None and alone["deadline"] == "今年"
    assert [finding["code"] for finding in told["findings"]] == ["decompose.model_dropped"]
    assert [task["start"] for task in told["tasks"]] == sorted(task["start"] for task in told["tasks"])


@mark.parametrize("content", ["没有", '{"tasks": 3}', "{", None, ""])
def test_a_model_that_fails_changes_nothing(folder, model, content):
    Model.answers = [content]
    told = answer("minutes.txt", LUODI_MODEL_URL=model + "/chat/completions")
    assert len(told["tasks"]) == 4 and told["findings"][0]["code"] == "decompose.model_failed"


def test_a_long_text_is_asked_in_pieces_and_twice_found_is_two(folder, model):
    (folder / "long.txt").write_text("口号一句。\n" * 700 + "口" * 5000, "utf-8")
    Model.answers = ['{"tasks": [{"quote": "口号一句"}, {"quote": "口号一句"}]}'] * 2 + ['{"tasks": []}'] * 5
    told = answer("long.txt", "--model", model)
    assert len(Model.asked) == 4 and [task["start"] for task in told["tasks"]][:2] == [0, 6]


def test_tables_speak_english_and_say_what_is_not_known(folder):
    (folder / "plain.txt").write_text("市统计局要在6月底前完成核查。", "utf-8")
    found = run("plain.txt", language="en")
    assert "lead" in found.stdout and "the deadline is open" in found.stdout and "--date" in found.stderr


def test_it_starts_without_django():
    code = "import sys; sys.modules['django'] = None; import luodi.cli.decompose as d; from luodi.supervision.texts.decompose import decompose; decompose(raw='市统计局要完成核查。'); assert not [m for m in sys.modules if m.startswith('django.')]"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_real_speeches_are_read_whole(cases, folder):
    for file in sorted((cases / "speeches").glob("*.txt")):
        told = answer(file)
        raw = file.read_bytes().decode("utf-8")
        assert len(told["tasks"]) >= 5
        assert all(raw[task["start"] : task["end"]] == task["text"] for task in told["tasks"])
        assert not any("（" in unit and "）" not in unit for task in told["tasks"] for unit in task["units"])


def test_rows_of_the_workbook_are_high_enough_for_their_text(tmp_path):
    long = "市商务局要逐户走访，" * 20 + "月底前形成清单。"
    (tmp_path / "t.txt").write_text(f"市统计局要建立台账。\n{long}", "utf-8")
    assert run(tmp_path / "t.txt", "--xlsx", tmp_path / "o.xlsx").exit_code == 0
    sheet = openpyxl.load_workbook(tmp_path / "o.xlsx").active
    heights = [sheet.row_dimensions[at].height for at in range(4, sheet.max_row + 1)]
    assert heights[0] < 40 and max(heights) <= 409
    wide = [len(str(row[6].value)) * 2 / 44 * 16 for row in sheet.iter_rows(min_row=4)]
    assert all(high >= needed for high, needed in zip(heights, wide, strict=True))
