"""Assignments told from the rest: who leads, who helps, by when, and what is not sure."""

from datetime import date

from hypothesis import example, given, settings
from hypothesis import strategies as st
from pytest import mark

from luodi.kernel.gov_units import Unit
from luodi.supervision.texts.decompose import decompose
from luodi.supervision.texts.values import Event

DAY = date(2026, 3, 15)


def tasks(raw, **known):
    found = decompose(raw=raw, day=known.pop("day", DAY), **known).tasks
    assert all(task.text == raw[task.start : task.end] for task in found)
    return found


def one(raw, **known):
    (task,) = tasks(raw, **known)
    return task


@mark.parametrize(
    ("raw", "leads", "helps"),
    [
        ("市统计局要研究制定入库流程。", ["市统计局"], []),
        ("由市商务局牵头，市财政局、市审计局配合，出台奖励办法。", ["市商务局"], ["市财政局", "市审计局"]),
        ("市商务局牵头，会同市财政局研究制定奖励办法。", ["市商务局"], ["市财政局"]),
        ("责成市住建局完成排查。", ["市住建局"], []),
        ("会议要求，请市政府办公室月底前印发纪要。", ["市政府办公室"], []),
        ("市商务局、市招商局和市工信局要抓紧制定方案。", ["市商务局", "市招商局", "市工信局"], []),
        ("各县（市）区、各部门要在月底前上报清单。", ["各县（市）区、各部门"], []),
        ("工信、发改等主管部门要建立问题台账。", ["工信、发改等主管部门"], []),
        (
            "建立包联台账。（牵头单位：市项目办；配合单位：各县（市）区、各部门；责任领导：王XX）",
            ["市项目办"],
            ["各县（市）区、各部门"],
        ),
        ("完善考核办法（责任单位：市考核办、市统计局）。", ["市考核办", "市统计局"], []),
        ("完善考核办法（主办：无；牵头单位：市考核办；责任单位：市统计局）。", [], []),
        ("完善考核办法。（市考核办牵头，市统计局配合）", ["市考核办"], ["市统计局"]),
        ("市财政局要配合市商务局做好资金兑付。", ["市财政局"], []),
        ("请国网青河供电公司配合调整停电计划，本周五前报市城管局。", ["国网青河供电公司"], []),
        ("市人社局：月底前组织两场招聘会。", ["市人社局"], []),
        ("市商务局作为牵头部门，要拿出实施方案。", ["市商务局"], []),
        ("县财政局承担的地方财政收入要确保完成全年任务。", ["县财政局"], []),
        ("决定事项的落实情况，各单位在会后5个工作日内报告。", ["各单位"], []),
        ("市交通局月底前完成路况排查。", ["市交通局"], []),
        ("**县、XX区必须完成闲置厂房排查。", ["**县", "XX区"], []),
    ],
)
def test_who_leads_and_who_helps(raw, leads, helps):
    if not leads:
        assert tasks(raw) == () or tasks(raw)[0].units == ()
        return
    task = one(raw)
    assert (list(task.units), list(task.co_units)) == (leads, helps)


@mark.parametrize(
    "raw",
    [
        "市商务局牵头制定了奖励办法，取得了很好的效果。",
        "去年市统计局已经完成了清查。",
        "各级各部门要牢固树立大局意识，进一步增强责任感。",
        "我们要坚定信心，奋力夺取全年胜利。",
        "省政府要求各地6月底前完成清查。",
        "企业要加大研发投入，完成技术改造。",
        "为什么要建立台账？",
        "要清醒地看到，项目储备仍然不足。",
        "项目的主要问题是纲要不清、要素不足。",
        "关于完善考核办法的说明",
        "他常说“要把方案做细”，这话不假。",
        "市委、市政府成立了专班。",
        "一、要抓牢项目建设这个总抓手",
        "确保首季开门红！",
    ],
)
def test_what_is_no_task(raw):
    assert tasks(raw) == ()


def test_a_subject_carries_over_until_another_comes():
    found = tasks(
        "市商务局要发挥统筹作用，理顺对接机制。要建立线索台账。我们要有信心。市统计局要完成核查。要逐户建立档案。"
    )
    assert [task.units for task in found] == [("市商务局",), ("市商务局",), ("市统计局",), ("市统计局",)]
    assert "carried" in found[1].unsure and "carried" not in found[0].unsure


def test_a_subject_does_not_cross_a_paragraph_unless_it_opened_a_list():
    assert tasks("市商务局要建立台账。\n\n要制定对接方案。")[1].units == ()
    listed = tasks("市商务局要做好以下工作：\n（一）制定对接方案；\n（二）建立线索台账。\n其他要求另行通知。")
    assert [task.units for task in listed] == [("市商务局",), ("市商务局",)]


def test_items_keep_the_subject_that_opened_them_and_not_one_another_s():
    found = tasks("市商务局要抓好三件事：一是制定对接方案；二是市统计局要完成核查；三是建立线索台账。")
    assert [task.units for task in found] == [("市商务局",), ("市统计局",), ("市商务局",)]


def test_two_who_are_told_in_one_sentence_are_two_tasks():
    found = tasks("市发改委负责编制项目清单，市财政局负责筹措资金。")
    assert [(task.units, task.what) for task in found] == [(("市发改委",), "编制项目清单"), (("市财政局",), "筹措资金")]


def test_what_comes_before_and_tells_a_story_is_left_out():
    task = one("再比如，几个小组同时去找一家企业，市商务局要建立统筹机制。")
    assert task.text == "市商务局要建立统筹机制"


def test_later_words_add_helpers_and_days():
    task = one("市商务局要制定奖励办法。市财政局要积极配合。6月底前完成。")
    assert task.co_units == ("市财政局",) and task.due == date(2026, 6, 30)
    assert task.text.endswith("6月底前完成")


def test_roles_in_a_line_of_their_own():
    task = one("（一）完善考核办法，按月公布结果。\n牵头单位：市考核办；完成时限：5月20日")
    assert task.units == ("市考核办",) and task.due == date(2026, 5, 20) and task.recurrence[0].unit == "month"


@mark.parametrize(
    ("said", "deadline", "due"),
    [
        ("长期坚持", "长期坚持", None),
        ("5月20日", "5月20日", date(2026, 5, 20)),
        ("每季度", None, None),
        ("", None, None),
        ("年内", "年内", date(2026, 12, 31)),
    ],
)
def test_what_a_bracket_says_of_time(said, deadline, due):
    task = one(f"完善考核办法。（牵头单位：市考核办；完成时限：{said}）")
    assert (task.deadline, task.due) == (deadline, due)
    assert bool(task.recurrence) == (said == "每季度")


def test_a_leader_stands_over_the_unit():
    task = one("由王XX副市长牵头，市商务局负责，6月底前拿出方案。")
    assert task.leader == "王XX副市长" and task.units == ("市商务局",)
    alone = one("请分管副市长牵头，近期研究制定化解方案。")
    assert alone.leader == "分管副市长" and alone.units == () and "no_lead" not in alone.unsure


def test_the_city_s_list_gives_official_names():
    units = [Unit("C", "青河市", kind="city"), Unit("S", "青河市商务局", parent="C")]
    task = one("市商务局要制定奖励办法。", units=units)
    assert task.units == ("青河市商务局",) and task.mentions[0][1].text == "市商务局"
    twice = [*units, Unit("A", "青河市甲局", ("专班办",), "C"), Unit("B", "青河市乙局", ("专班办",), "C")]
    doubt = one("专班办要制定奖励办法。", units=twice)
    assert doubt.units == ("专班办",) and "ambiguous_unit" in doubt.unsure


def test_unknown_units_stay_as_written_traditional_ones_too():
    assert one("市交通運輸局要於7月10日前完成路況排查。").units == ("市交通運輸局",)
    assert one("市统(tǒng)计局要完成核查。").units == ("市统计局",)


def test_the_day_is_read_from_a_line_of_its_own_or_stays_open():
    raw = "在推进会上的讲话\n（2026年3月15日）\n市商务局要在6月底前拿出方案。"
    answer = decompose(raw=raw)
    assert (answer.day, answer.day_from, answer.tasks[0].due) == (DAY, "text", date(2026, 6, 30))
    assert decompose(raw="（2026年13月15日）\n正文。").day is None
    assert decompose(raw="会议记录\n时间：2026年3月15日上午\n市商务局要拿出方案。").day == DAY
    body = "市商务局要在6月底前拿出方案。" * 40
    assert decompose(raw=f"会议纪要\n{body}\n青河市人民政府办公室 2026年3月15日\n").day == DAY
    assert decompose(raw=f"{body}\n2026年3月15日").tasks[0].due == date(2026, 6, 30)
    assert decompose(raw=f"{body}2026年3月15日，会议召开。").day is None
    task = one("市商务局要在6月底前拿出方案，青洽会前印发。", day=None)
    assert task.due is None and {"no_day", "several_deadlines"} <= set(task.unsure)


def test_events_date_a_deadline():
    fair = Event(("青洽会",), date(2026, 7, 22), date(2026, 7, 25))
    assert one("市商务局要在青洽会前拿出方案。", events=[fair]).due == date(2026, 7, 21)


def test_headings_give_context():
    found = tasks(
        "一、关于招商\n（一）关于前期工作\n市商务局要拿出方案。\n二、要抓实服务。服务就是生产力。一要明确责任。市政务服务局要建立台账。"
    )
    assert [task.heading for task in found] == ["关于前期工作", "要抓实服务 / 要明确责任"]


def test_a_leader_and_two_units_in_clauses_of_one_sentence():
    found = tasks("请副市长王XX同志牵头，市商务局负责拿出方案，市财政局负责筹措资金，我们要有信心。")
    assert found[0].leader == "副市长王XX同志" and next(task.units for task in found)[0] == "市商务局"


def test_how_often():
    task = one("市督查室要对重点项目一周一检查、两周一督办。")
    assert [(every.unit, every.n) for every in task.recurrence] == [("week", None), ("week", 2)]
    assert "how_often" in one("市督查室要定期通报重点项目进展，建立台账。").unsure


PIECES = st.sampled_from(
    [*"要由请对（）：；，。！？\n 、“”*X", "市统计局", "各县（市）区、各部门", "责成", "牵头", "配合", "负责", "（牵头单位：", "配合单位：",
     "完成时限：", "6月底前", "每半月", "一是", "二要", "（一）", "1.", "一、", "制定方案", "我们", "确保", "了", "(tǒng)", "\r\n", "\ue000", "\U00020000", "統計",
     "王XX副市长", "下周三前", "三季度", "年内", "2026年2月30日前", "9999年12月31日", "会后999个工作日内", "99年内", "半"]
)  # fmt: skip


@settings(max_examples=250, deadline=None)
@given(st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=60).map("".join)))
@example("9999年12月31日")
def test_any_text_whatever_gives_an_answer(raw):
    for day in (DAY, None, date.max, date.min):
        answer = decompose(raw=raw, day=day)
        for task in answer.tasks:
            assert task.text == raw[task.start : task.end] and task.start < task.end
            assert 0 < task.confidence <= 1


@mark.parametrize(
    ("raw", "leads"),
    [
        ("（一），市统计局要制定方案。", [["市统计局"]]),
        ("请市商务局局长、市商务局要制定清单。", [["市商务局"]]),
        ("全市上下要行动起来，市商务局要在月底前拿出方案。", [["市商务局"]]),
        ("市住建局要建立台账，全市上下要支持。", [["市住建局"]]),
        ("市领导王XX牵头，市工信局月底前完成排查。", [["市工信局"]]),
        ("工作要求：\n完善台账。（牵头单位：市住建局）（配合单位：市财政局）", [["市住建局"]]),
        ("市住建局要建立台账（责任单位：市财政局），市工信局要完成排查。", [["市财政局"], ["市工信局"]]),
        ("一、全市上下要支持项目建设\n市商务局要在月底前拿出方案。", [["市商务局"]]),
        ("由市商务局牵头并责成市财政局完成资金测算。", [["市商务局"]]),
    ],
)
def test_whose_clause_it_is(raw, leads):
    assert [list(task.units) for task in tasks(raw)] == leads


@mark.parametrize(
    "raw",
    [
        "市财政局先后投入资金3亿元，支持企业技术改造。",
        "该规划由市自然资源局编制完成，已报省政府审批。",
        "市发改委每月召开一次调度会，效果很好。",
        "市政府与省政府签订了责任书，必须保质保量完成。",
        "市政府定于9月18日举行开工活动。",
        "督查室将适时开展抽查。",
        "会议由市委副书记主持，市直有关部门负责同志参加。",
        "会议要求，各单位要统一思想、密切协作，不折不扣抓好落实。",
        "督查不是目的，推动工作才是目的，要用好督查结果。",
        "各成员单位要各司其职，心往一处想。",
        "省发改委要求各市上报项目清单。",
        "会议原则同意县财政局关于预算调整的意见。",
        "县委副书记、代县长王某指出，要把粮食安全这件大事做细。",
        "各施工方要按照时间节点倒排工期，加快进度。",
    ],
)
def test_what_was_done_or_only_sounds_like_an_order(raw):
    assert tasks(raw) == ()


@mark.parametrize(
    ("raw", "leads"),
    [
        ("会议原则同意《实施方案》，由市发改委修改完善后印发。", "市发改委"),
        ("会议原则同意县财政局关于预算调整的意见，会后修改完善后报请县人大常委会审批。", "县财政局"),
        ("所需资金由市财政局先行安排，5月底前拨付到位。", "市财政局"),
        ("这件事请市委组织部牵头，拿出一个管用的办法。", "市委组织部"),
        ("农民工工资，人社局盯到底，月底前一分都不能欠。", "人社局"),
        ("信访局把积案理一理。", "信访局"),
        ("经发办，报表的事抓紧，本月底必须报完。", "经发办"),
        ("天冷了，应急局再去商场看看消防通道。", "应急局"),
        ("每月5日前，各县区将上月进展报市指挥部办公室。", "各县区"),
        ("（二）市住建局对边建边批项目依法依规查处。", "市住建局"),
    ],
)
def test_the_ways_to_order(raw, leads):
    assert one(raw).units == (leads,)


def test_a_place_among_others_is_a_result():
    assert tasks("市财政局积极争取专项债券42亿元，居全省第三位。") == ()
    assert tasks("市商务局负责的专班全年外出127次，签约项目要比上年多出一倍。") == ()
    assert one("市财政局要积极争取专项债券42亿元，确保居全省第三位。").units == ("市财政局",)


def test_who_is_written_to():
    found = tasks("市住建局：\n据查，5个项目进度滞后。请你局逐项目分析原因，3月20日前报市政府。")
    assert [task.units for task in found] == [("市住建局",)]
    assert tasks("请你局尽快完成核查，3月20日前报告。") == ()
    assert tasks("市住建局、市城管局：\n请你单位3月20日前报告进展。")[0].units == ("市住建局", "市城管局")


def test_a_unit_as_a_heading_owns_what_follows():
    assert one("（三）市城管局。负责市容整治，6月底前拆除违规广告牌。").units == ("市城管局",)


def test_names_first_and_their_work_in_the_next_sentence():
    task = one("（一）综合协调组。由市政府办公室牵头，市工信局参与。负责会议筹备和督促检查。")
    assert task.units == ("市政府办公室",) and task.co_units == ("市工信局",) and task.text.endswith("督促检查")


def test_one_who_joins_in_behind_the_lead_has_no_task_of_his_own():
    assert one("由市供销社牵头，市气象局把预报备好，每周会商一次。").units == ("市供销社",)


def test_what_stands_before_one_bracket_is_one_task():
    raw = "2.规范中介服务。编制事项清单。清单之外一律不得作为前置条件。（市发改委牵头，各县区按职责分工负责，5月底前完成）"
    task = one(raw)
    assert task.units == ("市发改委",) and task.co_units == ("各县区",) and task.due == date(2026, 5, 31)
    assert "编制事项清单" in task.text and "前置条件" in task.text


def test_a_bracket_inside_the_last_sentence_does_so_too():
    raw = "2.规范中介服务。编制事项清单。清单之外一律不得作为前置条件（责任单位：市发改委）。"
    assert one(raw).text.startswith("编制事项清单")
    found = tasks("2.规范中介服务。市商务局要编制清单。建立通报制度。（责任单位：市发改委）")
    assert [task.units for task in found] == [("市商务局",), ("市发改委",)]


def test_a_number_without_words_is_nothing():
    assert len(tasks("市统计局要建立台账。一、。")) == 1


def test_what_tells_a_story_before_a_bracket_stays_out():
    raw = "3.关于试点。去年已经完成了两批试点。建立长效机制。\n责任单位：市发改委"
    assert one(raw).text.startswith("建立长效机制")


def test_items_before_a_bracket_stay_apart():
    found = tasks("加强服务。一是编制事项清单；二是建立问题台账。（责任单位：市发改委）")
    assert [task.text[:2] for task in found if task.units == ("市发改委",)] == ["编制", "建立"]


def test_a_line_of_demands_may_say_how_often():
    task = one("事项三：建成平台二期。\n牵头单位：市大数据局\n工作要求：每周五报送进展\n备注：另行通知")
    assert task.recurrence[0].unit == "week" and task.deadline is None


def test_units_alone_in_a_bracket_are_responsible():
    task = one("6.新建配送中心4个。（市商务局、市邮政局，三季度末）")
    assert task.units == ("市商务局", "市邮政局") and task.due == date(2026, 9, 30)
    assert one("市商务局要完善制度（见市政府文件）。").units == ("市商务局",)


def test_what_is_said_aside_names_nobody():
    task = one("有关部门（单位）要及时反馈办理结果（重大事项由市政府督查室进行督查）。")
    assert task.units == ("有关部门（单位）",)


def test_leaders_behind_a_unit_s_order_belong_to_it():
    task = one("市委督查室要成立督查组，对连续两次排名末位的，由市领导约谈其主要负责人。")
    assert task.units == ("市委督查室",)


def test_who_leads_stands_before_who_is_responsible_in_either_order():
    lines = ["牵头单位：市发改委", "责任单位：市统计局、各县区"]
    for said in (lines, lines[::-1]):
        task = one("1.固定资产投资增长15%左右。\n\n" + "\n\n".join(said))
        assert (task.units, task.co_units) == (("市发改委",), ("市统计局", "各县区"))


def test_a_day_behind_the_last_unit_of_a_bracket():
    task = one("加快平台建设。（牵头单位：市数据局；责任单位：市司法局，各县区，6月底完成）")
    assert (task.co_units, task.deadline) == (("市司法局", "各县区"), "6月底")
    assert one("加快平台建设。（责任单位：市司法局，市项目推进办）").units == ("市司法局", "市项目推进办")


def test_a_speaker_who_begins_to_list_ends_whom_he_told_of():
    raw = "刚才，市商务局通报了到位资金情况。下面，我再强调三点意见：\n一要提高认识，加大招商力度。\n二要健全网络，完善制度。"
    assert all(not task.units for task in tasks(raw))
    assert [task.units for task in tasks("市商务局要完善台账。还比如，后勤保障不到位。要制定补贴办法。")] == [
        ("市商务局",),
        (),
    ]


def test_the_second_item_is_not_the_first_one_s():
    found = tasks("一要紧盯目标。各县区要细化制定工作举措。二要健全网络，驻点招商要沉下去。")
    assert [task.units for task in found] == [("各县区",)]


def test_what_follows_a_topic_is_ordered_too():
    assert one("要跟踪问效抓落实。尽快完善考核办法，加大赋分权重。").what.startswith("尽快完善考核办法")
    assert tasks("我们见了客商。尽快完善考核办法，加大赋分权重。") == ()


def test_a_bracket_belongs_to_the_sentence_before_it_whatever_that_tells():
    raw = "2.拓宽渠道，创新培养机制。对曾获得市级荣誉的负责人发放津贴。（牵头单位：市委组织部）"
    assert one(raw).text.endswith("（牵头单位：市委组织部）") and one(raw).units == ("市委组织部",)


def test_leaders_of_a_committee_are_not_the_committee():
    task = one("由县委常委、常务副县长王XX牵头，县住建局负责，月底前拿出方案。")
    assert (task.units, task.leader) == (("县住建局",), "县委常委、常务副县长王XX")


def test_those_who_stand_for_a_unit_are_told_in_its_name():
    assert one("石桥镇、丰浦镇还没有项目落地，主要负责同志要带队外出招商。").units == ("石桥镇", "丰浦镇")
    assert one("市领导到现场看过，主要负责同志要盯住进度、月底前拿出方案。").units == ("主要负责同志",)
    assert one("主要负责同志要每月带队外出招商，形成清单。").units == ("主要负责同志",)


def test_its_means_who_was_named_last():
    task = one("原则同意市国投集团作为出资主体，由其按照章程履行程序后注资。")
    assert task.units == ("市国投集团",)
    assert all(not task.units for task in tasks("项目很好，由其负责制定方案，月底前完成。"))


def test_a_numbered_item_is_one_from_its_beginning():
    assert one("（九）成立服务专班，办公室设在市工信局，由市工信局每两周召开一次调度会。").text.startswith(
        "成立服务专班"
    )


def test_who_sees_to_it_beside_the_lead_helps():
    task = one("环评审批由市生态环境局提前介入，市行政审批局做好衔接服务。")
    assert (task.units, task.co_units) == (("市生态环境局",), ("市行政审批局",))
    assert one("西川区要在市统计局指导下，本月底前完成入库申报。").co_units == ("市统计局",)
    assert one("市行政审批局要做好对接服务工作，建立台账。").units == ("市行政审批局",)


def test_what_is_only_asked_tells_no_story():
    assert one("县住建局重新核一下招标条件，是不是门槛设高了，下周五前挂出去。").units == ("县住建局",)
    assert one("县司法局提前介入，别等扯皮了再去翻合同。").units == ("县司法局",)
    assert tasks("项目单位汇报：企业放缓了投资，年内达产有困难，必须支持。") == ()


def test_an_order_in_the_first_of_things():
    assert one("第三件事，镇综合执法队年前把沿路的乱搭乱建清干净。").units == ("镇综合执法队",)


def test_torn_lines_join_behind_words_that_hang():
    assert one("（一）由市自然资源局会同新区管委会，抓紧\n完成组卷报批，4月底前\n上报省厅。").deadline == "4月底前"
    assert [task.units for task in tasks("市商务局要7月中旬印发清单.XX开发区要绘制地图.")] == [
        ("市商务局",),
        ("XX开发区",),
    ]
