"""The clean view of a damaged text, each character of which knows its place in the raw one."""

from hypothesis import given, settings
from hypothesis import strategies as st
from pytest import mark

from luodi.supervision.texts.cleaning import clean
from luodi.supervision.texts.sentences import sentences


@mark.parametrize(
    ("raw", "text"),
    [
        ("市统(tǒng)计局", "市统计局"),
        ("廓（kuò）清误区", "廓清误区"),
        ("桎梏【zhì gù】", "桎梏"),
        ("统计 (tong ji) 局", "统计局"),
        ("旅行(lü3 xing2)", "旅行"),
        ("项目（PPP）", "项目（PPP）"),
        ("项目（abc）", "项目（abc）"),
        ("a（a）", "a（a）"),
        ("６月底,完成!", "6月底，完成！"),
        ("＊＊县和××局", "**县和XX局"),
        ("市商务局拿出方案\n的初稿", "市商务局拿出方案的初稿"),
        ("（一）市商务局要尽快\n印发", "（一）市商务局要尽快印发"),
        ("完成时限：4月底前\n加强配合", "完成时限：4月底前\n加强配合"),
        ("會議強調", "会议强调"),
        ("市 统 计 局", "市统计局"),
        ("use the API", "use the API"),
        ("报上来.下一步", "报上来。下一步"),
        ("2.5亿元", "2.5亿元"),
        ("方案、\n“两张皮”", "方案、“两张皮”"),
        ("市商务局要尽快\n研究方案。", "市商务局要尽快研究方案。"),
        ("我们要\n抓好。", "我们要抓好。"),
        ("会议纪要\n（2026年3月1日）", "会议纪要\n（2026年3月1日）"),
        ("一、提高认识\n各部门要行动。", "一、提高认识\n各部门要行动。"),
        ("他说。\n她说。", "他说。\n她说。"),
        ("“他说。”\n她说。", "“他说。”\n她说。"),
        ("标题\n\n\n正文。", "标题\n正文。"),
        ("各部门，\n\n要抓紧。", "各部门，要抓紧。"),
        ("一行\r\n\r\n二行。", "一行\n二行。"),
        ("一行\r二行。", "一行\n二行。"),
        ("\ue000甲", "□甲"),
        ("會議召開,。縣發改委,、統計局參加,；", "会议召开。县发改委、统计局参加；"),
        ("二○○九年、二○二○年，○○县", "二〇〇九年、二〇二〇年，XX县"),
        ("下月於會後徵求意見", "下月于会后征求意见"),
        ("责任单位：市住建局\n问题二：采砂屡禁不止。", "责任单位：市住建局\n问题二：采砂屡禁不止。"),
        ("责任单位：市住建局\n下一步，要继续完善。", "责任单位：市住建局\n下一步，要继续完善。"),
        ("任务，\n措施", "任务，措施"),
        (
            "二、市商务局要会同市税务局，对全市前五十户外贸企业开展\n一轮敲门行动，逐户摸清第四季度订单情况，下周五前形成\n报告。",
            "二、市商务局要会同市税务局，对全市前五十户外贸企业开展一轮敲门行动，逐户摸清第四季度订单情况，下周五前形成报告。",
        ),
        ("二、转变作风，狠抓落实\n这是关键。", "二、转变作风，狠抓落实\n这是关键。"),
        ("\n\n", "\n\n"),
    ],
)
def test_what_is_mended(raw, text):
    assert clean(raw).text == text


def test_a_text_that_was_broken_at_a_width_is_joined():
    line = "这是一段被硬性折行的文字每行字数都差不多"
    raw = "\n".join([line, line, line, "到这里才结束。"])
    assert "\n" not in clean(raw).text
    assert clean("\n".join(["标题一二", "甲乙丙丁戊己庚辛", "短", "到这里才结束。"])).text.count("\n") == 3


def test_a_span_is_carried_back():
    raw = "　市统(tǒng)计局要\n抓紧，６月"
    seen = clean(raw)
    at = seen.text.index("统计局要抓")
    assert raw[slice(*seen.span(at, at + 5))] == "统(tǒng)计局要\n抓"


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=120))
def test_every_character_kept_knows_its_place(raw):
    seen = clean(raw)
    assert len(seen.text) == len(seen.at) and list(seen.at) == sorted(set(seen.at))


def cut(text):
    return [[text[one.body : one.end] for one in paragraph] for paragraph in sentences(text)]


@mark.parametrize(
    ("text", "parts"),
    [
        ("甲要做。乙要做；丙要做！", [["甲要做", "乙要做", "丙要做"]]),
        ("做好此事（牵头：甲；配合：乙）。完", [["做好此事（牵头：甲；配合：乙）", "完"]]),
        (
            "做好此事。（牵头单位：甲；配合单位：乙）会议强调",
            [["做好此事", "（牵头单位：甲；配合单位：乙）", "会议强调"]],
        ),
        ("没有关上（的括号。还有一句。", [["没有关上（的括号", "还有一句"]]),
        ("多出来）的。完", [["多出来）的", "完"]]),
        ("（一）一要抓紧。二是落实。", [["要抓紧", "落实"]]),
        ("抓好三件事：一是甲；二是乙。", [["抓好三件事", "甲", "乙"]]),
        ("1.甲。\n2.5亿元。", [["甲"], ["2.5亿元"]]),
        ("首先，要看到。", [["要看到"]]),
        ("。。。\n！", []),
    ],
)
def test_sentences(text, parts):
    assert cut(text) == parts


def test_a_bracket_that_never_ends_in_reach_does_not_swallow():
    text = "甲（" + "字。" * 200 + "）乙"
    assert len(cut(text)[0]) == 201
