"""Units that nobody listed: told by where they stand and by what is said behind them."""

from pytest import mark

from luodi.kernel.gov_units import Unit
from luodi.supervision.texts.naming import finder


def names(text, units=()):
    return [[mention.text for mention in group.mentions] for group in finder(units).groups(text)]


@mark.parametrize(
    "name",
    [
        "水务部门",
        "县委组织部",
        "区政府督查室",
        "经济发展局",
        "招商一处",
        "党政办",
        "资金组",
        "石桥镇政府",
        "杨庄村",
        "镇项目办",
        "石桥镇综合执法队",
        "云泽职业技术学院",
        "国网丰浦供电公司",
        "市公安局交警支队",
        "云泽海关",
        "供电公司",
        "市供销合作社",
        "龟山社区居委会",
        "指挥部",
    ],
)
def test_a_name_stands_where_a_clause_begins(name):
    assert names(f"{name}要抓紧制定方案") == [[name]]
    assert names(f"会议要求，由{name}牵头做好") == [[name]]


@mark.parametrize(
    "text",
    [
        "大局要牢记",
        "要把工作落到实处，加快推进",
        "特事特办，急事急办",
        "很多客商会主动找上门来",
        "注重日常催办与协调服务相结合",
        "统筹兼顾，把全市工作组织好",
        "由局部向整体推进",
        "合作社要壮大",
        "新农村要美，城镇建设要快",
    ],
)
def test_what_only_ends_like_a_name(text):
    assert names(text) == []


@mark.parametrize(
    "name",
    [
        "各县区、功能板块",
        "各镇、街",
        "各责任部门、区（分）局",
        "各牵头单位和汇总单位",
        "各县（市、区）发改部门",
        "各乡镇街、部门单位",
    ],
)
def test_what_is_joined_to_a_collective_belongs_to_it(name):
    assert names(f"{name}一定要对标对表") == [[name]]
    assert names("各县区、市发改委要会商") == [["各县区", "市发改委"]]


def test_words_before_a_name_are_no_place():
    assert names("于9月20日前报市政府督查室") == [["市政府督查室"]]
    assert names("委托区委党校开展课题研究") == [["区委党校"]]


def test_bare_functions_each_are_a_unit_where_they_are_told_to_act():
    listed = [Unit("C", "青河市", kind="city"), Unit("Y", "青河市应急管理局", parent="C")]
    assert names("应急、消防要提前准备") == [["应急", "消防"]]
    (group,) = finder(listed).groups("应急、消防要提前准备")
    assert [[unit.code for unit in mention.units] for mention in group.mentions] == [["Y"], []]
    assert names("请国土会同发改、财政等部门拿出标准")[0] == ["国土"]


def test_collectives_side_by_side_are_one():
    assert names("各乡镇、园区、县直各部门要倒排工期") == [["各乡镇、园区、县直各部门"]]
    assert names("市交通局和各县区、各部门要抓紧") == [["市交通局", "各县区、各部门"]]
    assert names("各责任（配合）单位要加强协调") == [["各责任（配合）单位"]]
    assert names("各县区人大常委会要同步监督") == [["各县区人大常委会"]]
    assert names("各乡镇（街道）、部门要主动对接") == [["各乡镇（街道）、部门"]]
    assert names("市县两级要建立台账") == [["市县两级"]]


def test_who_stands_for_a_unit_belongs_to_it():
    assert names("各县区主要负责同志要到一线") == [["各县区"]]
    (group,) = finder().groups("各县区主要负责同志要到一线")
    assert group.end == len("各县区主要负责同志")
    assert names("区委书记与企业座谈，县委常委到会") == []
    assert names("县委常委会要研究") == [["县委"]]
    (persons,) = finder().groups("各位县区委书记要带头")
    assert persons.mentions[0].people


def test_an_order_before_a_name_is_no_part_of_it():
    assert names("云泽市人民政府责成市工信局牵头") == [["市工信局"]]
    assert names("按照市委安排") == [["市委"]]


def test_a_listed_name_is_resolved():
    listed = [Unit("C", "青河市", kind="city"), Unit("H", "青河海关", ("市海关",), "C")]
    (group,) = finder(listed).groups("请市海关研究方案")
    assert group.mentions[0].names == ("青河海关",)
