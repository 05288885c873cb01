from datetime import date

from hypothesis import given
from hypothesis import strategies as st
from pytest import fixture, mark
from stdnum.cn import uscc

from luodi.directory.names import credit
from luodi.directory.names import resolve as resolving
from luodi.directory.names.index import build
from luodi.directory.names.resolve import resolve
from luodi.directory.names.values import Alias, Asked, Entry, Verdict


def code_of(organisation: str) -> str:
    """A made-up credit code with a right check character."""
    body = "91210200" + organisation
    return body + uscc.calc_check_digit(body)


YARD, HOLDING, OTHER = code_of("MA0000001"), code_of("MA0000002"), code_of("MA0000003")
ENTRIES = [
    Entry("E1", "大连青榆船舶重工有限公司", YARD),
    Entry("E2", "大连青榆船舶工业集团有限公司", HOLDING),
    Entry("E3", "大连岚屿食品有限公司"),
    Entry("E4", "大连青榆环境股份有限公司"),
]
ALIASES = [
    Alias("E1", "大连青榆造船厂", None, date(2006, 3, 1)),
    Alias("E3", "岚屿"),
    Alias("E4", "大连青榆环保工程有限公司", date(2004, 1, 1), date(2016, 8, 1)),
    Alias("E3", "大连青榆环保工程有限公司", date(2017, 1, 1), date(2021, 5, 1)),
    Alias("E9", "大连青榆物流有限公司"),
]


@fixture(scope="module")
def index():
    return build(ENTRIES, ALIASES)


def answer(index, name, uscc="", on=None):
    return resolve(asked=Asked(name, uscc, on), index=index)


def test_a_credit_code_decides_first(index):
    found = answer(index, "大连青榆船舶工业集团有限公司", YARD)
    assert (found.verdict, found.code, found.reason.code) == (Verdict.MATCHED, "E1", "match.code_other_name")


@mark.parametrize(
    "written", [YARD.lower(), " ".join(YARD), YARD.translate({ord("9"): "９"}), YARD[:6] + "-" + YARD[6:]]
)
def test_a_code_is_read_however_it_is_typed(index, written):
    found = answer(index, "大连市青榆船舶重工有限公司", written)
    assert (found.code, found.reason.code) == ("E1", "match.code")


def test_a_code_alone_is_enough(index):
    assert answer(index, " ", YARD).code == "E1"


def test_a_code_that_is_not_valid_decides_nothing_and_is_named(index):
    wrong = YARD[:-1] + ("0" if YARD[-1] != "0" else "1")
    found = answer(index, "青榆船舶集团", wrong)
    assert (found.code, found.reason.bad_code) == ("E2", wrong)
    assert wrong in found.reason.message("zh") and wrong in found.reason.message("en")


def test_a_code_of_the_register_that_is_not_valid_decides_nothing():
    wrong = YARD[:-1] + ("0" if YARD[-1] != "0" else "1")
    held = build([Entry("E1", "大连青榆船舶重工有限公司", wrong)])
    assert answer(held, "青榆船舶重工", OTHER).code == "E1"
    assert answer(held, "岚屿食品", wrong).verdict is Verdict.NONE


def test_the_same_name_with_another_code_is_another_enterprise(index):
    for name in ("大连青榆船舶重工有限公司", "青榆船舶重工", "大连青榆船舶重工有限公司沈阳分公司"):
        found = answer(index, name, OTHER)
        assert (found.verdict, found.reason.code) == (Verdict.NONE, "match.none_other_code")


def test_a_code_the_register_does_not_have_leaves_the_name_to_decide(index):
    assert answer(index, "大连岚屿食品有限公司", OTHER).code == "E3"


def test_a_code_held_twice_is_ambiguous():
    held = build([Entry("B", "青榆甲有限公司", YARD), Entry("A", "青榆乙有限公司", YARD)])
    found = answer(held, "青榆甲有限公司", YARD)
    assert (found.verdict, found.candidates) == (Verdict.AMBIGUOUS, ("A", "B"))


@mark.parametrize(
    "on, code, reason",
    [
        (date(2006, 2, 28), "E1", "match.alias"),
        (date(2006, 3, 1), None, "match.none_other_day"),
        (None, "E1", "match.alias"),
    ],
)
def test_a_former_name_is_borne_until_the_day_it_was_given_up(index, on, code, reason):
    found = answer(index, "大连青榆造船厂", on=on)
    assert (found.code, found.reason.code) == (code, reason)


@mark.parametrize("on, code", [(date(2004, 1, 1), "E4"), (date(2017, 1, 1), "E3"), (date(2016, 12, 1), None)])
def test_a_name_handed_on_belongs_to_its_bearer_on_the_day(index, on, code):
    assert answer(index, "大连青榆环保工程有限公司", on=on).code == code


def test_a_name_handed_on_is_ambiguous_without_a_day(index):
    found = answer(index, "大连青榆环保工程有限公司")
    assert (found.verdict, found.candidates) == (Verdict.AMBIGUOUS, ("E3", "E4"))
    assert "E3" in found.reason.message("zh") and "E4" in found.reason.message("en")


def test_who_bore_it_on_the_day_goes_before_who_bears_it_now():
    held = build(
        [Entry("OLD", "大连青榆新名有限公司"), Entry("NOW", "大连青榆旧名有限公司")],
        [Alias("OLD", "大连青榆旧名有限公司", None, date(2010, 1, 1))],
    )
    assert answer(held, "大连青榆旧名有限公司", on=date(2009, 1, 1)).code == "OLD"
    assert answer(held, "大连青榆旧名有限公司", on=date(2011, 1, 1)).code == "NOW"
    assert answer(held, "大连青榆旧名有限公司").verdict is Verdict.AMBIGUOUS


def test_a_former_name_is_found_by_its_parts_too(index):
    found = answer(index, "青榆环保工程", on=date(2005, 1, 1))
    assert (found.code, found.reason.code) == ("E4", "match.parts_of_alias")


def test_an_other_name_without_a_form_is_found_as_it_is_only(index):
    assert answer(index, "岚屿").code == "E3"
    assert answer(index, "岚").verdict is Verdict.NONE


def test_a_name_of_somebody_who_is_not_in_the_register_is_nobodys(index):
    found = answer(index, "大连青榆物流有限公司")
    assert (found.verdict, found.reason.code, found.reason.held) == (Verdict.NONE, "match.none_elsewhere", "E9")


def test_a_branch_is_its_enterprise(index):
    found = answer(index, "大连岚屿食品有限公司沈阳分公司第二营业部")
    assert (found.code, found.reason.branch) == ("E3", "第二营业部")
    assert "第二营业部" in found.reason.message("zh")
    assert answer(index, "大连无名食品有限公司沈阳分公司").verdict is Verdict.NONE


def test_a_branch_in_the_register_is_itself():
    held = build([Entry("HEAD", "大连岚屿食品有限公司"), Entry("BRANCH", "大连岚屿食品有限公司沈阳分公司")])
    assert answer(held, "大连岚屿食品有限公司沈阳市分公司").verdict is Verdict.MATCHED
    assert answer(held, "大连岚屿食品有限公司沈阳分公司").code == "BRANCH"
    assert answer(held, "岚屿食品").code == "HEAD"
    assert answer(build([Entry("BRANCH", "大连岚屿食品有限公司沈阳分公司")]), "岚屿食品").verdict is Verdict.NONE


def test_where_only_sisters_are_nobody_is_taken_and_they_are_named():
    held = build([Entry("E2", "大连青榆船舶工业集团有限公司")])
    found = answer(held, "青榆船舶工业")
    assert (found.verdict, found.near, found.reason.code) == (Verdict.NONE, ("E2",), "match.none_near")


@mark.parametrize("name", ["", "   ", "（）", "。"])
def test_nothing_to_compare_is_nobody(index, name):
    assert answer(index, name).reason.code == "match.none_empty"


def test_many_that_may_be_meant_are_not_all_gone_through(monkeypatch):
    held = build([Entry(f"E{at:03}", f"{place}青榆机械有限公司") for at, place in enumerate(
        ["大连", "沈阳", "鞍山", "抚顺", "本溪", "丹东", "锦州", "营口", "阜新", "辽阳", "盘锦", "铁岭", "朝阳", "葫芦岛", "北京", "天津", "上海", "重庆", "石家庄", "唐山", "太原", "济南", "青岛", "郑州", "武汉", "长沙", "广州", "深圳", "南宁", "海口", "成都", "贵阳", "昆明", "拉萨", "西安", "兰州", "西宁", "银川", "乌鲁木齐", "哈尔滨", "长春", "南京", "苏州", "杭州"])])  # fmt: skip
    found = answer(held, "青榆机械")
    assert found.verdict is Verdict.AMBIGUOUS and len(found.candidates) == 20
    looked_at = []
    monkeypatch.setattr(
        resolving, "take_apart", lambda name, real=resolving.take_apart: looked_at.append(name) or real(name)
    )
    assert answer(held, "青榆机械").verdict is Verdict.AMBIGUOUS
    assert len(looked_at) == resolving.SETTLED


@given(st.text(max_size=30), st.text(max_size=20))
def test_any_text_gets_an_answer(name, code):
    found = resolve(asked=Asked(name, code, None), index=build(ENTRIES, ALIASES))
    assert found.reason.message("zh")


CODES = st.text("0123456789ABCDEFGHJKLMNPQRTUWXYIOSVZ ", min_size=16, max_size=19)


@given(CODES | st.text("0123456789", min_size=17, max_size=17).map(lambda body: body + uscc.calc_check_digit(body)))
def test_sums_say_the_same_of_a_code_as_the_library(text):
    assert credit.adds_up(credit.tidy(text)) == bool(credit.valid(text)) == uscc.is_valid(credit.tidy(text))


def test_sums_refuse_a_letter_that_codes_do_not_use():
    assert not credit.adds_up(YARD[:10] + "I" + YARD[11:])
    assert credit.adds_up(YARD)


def test_a_county_may_be_said_without_its_kind():
    held = build([Entry("A", "格尔木市岚屿钾肥有限公司"), Entry("B", "大通回族土族自治县岚屿水泥有限公司")])
    assert answer(held, "格尔木岚屿钾肥").code == "A"
    assert answer(held, "大通县岚屿水泥有限公司").code == "B"
    twice = build([Entry("A", "青河市岚屿食品有限公司"), Entry("B", "西宁市岚屿食品有限公司")])
    assert answer(twice, "岚屿食品").verdict is Verdict.AMBIGUOUS
    assert answer(twice, "青河岚屿食品").code == "A"
