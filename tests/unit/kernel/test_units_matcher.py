"""Government units in running text: listed, short, unlisted, in lists, as collectives, dated."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st
from pytest import fixture, mark, raises

from luodi.kernel.gov_units import Unit, build, read_units
from luodi.kernel.gov_units.tables import BadUnits

CITY = [
    Unit("C", "青河市", kind="city"),
    Unit("T", "青河市统计局", parent="C", kind="department"),
    Unit("F", "青河市发展和改革委员会", parent="C", kind="department"),
    Unit("G", "青河市工业和信息化局", ("市工信委",), "C", "department"),
    Unit("B", "青河市人民政府办公室", parent="C", kind="office"),
    Unit("D", "东山县", parent="C", kind="district"),
    Unit("DT", "统计局", parent="D", kind="department"),
    Unit("P", "青河高新技术产业开发区管理委员会", ("高新区",), "C", "park"),
]


@fixture(scope="module")
def city():
    return build(CITY)


def said(matcher, text):
    return [(one.text, [unit.code for unit in one.units]) for one in matcher.find(text)]


@mark.parametrize(
    ("text", "found"),
    [
        ("市统计局要研究", [("市统计局", ["T"])]),
        ("请统计局汇总", [("统计局", ["T"])]),
        ("统计部门要核实", [("统计部门", ["T"])]),
        ("青河市统计局牵头", [("青河市统计局", ["T"])]),
        ("由市发改委牵头", [("市发改委", ["F"])]),
        ("市发展改革委要", [("市发展改革委", ["F"])]),
        ("发改委、市工信局", [("发改委", ["F"]), ("市工信局", ["G"])]),
        ("市工信委已更名", [("市工信委", ["G"])]),
        ("市政府办公室印发", [("市政府办公室", ["B"])]),
        ("市政府办要", [("市政府办", ["B"])]),
        ("东山县统计局要", [("东山县统计局", ["DT"])]),
        ("东山县政府要", [("东山县政府", ["D"])]),
        ("高新区管委会和东山县要", [("高新区管委会", ["P"]), ("东山县", ["D"])]),
        ("工信、发改等主管部门要", [("工信、发改等主管部门", ["G", "F"])]),
        ("工信、商务等主管部门要", [("工信、商务等主管部门", [])]),
        ("省统计局来电", [("省统计局", [])]),
        ("国家统计局规定", [("国家统计局", [])]),
        ("南山市统计局的做法", [("南山市统计局", [])]),
        ("今后市统计局要", [("市统计局", ["T"])]),
        ("县统计局要", [("县统计局", [])]),
        ("市水务部门要", [("市水务部门", [])]),
        ("水务部、统计部门要", [("水务部", []), ("统计部门", ["T"])]),
        ("区自然资源和规划分局要", [("区自然资源和规划分局", [])]),
        ("旗发改委、州直各部门要", [("旗发改委", []), ("州直各部门", [])]),
        ("由工业集中区牵头", [("工业集中区", [])]),
        ("各区（市）县政府、市政府各部门要", [("各区（市）县政府、市政府各部门", [])]),
        ("各乡镇（街）、各镇办要", [("各乡镇（街）、各镇办", [])]),
        ("各县（市）区、各部门要", [("各县（市）区、各部门", [])]),
        ("各县（市、区）人民政府要", [("各县（市、区）人民政府", [])]),
        ("XX县XX局负责", [("XX县XX局", [])]),
        ("**经开区和各级各类园区要", [("**经开区", []), ("各级各类园区", [])]),
        ("市委、市政府督查室要把", [("市委、市政府督查室", [])]),
        ("市项目推进中心要", [("市项目推进中心", [])]),
        ("请国网青河供电公司于月底前", [("国网青河供电公司", [])]),
        ("西山县、北湖区要", [("西山县", []), ("北湖区", [])]),
        ("统计办法和管理办法由谁定", []),
        ("城市要有气质，社区要有温度", []),
        ("全市经济形势，市场主体，上市公司", []),
    ],
)
def test_what_a_text_names(city, text, found):
    assert said(city, text) == found


def test_a_collective_is_one_and_says_so(city):
    (one,) = city.find("各县（市）区、各部门要抓紧")
    assert one.collective and one.names == ("各县（市）区、各部门",)
    (person,) = city.find("分管领导要到场")
    assert person.people


def test_lists_are_groups_and_their_tails_name_nobody(city):
    groups = city.groups("市统计局、市发改委和市工信局等有关部门要会商，市商务局参加")
    assert [[one.text for one in group.mentions] for group in groups] == [
        ["市统计局", "市发改委", "市工信局"],
        ["市商务局"],
    ]
    (group,) = city.groups("全市各级各部门特别是主要负责同志，要")
    assert [one.text for one in group.mentions] == ["全市各级各部门"]


def test_a_list_behind_a_key_keeps_what_nobody_knows(city):
    found = city.read_list("市统计局、青河水投，各县（市）区、各部门及驻地企业联盟")
    assert [one.text for one in found] == ["市统计局", "青河水投", "各县（市）区、各部门", "驻地企业联盟"]


def test_a_name_that_fits_two_is_ambiguous_and_stays_as_written():
    two = build([*CITY, Unit("T2", "青河市调查统计局", ("统计局",), "C", "department")])
    (one,) = two.find("统计局要报数")
    assert one.ambiguous is False  # the one that claims the name by alias has it
    three = build([*CITY, *(Unit(code, f"青河市{code}局", ("质监办",), "C") for code in "MN")])
    (one,) = three.find("质监办要")
    assert one.ambiguous and one.names == ("质监办",) and {unit.code for unit in one.units} == {"M", "N"}
    assert len(three.resolve("质监办")) == 2 and three.resolve("没有") == ()


def test_the_longer_of_two_readings_wins():
    matcher = build([Unit("A", "AB市"), Unit("B", "乙局", ("AB",))])
    assert said(matcher, "AB市统计局要") == [("市统计局", [])]


def test_names_hold_on_their_days():
    versions = [
        Unit("L", "青河市旅游局", parent="C", kind="department", valid_to=date(2019, 2, 1)),
        Unit("L", "青河市文化和旅游局", parent="C", kind="department", valid_from=date(2019, 2, 1)),
    ]
    before, after = (build([*CITY, *versions], on=day) for day in (date(2019, 1, 31), date(2019, 2, 1)))
    assert said(before, "市旅游局要") == [("市旅游局", ["L"])]
    assert said(after, "市文旅局要") == [("市文旅局", ["L"])] and not after.resolve("市旅游局")
    assert build([*CITY, *versions]).resolve("市旅游局")


def test_a_table_of_units_is_read(tmp_path):
    file = tmp_path / "units.csv"
    file.write_bytes("单位代码,单位名称,别名,启用日期\nT,青河市统计局,统计口;数字办,2019.2.1\n\n".encode("gb18030"))
    (unit,) = read_units(file)
    assert unit.aliases == ("统计口", "数字办") and unit.valid_from == date(2019, 2, 1)


@mark.parametrize(
    ("content", "codes"),
    [
        (b"code\nA\n", ["decompose.no_column"]),
        (b"", ["decompose.no_column"]),
        ("code,name,valid_from,valid_to\nA,\nB,乙,soon,\nC,丙,2020-01-02,2020-01-01\nD,丁,2020-02-30,\n".encode(),
         ["decompose.no_code_or_name", "decompose.bad_day", "decompose.days_reversed", "decompose.bad_day"]),
        (b'code,name\n"A,\n', ["decompose.torn_row"]),
        (b"\x00\x01\x02\xff", ["decompose.table_not_text"]),
        (b"code,name\nA\x00,b\n", ["decompose.table_not_text"]),
        (None, ["decompose.not_read"]),
    ],
)  # fmt: skip
def test_a_bad_table_says_everything_at_once(tmp_path, content, codes):
    file = tmp_path / "units.csv"
    if content is not None:
        file.write_bytes(content)
    with raises(BadUnits) as refusal:
        read_units(file)
    assert [problem.code for problem in refusal.value.problems] == codes
    assert all(problem.message("zh") != problem.code and problem.message("en") for problem in refusal.value.problems)


@settings(max_examples=150, deadline=None)
@given(
    st.text(
        alphabet=st.sampled_from("青河东山市县区各级部门局委办、和（）**XX统计发改工信等主管要由请责成，。国家省"),
        max_size=80,
    )
)
def test_any_text_gives_mentions_in_order_that_stand_there(text):
    end = 0
    for one in build(CITY).find(text):
        assert end <= one.start < one.end and text[one.start : one.end] == one.text
        end = one.end
