from hypothesis import given, settings
from hypothesis import strategies as st
from pytest import mark

from luodi.kernel.chinese import fold, is_han, normalise, to_simplified


@mark.parametrize(
    "written, readable",
    [
        ("ＡＢＣ（北京）有限公司", "ABC(北京)有限公司"),
        ("【大連】機械〔集團〕", "(大连)机械(集团)"),
        ("東 港\u3000重 工", "东港重工"),
        ("Blue  River 水务", "Blue River水务"),
        ("A·O‧史密斯", "A·O·史密斯"),
        ("东港—西港", "东港-西港"),
        ("\ufeff东\u200b港\u00ad", "东港"),
        ("⼤⾦", "大金"),
        ("乾坤，乾燥", "乾坤,干燥"),
        (" \u3000\n", ""),
        ("", ""),
        ("A´", "Á"),
        ("乾 坤", "乾坤"),
    ],
)
def test_one_writing_for_what_is_the_same(written, readable):
    assert normalise(written) == readable


@mark.parametrize("one, other", [("A.O.史密斯（中国）", "ao史密斯中国"), ("T-C L", "tcl"), ("_东_港_", "东港")])
def test_a_key_forgets_case_spaces_and_punctuation(one, other):
    assert fold(one) == fold(other) == other


@settings(max_examples=500)
@given(st.text(max_size=40) | st.text("A´ 乾坤（臺﹣\u0301\u3000 ｶﾞ", max_size=8))
def test_normalising_twice_changes_nothing_more_and_never_fails(text):
    assert normalise(normalise(text)) == normalise(text)
    assert fold(fold(text)) == fold(text)


def test_simplified_text_is_given_back_as_it_is():
    text = "东港重工"
    assert to_simplified(text) is text


@mark.parametrize(
    "character, han", [("东", True), ("〇", True), ("\U00020000", True), ("A", False), ("1", False), ("。", False)]
)
def test_ideographs_are_told_from_the_rest(character, han):
    assert is_han(character) is han
