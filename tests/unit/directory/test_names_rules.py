"""The rules of names as tables: what is asked, what the register has, and how far the one answers the other."""

from hypothesis import given
from hypothesis import strategies as st
from pytest import mark

from luodi.directory.names import verdict
from luodi.directory.names.parts import take_apart
from luodi.directory.names.rules import grade, left_out, same_places
from luodi.directory.names.values import Grade, Verdict

BEARER, LIKELY, RIVAL, DAUGHTER, NO = Grade.BEARER, Grade.LIKELY, Grade.RIVAL, Grade.DAUGHTER, Grade.NO


@mark.parametrize(
    "asked, held, expected",
    [
        # The very name, however it is written.
        ("ＡＢ青榆（大连）有限公司", "ab青榆(大连)有限公司", BEARER),
        ("青榆機械有限公司", "青榆机械有限公司", BEARER),
        # A whole name agrees in every part.
        ("大连市青榆机械有限责任公司", "大连青榆机械有限公司", LIKELY),
        ("青榆机械（大连）有限公司", "大连青榆机械有限公司", LIKELY),
        ("辽宁大连青榆机械有限公司", "大连青榆机械有限公司", LIKELY),
        ("大连青榆机械有限公司", "沈阳青榆机械有限公司", NO),
        ("大连青榆机械有限公司", "青榆机械有限公司", NO),
        ("青榆机械有限公司", "大连青榆机械有限公司", NO),
        ("青榆机械股份有限公司", "大连青榆机械股份有限公司", LIKELY),
        ("大连青榆机械有限公司", "大连青榆机械股份有限公司", RIVAL),
        ("大连青榆机械有限公司", "大连青榆机械制造有限公司", NO),
        ("大连青榆集团有限公司", "大连青榆有限公司", NO),
        ("朝阳区青榆机械有限公司", "朝阳县青榆机械有限公司", NO),
        ("永安市青榆机械有限公司", "永安青榆机械有限公司", LIKELY),
        # A county's bare name is no place by itself, but is where the register says it is one.
        ("格尔木青榆钾肥", "格尔木市青榆钾肥有限公司", LIKELY),
        ("青河青榆钾肥", "青河市青榆钾肥有限公司", LIKELY),
        ("青榆钾肥", "青河市青榆钾肥有限公司", LIKELY),
        ("格尔木青榆", "格尔木市青榆钾肥有限公司", RIVAL),
        ("岚屿青榆钾肥", "格尔木市青榆钾肥有限公司", NO),
        # A company limited by shares with its seat in brackets is nobody's daughter.
        ("青榆硅业", "青榆硅业（青海）股份有限公司", LIKELY),
        ("青榆硅业", "青榆硅业（青海）有限公司", DAUGHTER),
        # A short name leaves out form and place by habit.
        ("青榆机械", "大连青榆机械有限公司", LIKELY),
        ("大连青榆机械", "大连青榆机械有限公司", LIKELY),
        ("沈阳青榆机械", "大连青榆机械有限公司", NO),
        ("大连青榆机械", "青榆机械有限公司", NO),
        ("青榆机械公司", "大连青榆机械有限公司", LIKELY),
        ("青榆集团公司", "青榆集团公司", BEARER),
        ("青榆集团", "青榆集团公司", LIKELY),
        ("青榆石化", "青榆石油化工股份有限公司", LIKELY),
        ("青榆石油", "青榆石油化工股份有限公司", DAUGHTER),
        ("青榆高速", "河南青榆高速公路股份有限公司", LIKELY),
        ("青榆城投集团", "青榆城市建设投资集团有限公司", LIKELY),
        # Never a word by which a sister is called.
        ("青榆高速", "河南青榆高速公路建设有限公司", DAUGHTER),
        ("青榆机械", "大连青榆机械销售有限公司", DAUGHTER),
        ("青榆机械", "大连青榆机械工程有限公司", DAUGHTER),
        ("青榆机械销售", "大连青榆机械有限公司", DAUGHTER),
        ("青榆机械", "青榆机械（大连）有限公司", DAUGHTER),
        ("青榆机械大连", "青榆机械（大连）有限公司", DAUGHTER),
        # A holding is not meant without its word, but the listed company may be the group.
        ("青榆机械", "大连青榆机械集团有限公司", RIVAL),
        ("青榆机械", "大连青榆机械控股有限公司", RIVAL),
        ("青榆机械", "大连青榆机械集团股份有限公司", LIKELY),
        ("青榆集团", "大连青榆机械集团股份有限公司", RIVAL),
        ("青榆集团", "大连青榆实业集团有限公司", LIKELY),
        ("青榆机械", "大连青榆机械电器股份有限公司", RIVAL),
        # 股份 says the form.
        ("青榆股份", "大连青榆半导体股份有限公司", LIKELY),
        ("青榆股份", "大连青榆半导体有限公司", NO),
        ("青榆股份公司", "大连青榆股份有限公司", LIKELY),
        # A bare brand.
        ("青榆", "大连青榆机械有限公司", RIVAL),
        ("青榆", "大连青榆科技有限公司", RIVAL),
        ("大连青榆", "大连青榆有限公司", LIKELY),
        ("青榆", "大连青榆有限公司", RIVAL),
        ("青榆", "青榆科技有限公司", LIKELY),
        ("青榆", "大连青榆科技股份有限公司", LIKELY),
        ("青榆", "大连青榆食品股份有限公司", RIVAL),
        ("大连青榆", "大连青榆食品股份有限公司", LIKELY),
        ("青榆方", "大连青榆方食品股份有限公司", LIKELY),
        ("青榆方山", "大连青榆方山科技有限公司", LIKELY),
        ("青榆方山", "青榆方山集团有限公司", LIKELY),
        ("青榆方山", "大连青榆方山集团有限公司", RIVAL),
        ("青榆", "青榆集团有限公司", RIVAL),
        ("青", "青榆科技有限公司", NO),
        ("大连", "大连银行股份有限公司", NO),
        # A branch is nobody's but its own name's; what has no form of company is found by its whole name only.
        ("青榆机械", "青榆机械有限公司大连分公司", NO),
        ("青榆机械大连分公司", "青榆机械有限公司", NO),
        ("青榆机械有限公司大连市分公司", "青榆机械有限公司大连市分公司", BEARER),
        ("青榆造船", "大连青榆造船厂", NO),
        ("大连市青榆造船厂", "大连青榆造船厂", LIKELY),
        ("", "青榆机械有限公司", NO),
    ],
)
def test_how_far_a_held_name_answers_an_asked_one(asked, held, expected):
    assert grade(take_apart(asked), take_apart(held)) is expected


def test_no_word_is_left_out_where_nothing_stands_behind_it():
    assert left_out("", ()) == ()
    assert left_out("机械", ()) is None
    assert left_out("", ("机械", "集团")) == ("机械", "集团")
    assert left_out("集团", ("机械", "集团")) == ("机械",)
    assert left_out("集团机械", ("机械", "集团")) is None


def test_a_shorter_form_is_tried_where_the_longer_leads_nowhere():
    assert left_out("石油化工", ("石油", "石油化工")) == ("石油",)
    assert left_out("医药", ("生物医药",)) == ()


@mark.parametrize(
    "one, other, same",
    [("大连", "辽宁大连", True), ("大连", "沈阳", False), ("吉林", "吉林市", True), ("大连", "", False)],
)
def test_places_are_the_same_by_their_codes(one, other, same):
    asked, held = (take_apart(f"{place}青榆机械有限公司") for place in (one, other))
    assert same_places(asked, held) is same


@mark.parametrize(
    "grades, expected",
    [
        ({}, (Verdict.NONE, ())),
        ({"A": BEARER, "B": LIKELY, "C": RIVAL}, (Verdict.MATCHED, ("A",))),
        ({"B": BEARER, "A": BEARER}, (Verdict.AMBIGUOUS, ("A", "B"))),
        ({"A": LIKELY, "B": DAUGHTER, "C": NO}, (Verdict.MATCHED, ("A",))),
        ({"A": LIKELY, "B": RIVAL}, (Verdict.AMBIGUOUS, ("A", "B"))),
        ({"A": RIVAL}, (Verdict.NONE, ())),
        ({"A": RIVAL, "B": RIVAL}, (Verdict.AMBIGUOUS, ("A", "B"))),
        ({"A": DAUGHTER, "B": DAUGHTER}, (Verdict.NONE, ())),
    ],
)
def test_a_verdict_counts_the_grades(grades, expected):
    assert verdict.decide(grades) == expected


def test_near_ones_are_named_whatever_the_verdict():
    assert verdict.near({"B": DAUGHTER, "A": LIKELY, "C": NO}) == ("A", "B")


@given(st.dictionaries(st.sampled_from("ABCDEF"), st.sampled_from(Grade)), st.sampled_from(Grade))
def test_another_entry_never_makes_one_match_of_another(grades, another):
    """Unless it bears the very name."""
    before, codes = verdict.decide(grades)
    after, now = verdict.decide({**grades, "Z": another})
    if before is Verdict.MATCHED and (another is not BEARER or BEARER in grades.values()):
        assert (after, now) == (before, codes) or (after is Verdict.AMBIGUOUS and codes[0] in now)
    if before is Verdict.AMBIGUOUS and another is not BEARER:
        assert after is Verdict.AMBIGUOUS
