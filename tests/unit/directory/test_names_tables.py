from datetime import date

from pytest import mark, raises

from luodi.directory.names import tables
from luodi.directory.names.tables import BadTable, findings, read_aliases, read_day, read_names, read_register
from luodi.directory.names.values import Alias, Asked, Entry

REGISTER = "code,name,uscc\nE1,大连青榆机械有限公司,91210200ma000000xx\nE2,岚屿食品有限公司,\n"


def file_of(tmp_path, content, encoding="utf-8"):
    file = tmp_path / "table.csv"
    file.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return file


def problems_of(read, file):
    with raises(BadTable) as refused:
        read(file)
    for problem in refused.value.problems:
        for language in ("zh", "en"):
            assert "{" not in problem.message(language)
    return [(problem.code, problem.line) for problem in refused.value.problems]


@mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
def test_a_register_is_read_in_the_encodings_offices_use(tmp_path, encoding):
    assert read_register(file_of(tmp_path, REGISTER, encoding)) == [
        Entry("E1", "大连青榆机械有限公司", "91210200MA000000XX"),
        Entry("E2", "岚屿食品有限公司", ""),
    ]


@mark.parametrize(
    "content",
    [
        "企业编号,企业名称,统一社会信用代码\nE1,青榆,\n",
        "备注\t名称\t 编号 \n见附件\t青榆\tE1\n",
        "CODE;Name\r\nE1;青榆\r\n\r\n ; \r\n",
        '\ncode,name\n"E1","青榆"\n',
    ],
)
def test_columns_stand_in_any_order_under_either_header(tmp_path, content):
    assert read_register(file_of(tmp_path, content)) == [Entry("E1", "青榆", "")]


def test_a_register_says_all_that_is_wrong_with_its_rows(tmp_path):
    file = file_of(tmp_path, "code,name\nE1,甲\n,乙\nE1,丙\nE2\nE2,丁\n")
    assert problems_of(read_register, file) == [
        ("match.no_code", 3),
        ("match.code_repeated", 4),
        ("match.no_name", 5),
        ("match.code_repeated", 6),
    ]


@mark.parametrize(
    "content, code",
    [
        ("", "match.empty_file"),
        ("\n\n", "match.empty_file"),
        ("name,uscc\n青榆,\n", "match.no_column"),
        ("code,名称,企业名称\nE1,甲,乙\n", "match.column_twice"),
        ("code,name,name\nE1,甲,乙\n", "match.column_twice"),
        ('code,name\nE1,"青榆\nE2,岚屿\n', "match.torn_row"),
        (b"PK\x03\x04rest", "match.not_csv"),
        (b"code,name\nE1,\xff\xff\n", "match.not_text"),
    ],
)
def test_a_table_that_is_none_is_refused(tmp_path, content, code):
    assert [found for found, _ in problems_of(read_register, file_of(tmp_path, content))] == [code]


def test_the_column_of_a_code_goes_before_other_headers_of_its_meaning(tmp_path):
    assert read_register(file_of(tmp_path, "代码,code,name\nX,E1,青榆\n")) == [Entry("E1", "青榆", "")]


def test_every_column_that_is_missing_is_named(tmp_path):
    assert len(problems_of(read_register, file_of(tmp_path, "a,b\n1,2\n"))) == 2


def test_a_file_that_cannot_be_opened_is_a_problem(tmp_path):
    assert problems_of(read_register, tmp_path) == [("match.not_read", None)]


def test_names_come_with_code_and_day_where_known(tmp_path):
    file = file_of(tmp_path, "name,date,uscc\n青榆,2024-05-01,91\n岚屿,,\n")
    assert read_names(file) == [Asked("青榆", "91", date(2024, 5, 1)), Asked("岚屿", "", None)]
    assert problems_of(read_names, file_of(tmp_path, "name,date\n青榆,昨天\n岚屿,2024-02-30\n")) == [
        ("match.bad_day", 2),
        ("match.bad_day", 3),
    ]


def test_other_names_come_with_their_days(tmp_path):
    file = file_of(tmp_path, "code,alias,from,to\nE1,旧名,2001.05,2009.05\nE1,简称,,\n")
    assert read_aliases(file) == [Alias("E1", "旧名", date(2001, 5, 1), date(2009, 5, 31)), Alias("E1", "简称")]
    file = file_of(tmp_path, "code,alias,from,to\nE1,甲,2009-01-01,2009-01-01\n,乙,,\nE1,,x,\n")
    assert problems_of(read_aliases, file) == [
        ("match.days_reversed", 2),
        ("match.no_code", 3),
        ("match.no_name", 4),
        ("match.bad_day", 4),
    ]


@mark.parametrize(
    "text, day",
    [
        ("2024-05-01", date(2024, 5, 1)),
        ("2024/5/1", date(2024, 5, 1)),
        ("2024.5.1", date(2024, 5, 1)),
        ("2024年5月1日", date(2024, 5, 1)),
        ("20240501", date(2024, 5, 1)),
        ("2024-05-01 00:00:00", date(2024, 5, 1)),
        ("2024.02", date(2024, 2, 29)),
        ("2024年2月", date(2024, 2, 29)),
    ],
)
def test_days_as_people_write_them(text, day):
    assert read_day(text) == day


@mark.parametrize("text", ["2024", "2024-13", "2024-13-01", "2023-02-29", "5月", "0000-01"])
def test_what_is_no_day_is_not_guessed(text):
    with raises(ValueError):
        read_day(text)


def test_a_month_may_count_from_its_first_day():
    assert read_day("2024.02", month_begins=True) == date(2024, 2, 1)


def test_what_is_odd_but_stops_nothing_is_told():
    entries = [Entry("E1", "甲", "123"), Entry("E2", "乙", "")]
    found = findings(entries, [Alias("E9", "丙"), Alias("E1", "丁")])
    assert [(one.code, one.blocking, one.params["count"]) for one in found] == [
        ("match.bad_uscc", False, 1),
        ("match.alias_unknown", False, 1),
    ]
    assert findings(entries[1:], []) == []


def test_every_header_has_a_chinese_one_to_name():
    assert all(len(headers) > 1 and not headers[1].isascii() for headers in tables.HEADERS.values())
