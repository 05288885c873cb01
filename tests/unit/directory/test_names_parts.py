from hypothesis import given
from hypothesis import strategies as st
from pytest import mark

from luodi.directory.names import keys
from luodi.directory.names.lexicon import lexicon
from luodi.directory.names.parts import clean, key_of, lies_in, take_apart, writings

DALIAN, KUNSHAN = "2102", "320583"


def codes(places):
    return sorted("|".join(sorted(place)) for place in places)


@mark.parametrize(
    "name, place, aside, brand, trade, form",
    [
        ("大连青榆船舶重工有限公司", [DALIAN], [], "青榆", ("船舶重工",), "limited"),
        ("辽宁省大连市金州区青榆机械有限责任公司", ["210213"], [], "青榆", ("机械",), "limited"),
        ("中国青榆能源股份有限公司", ["0中国"], [], "青榆", ("能源",), "shares"),
        ("青榆新材料（大连）科技有限公司", [], [DALIAN], "青榆", ("新材料科技",), "limited"),
        ("青榆(集团)有限公司", [], [], "青榆", ("集团",), "limited"),
        ("青榆投资中心（有限合伙）", [], [], "青榆", ("投资中心",), "partnership"),
        ("贵州青榆酒股份有限公司", ["52"], [], "青榆", ("酒",), "shares"),
        ("青榆甲有限公司", [], [], "青榆甲", (), "limited"),
        ("昆山青榆电子有限公司", [KUNSHAN], [], "青榆", ("电子",), "limited"),
        ("永安青榆酒有限公司", [], [], "永安青榆", ("酒",), "limited"),
        ("大连银行股份有限公司", [], [], "大连", ("银行",), "shares"),
        ("大连市银行股份有限公司", [], [], "大连", ("银行",), "shares"),
        ("大连港集团有限公司", [], [], "大连港", ("集团",), "limited"),
        ("大连高新区青榆软件有限公司", ["2102高新区"], [], "青榆", ("软件",), "limited"),
        ("北京大连青榆有限公司", ["11"], [], "大连青榆", (), "limited"),
        ("青榆ＢＣ", [], [], "青榆bc", (), ""),
        ("青河市青榆机械有限公司", ["?青河"], [], "青榆", ("机械",), "limited"),
        ("辽宁省青河县青榆机械有限公司", ["?青河"], [], "青榆", ("机械",), "limited"),
        ("中国岚屿市青榆机械有限公司", ["?岚屿"], [], "青榆", ("机械",), "limited"),
        ("青榆超市有限公司", [], [], "青榆", ("超市",), "limited"),
        ("青榆市政工程有限公司", [], [], "青榆", ("市政工程",), "limited"),
        ("公司", [], [], "公司", (), ""),
        ("", [], [], "", (), ""),
    ],
)
def test_a_name_is_place_brand_trade_and_form(name, place, aside, brand, trade, form):
    parts = take_apart(name)
    assert (codes(parts.place), codes(parts.aside)) == (place, aside)
    assert (parts.brand, parts.trade, parts.form) == (brand, trade, form)


@mark.parametrize(
    "one, other",
    [
        ("大连市青榆机械有限责任公司", "大连青榆机械有限公司"),
        ("青榆机械（大连市）有限公司", "青榆机械大连有限公司"),
        ("恩施土家族苗族自治州青榆茶业有限公司", "恩施青榆茶业有限公司"),
        ("昆山市青榆电子有限公司", "昆山青榆电子有限公司"),
        ("大通回族土族自治县青榆电子有限公司", "大通县青榆电子有限公司"),
        ("海西蒙古族藏族自治州青榆盐业有限公司", "海西州青榆盐业有限公司"),
        ("青河市青榆电子有限公司", "青河青榆电子有限公司"),
        ("大连市经济技术开发区青榆酒店有限公司", "大连经济技术开发区青榆酒店有限公司"),
    ],
)
def test_squeezed_two_ways_of_writing_are_one(one, other):
    assert take_apart(one).squeezed == take_apart(other).squeezed


@mark.parametrize(
    "name, branch, head",
    [
        ("青榆机械有限公司大连分公司", "大连分公司", "青榆机械有限公司"),
        ("青榆机械（大连）有限公司第二分公司", "第二分公司", "青榆机械大连有限公司"),
        ("青榆银行大连市分行", "大连市分行", "青榆银行"),
        ("青榆机械沈阳分公司", "沈阳分公司", "青榆机械"),
        ("青榆机械金州分公司", "金州分公司", "青榆机械"),
        ("青榆机械分公司", "分公司", "青榆机械"),
        ("大连分公司", "分公司", "大连"),
        ("某分公司", "", ""),
        ("青榆机械有限公司", "", ""),
    ],
)
def test_a_branch_names_its_enterprise(name, branch, head):
    parts = take_apart(name)
    assert (parts.branch, parts.head) == (branch, head)


@mark.parametrize(
    "written, cleaned",
    [
        ("12、青榆机械", "青榆机械"),
        ("(3)青榆机械", "青榆机械"),
        ("3.5英寸", "3.5英寸"),
        ("*ST青榆", "青榆"),
        ("XD青榆", "青榆"),
        ("STAR青榆", "star青榆"),
        ("青榆A", "青榆"),
        ("青榆H股", "青榆"),
        ("青榆-SW", "青榆"),
        ("青榆机械（原名：大连机械厂）", "青榆机械"),
        ("青榆机械（大连）", "青榆机械(大连)"),
    ],
)
def test_what_tables_and_exchanges_add_comes_off(written, cleaned):
    assert clean(written) == cleaned


def test_a_short_name_may_end_in_a_place():
    as_is, aside = writings("青榆机械大连")
    assert as_is.aside == frozenset() and codes(aside.aside) == [DALIAN]
    assert len(writings("青榆机械")) == 1
    assert len(writings("青榆机械大连有限公司")) == 1


def test_a_place_lies_in_another():
    assert lies_in("2102", frozenset({"21"})) and lies_in("2102", frozenset({"0中国"}))
    assert not lies_in("2102", frozenset({"2102"})) and not lies_in("0华东", frozenset({"0中国"}))


def test_a_name_many_places_bear_keeps_them_all():
    assert {"110105", "220104"} <= next(iter(take_apart("朝阳区青榆机械有限公司").place))


def test_whole_words_are_known_once():
    assert lexicon() is lexicon()
    assert lexicon().bare["恩施土家族苗族自治州"] == "恩施" and lexicon().bare["沛县"] == "沛县"
    assert "永安" not in lexicon().places and "永安" in lexicon().nested


def test_a_short_name_looks_under_every_key_its_company_posts():
    held = keys.starts_held(take_apart("大连青榆城市建设投资集团有限公司"), lexicon())
    assert held == {"s青榆|", "s青榆|城", "s青榆|集"}
    assert held & set(keys.starts_asked("青榆城投")) and held & set(keys.starts_asked("青榆股份"))


@given(st.text(max_size=40))
def test_any_text_can_be_taken_apart(text):
    for parts in writings(clean(text)):
        assert parts.core == parts.brand + "".join(parts.trade)
    assert key_of(text) == take_apart(text).whole
