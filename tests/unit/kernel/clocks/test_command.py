"""`luodi clock` from the outside: the fixed example, many matters, beliefs, changes, firings, the table, and every refusal."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from luodi.cli.main import main
from luodi.kernel.clocks import policy

SPEC = Path(__file__).parents[3] / "spec" / "clocks"
EXAMPLE = [str(SPEC / "example.yaml"), "--issued", "2026-09-17T16:30", "--now", "2026-09-28T10:00"]
PAUSES = ["--pause", "2026-09-22/2026-09-24:supplement", "--pause", "2026-09-23/2026-09-29:hearing"]


def run(*args, code=0):
    result = CliRunner().invoke(main, ["clock", *map(str, args)], catch_exceptions=False)
    assert result.exit_code == code, result.output
    return result


def answer(*args, code=0):
    return json.loads(run(*args, "--format", "json", code=code).stdout)


def refusal(*args):
    return [(p["code"], p["line"], p["path"]) for p in answer(*args, code=1)["problems"]]


def write(folder, name, *lines):
    file = folder / name
    file.write_text("\n".join(lines) + "\n", "utf-8")
    return file


# the fixed example --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "pauses", [PAUSES, ["--events", str(SPEC / "example_events.csv")]], ids=["--pause", "--events"]
)
def test_the_example_comes_out_exactly(pauses):
    told = answer(*EXAMPLE, "--holidays", SPEC / "example_holidays.csv", *pauses)
    expected = json.loads((SPEC / "example.json").read_text("utf-8"))
    clocks = expected.pop("clocks")
    assert {key: told[key] for key in expected} == expected
    for one, want in zip(told["clocks"], clocks, strict=True):
        days = want.pop("days", [])
        assert {key: one[key] for key in want} == want
        assert [day for day in one["days"] if day in days] == days
    days = told["clocks"][4]["days"]
    assert [days[0]["day"], days[-1]["day"], len(days)] == ["2026-09-18", "2026-10-14", 27]
    assert told["findings"] == []


def test_the_shipped_calendar_gives_the_same():
    told = answer(*EXAMPLE, *PAUSES)
    assert [one["due_on"] for one in told["clocks"]] == [
        "2026-09-17",
        "2026-09-21",
        "2026-09-24",
        "2026-10-19",
        "2026-10-14",
    ]
    assert told["clocks"][4]["days"][2]["notice"] == "国办发明电〔2025〕7号"


@pytest.mark.parametrize("name", policy.shipped_ids())
def test_shipped_policies_run_and_say_that_they_are_examples(name):
    result = run(name, "--issued", "2026-07-13", "--now", "2026-07-20")
    assert "示例" in result.stderr
    rules = policy.load(policy.find(name))
    assert rules.example
    assert "example" in rules.basis["text"]
    assert rules.id == name


# many matters -------------------------------------------------------------------------------------------------------


def test_many_matters_give_one_element_each(tmp_path):
    cases = write(
        tmp_path, "C.csv", "id,issued,done", "m1,2026-09-17T16:30,", "m2,2026-09-01,2026-09-03", "m3,2026-07-13,"
    )
    events = write(
        tmp_path,
        "E.csv",
        "id,kind,from,to,reason,known_at,by",
        "m1,pause,2026-09-22,2026-09-24,supplement,,",
        "m1,pause,2026-09-23,2026-09-29,hearing,,",
        "m3,done,2026-07-14,,,,",
    )
    told = answer(SPEC / "example.yaml", "--cases", cases, "--events", events, "--now", "2026-09-28T10:00")
    assert [one["id"] for one in told] == ["m1", "m2", "m3"]
    assert [one["clocks"][4]["due_on"] for one in told] == ["2026-10-14", "2026-09-15", "2026-07-27"]
    assert [one["clocks"][4]["state"] for one in told] == ["paused", "done", "done"]


def test_a_slip_may_begin_higher(tmp_path):
    cases = write(tmp_path, "C.csv", "id,issued,done,begin", "m1,2026-07-13,,", "m2,2026-07-13,,red")
    told = answer("colour-slips", "--cases", cases, "--now", "2026-07-14", "--begin", "orange")
    assert [[one["state"] for one in matter["clocks"]] for matter in told] == [
        ["skipped", "running", "waiting"],
        ["skipped", "skipped", "running"],
    ]


# what was believed --------------------------------------------------------------------------------------------------


def test_the_due_day_as_believed_on_any_day(tmp_path):
    holidays = write(
        tmp_path, "H.csv", "day,kind,status,notice,known_at", "2026-07-15,off,announced,flood,2026-07-14T12:00"
    )
    events = write(
        tmp_path,
        "E.csv",
        "kind,from,to,reason,known_at,by",
        "pause,2026-07-14,2026-07-14,hearing,2026-07-20,",
    )
    args = [
        SPEC / "example.yaml",
        "--issued",
        "2026-07-13",
        "--now",
        "2026-07-21",
        "--holidays",
        holidays,
        "--events",
        events,
    ]

    def due(*known):
        return answer(*args, *known)["clocks"][4]["due_on"]

    assert due() == "2026-07-29"
    assert due("--known-at", "2026-07-13") == "2026-07-27"
    assert due("--known-at", "2026-07-14T11:59") == "2026-07-27"
    assert due("--known-at", "2026-07-14") == "2026-07-28"
    assert due("--known-at", "2026-07-20") == "2026-07-29"
    changes = answer(*args, "--changes-since", "2026-07-13")["changes"]
    assert [(one["clock"], one["was_due_on"], one["due_on"], one["because"]) for one in changes] == [
        ("report", "2026-07-16", "2026-07-17", ["calendar"]),
        ("decide", "2026-07-27", "2026-07-29", ["calendar", "events"]),
    ]


def test_when_a_year_is_announced_open_matters_change():
    args = ["qinghai-710", "--issued", "2019-04-22", "--now", "2019-04-23"]
    (change,) = [one for one in answer(*args, "--changes-since", "2019-03-01")["changes"] if one["clock"] == "ordinary"]
    assert (change["was_due_on"], change["due_on"], change["because"]) == ("2019-05-02", "2019-04-30", ["calendar"])
    unannounced = answer(*args, "--changes-since", "2018-11-01")["changes"]
    assert {(one["clock"], one["was_calendar"], one["calendar"]) for one in unannounced} >= {
        ("complex", "estimated", "announced")
    }


def test_a_corrected_or_newer_rule(tmp_path):
    """The old edition holds for what was issued before the new one, and for what was believed before it was known."""
    clocks = "clocks: [{id: c, budget: {n: %s, unit: day}}%s]"
    write(tmp_path, "v1.yaml", "format: luodi-clock/1", "id: p-1", clocks % (5, ""))
    write(
        tmp_path,
        "v2.yaml",
        "format: luodi-clock/1",
        "id: p-2",
        "replaces: v1.yaml",
        "known_at: 2026-03-01",
        clocks % (7, ""),
    )
    newest = write(
        tmp_path,
        "v3.yaml",
        "format: luodi-clock/1",
        "id: p-3",
        "replaces: v2.yaml",
        "basis: {valid_from: 2026-07-01}",
        clocks % (9, ", {id: d, every: month}"),
    )

    def said(*args):
        told = answer(newest, "--now", "2026-07-02", *args)
        return told["policy"], told["clocks"][0]["due_on"]

    assert said("--issued", "2026-07-01") == ("p-3", "2026-07-10")
    assert said("--issued", "2026-06-01") == ("p-2", "2026-06-08")
    assert said("--issued", "2026-06-01", "--known-at", "2026-02-28") == ("p-1", "2026-06-06")
    told = answer(newest, "--now", "2026-07-02", "--issued", "2026-06-01", "--changes-since", "2026-02-01")
    assert [(one["was_due_on"], one["due_on"], one["because"]) for one in told["changes"]] == [
        ("2026-06-06", "2026-06-08", ["rule"])
    ]


def test_a_corrected_pause(tmp_path):
    events = write(
        tmp_path,
        "E.csv",
        "key,kind,from,to,reason,known_at,by",
        "p1,pause,2026-07-14,2026-07-16,hearing,2026-07-14,",
        "p1,pause,2026-07-14,2026-07-15,hearing,2026-07-18,",
        "p2,pause,2026-07-20,2026-07-20,expert,2026-07-20,",
        "p2,withdrawn,2026-07-20,,,2026-07-21,",
        ",pause,2026-07-22,2026-07-22,expert,2026-07-22,",
        ",pause,2026-07-22,2026-07-22,expert,2026-07-23,",
    )
    args = [SPEC / "example.yaml", "--issued", "2026-07-13", "--now", "2026-07-24", "--events", events]
    paused = {
        known: answer(*args, "--known-at", known)["clocks"][4]["paused_total"]
        for known in ("2026-07-15", "2026-07-18", "2026-07-20", "2026-07-21", "2026-07-24")
    }
    assert paused == {"2026-07-15": 3, "2026-07-18": 2, "2026-07-20": 3, "2026-07-21": 2, "2026-07-24": 3}


def test_a_withdrawal_needs_a_key_and_no_day(tmp_path):
    head = "key,kind,from,to,reason,known_at,by"
    pause, taken = "p,pause,2026-07-14,2026-07-16,hearing,,", "p,withdrawn,,,,2026-07-18,"
    args = [SPEC / "example.yaml", "--issued", "2026-07-13", "--now", "2026-07-24", "--events"]
    kept = answer(*args, write(tmp_path, "E.csv", head, pause, taken))["clocks"][4]
    assert kept["paused_total"] == 0
    assert refusal(*args, write(tmp_path, "F.csv", head, pause, taken[1:])) == [("clock.withdrawn_needs_key", 3, "key")]


def test_a_finding_says_in_words_why_it_does_not_count(tmp_path):
    events = write(tmp_path, "E.csv", "kind,from,to,reason,known_at,by", "extension_granted,2026-07-14,2026-07-15,,,")
    told = answer(SPEC / "example.yaml", "--issued", "2026-07-13", "--now", "2026-07-24", "--events", events)
    said = told["findings"][0]["message"]["en"]
    assert (told["findings"][0]["file"], told["findings"][0]["line"]) == ("E.csv", 2)
    assert said.startswith("The extension doesn't count: no reason (column reason); nobody named who granted it")
    assert said.endswith("; the new day is not later than the old one.") and len(told["findings"]) == 1
    early = answer(SPEC / "example.yaml", "--issued", "2019-07-13", "--now", "2019-07-24")["findings"][0]
    assert "（2026-01-01 至 不限）" in early["message"]["zh"]


def test_titles_name_the_clocks():
    told = answer("13710", "--issued", "2026-07-13", "--now", "2026-07-24")
    assert told["clocks"][0]["title"] == "当日研究部署"
    assert "deploy 当日研究部署" in run("13710", "--issued", "2026-07-13", "--now", "2026-07-24").stdout
    waiting = answer("colour-slips", "--issued", "2026-07-13", "--now", "2026-07-14")["clocks"][2]
    assert waiting["state"] == "waiting" and "title" in waiting


# firing -------------------------------------------------------------------------------------------------------------


def test_thresholds_fire_once_and_a_later_pause_withdraws(tmp_path):
    record = tmp_path / "fired.json"
    args = [SPEC / "example.yaml", "--issued", "2026-07-13", "--fired", record]
    assert answer(*args, "--now", "2026-07-20")["firings"] == {}
    late = answer(*args, "--now", "2026-07-30")["firings"]
    assert late == {
        "/decide/half/0": {"at": "2026-07-21T00:00:00+08:00", "state": "fired"},
        "/decide/near/0": {"at": "2026-07-24T00:00:00+08:00", "state": "fired"},
    }
    written = record.read_text("utf-8")
    answer(*args, "--now", "2026-07-31")
    assert record.read_text("utf-8") == written
    undone = answer(*args, "--now", "2026-07-31", "--pause", "2026-07-15/2026-07-29:hearing")["firings"]
    assert undone["/decide/half/0"] == {"at": "2026-07-21T00:00:00+08:00", "state": "withdrawn"}
    again = answer(*args, "--now", "2026-08-30", "--pause", "2026-07-15/2026-07-29:hearing")["firings"]
    assert again["/decide/half/0"] == {"at": "2026-08-05T00:00:00+08:00", "state": "fired"}


@pytest.mark.parametrize("text", ["[1]", "{", '{"a": {}}', '{"a/b": {"at": 1, "state": "fired"}}', "[]x"])
def test_a_record_that_is_none_is_refused(tmp_path, text):
    record = write(tmp_path, "fired.json", text)
    args = ["13710", "--issued", "2026-07-13", "--fired", record]
    assert refusal(*args)[0][0] == "clock.not_a_ledger"


# the table ----------------------------------------------------------------------------------------------------------


def test_the_table_and_the_proof_sheet_in_both_languages(monkeypatch):
    args = [*EXAMPLE, *PAUSES, "--pause", "2026-10-20/2026-10-21:weather", "--proof"]
    chinese = run(*args)
    assert "暂停" in chinese.stdout and "调休上班" in chinese.stdout and "supplement" in chinese.stdout
    assert "不计" in chinese.stderr
    monkeypatch.setenv("LUODI_LANG", "en")
    english = run(*args)
    assert "make-up workday" in english.stdout and "Proof sheet of decide" in english.stdout
    assert "doesn't count" in english.stderr
    assert not any("一" <= letter <= "鿿" for letter in english.stdout.replace("国办发明电", "").replace("号", ""))


def test_an_estimated_day_shows_its_bounds():
    text = run("qinghai-710", "--issued", "2028-01-20", "--now", "2028-01-21").stdout
    assert "~" in text and "估算" in text


def test_now_is_the_present_when_left_out():
    told = answer("13710", "--issued", "2020-01-02")
    assert told["now"] > "2024"
    assert told["clocks"][0]["state"] == "over"


def test_unread_columns_are_said(tmp_path):
    holidays = write(tmp_path, "H.csv", "day,kind,colour", "2026-07-15,off,red")
    events = write(tmp_path, "E.csv", "kind,from,mood", "done,2026-07-14,good")
    cases = write(tmp_path, "C.csv", "id,issued,town", "m,2026-07-13,x")
    result = run("13710", "--issued", "2026-07-13", "--holidays", holidays, "--events", events)
    assert "colour" in result.stderr and "mood" in result.stderr
    assert "town" in run("13710", "--cases", cases).stderr


# refusals -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (["13710"], "clock.needs_issued"),
        (["13710", "--issued", "yesterday"], "clock.bad_moment"),
        (["13710", "--issued", "2026-02-30"], "clock.bad_moment"),
        (["13710", "--issued", "2026-07-13", "--now", "noon"], "clock.bad_moment"),
        (["13710", "--issued", "2026-07-13", "--known-at", "noon"], "clock.bad_moment"),
        (["13710", "--issued", "2026-07-13", "--pause", "2026-07-14"], "clock.bad_pause"),
        (["13710", "--issued", "2026-07-13", "--pause", "2026-07-14/soon"], "clock.bad_moment"),
        (["13710", "--issued", "2026-07-13", "--pause", "soon/2026-07-14:x"], "clock.bad_moment"),
        (["13710", "--issued", "2026-07-13", "--pause", "2026-07-14/2026-07-13"], "clock.ends_before_start"),
        (["13710", "--issued", "2026-07-13", "--begin", "purple"], "clock.no_such_clock"),
        (["atlantis", "--issued", "2026-07-13"], "clock.no_policy"),
        (["13710", "--issued", "2026-07-13", "--events", "nowhere.csv"], "workdays.no_file"),
        (["13710", "--issued", "9999-12-31"], "clock.bad_moment"),
        (["13710", "--issued", "2026-07-13", "--now", "9999-12-31"], "clock.bad_moment"),
        (["13710", "--issued", "0001-01-01"], "clock.bad_moment"),
    ],
)
def test_what_is_asked_badly_is_refused(args, code):
    assert [found[0] for found in refusal(*args)] == [code]


def test_every_bad_cell_of_the_events_is_named(tmp_path):
    events = write(
        tmp_path,
        "E.csv",
        "kind,from,to,reason,known_at,by,clock",
        "pauze,2026-07-14,,,,,",
        "pause,,,,,,",
        "pause,2026-07-14,2026-07-13,,,,",
        "pause,2026-07-14,later,,now,,purple",
    )
    assert refusal("13710", "--issued", "2026-07-13", "--events", events) == [
        ("workdays.bad_word", 2, "kind"),
        ("workdays.bad_moment", 3, "from"),
        ("clock.ends_before_start", 4, "to"),
        ("workdays.bad_moment", 5, "to"),
        ("workdays.bad_moment", 5, "known_at"),
        ("workdays.bad_word", 5, "clock"),
    ]


def test_every_bad_cell_of_the_matters_is_named(tmp_path):
    cases = write(
        tmp_path, "C.csv", "id,issued,done,begin", ",2026-07-13,,", "a,2026-07-13,,", "a,2026-07-13,,", "b,,x,purple"
    )
    events = write(tmp_path, "E.csv", "id,kind,from", "c,done,2026-07-14")
    assert refusal("13710", "--cases", cases, "--events", events) == [
        ("clock.no_id", 2, "id"),
        ("clock.id_twice", 4, "id"),
        ("workdays.bad_moment", 5, "issued"),
        ("workdays.bad_moment", 5, "done"),
        ("workdays.bad_word", 5, "begin"),
        ("clock.no_such_matter", 2, None),
    ]
    without = write(tmp_path, "E2.csv", "id,kind,from", ",done,2026-07-14")
    assert refusal("13710", "--cases", cases, "--events", without) == [("clock.no_id", 2, "id")]


# starting -----------------------------------------------------------------------------------------------------------


def processor_time():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def test_it_starts_without_django_and_in_under_a_second():
    """Nothing of Django, DuckDB or pandas is loaded; the processor's time is taken, the best of five, for machines are busy."""
    script = (
        "import sys; sys.modules.update(django=None, duckdb=None, ibis=None, pandas=None);"
        "from luodi.cli.main import main; main(['clock', '13710', '--issued', '2026-07-13', '--format', 'json'], standalone_mode=False)"
    )
    times = []
    for _ in range(5):
        began = processor_time()
        result = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False)
        times.append(processor_time() - began)
        assert result.returncode == 0, result.stderr
        assert json.loads(result.stdout)["policy"] == "13710"
    assert min(times) < 1
