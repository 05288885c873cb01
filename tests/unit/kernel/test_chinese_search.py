from itertools import combinations, product

from hypothesis import given, settings
from hypothesis import strategies as st
from pytest import mark

from luodi.kernel.chinese import Hit, initial_sets, matches_query, readings_of, search, syllable_sets

LONG = "南京青榆重工机械"
SHORT = "青榆重工"
CHARACTERS = st.sampled_from("重单行长乐曾洪都会大东港青榆机械绿吕中国A1")


@mark.parametrize(
    "character, readings",
    [
        ("单", {"dan", "shan", "chan"}),
        ("洞", {"dong", "tong"}),
        ("曾", {"zeng", "ceng"}),
        ("重", {"zhong", "chong", "tong"}),
        ("绿", {"lv", "lu", "lyu"}),
        ("A", {"a"}),
        ("7", {"7"}),
    ],
)
def test_every_reading_is_kept(character, readings):
    assert readings <= readings_of(character)


def test_a_character_nobody_can_read_stands_for_itself():
    assert readings_of("\U0003134a") == {"\U0003134a"}


def test_positions_are_sets_and_punctuation_gives_none():
    sets = syllable_sets("單縣（A1）")
    assert [len(one) > 1 for one in sets] == [True, False, False, False]
    assert sets[1:] == [{"xian"}, {"a"}, {"1"}]
    assert initial_sets("单县") == [{"d", "s", "c"}, {"x"}]


def test_a_long_name_of_many_readings_takes_room_by_its_length_only():
    sets = syllable_sets("重" * 200)
    assert len(sets) == 200
    assert matches_query("zhong" * 100 + "chong" * 100, "重" * 200)
    assert not matches_query("zhong" * 100 + "x", "重" * 200)


@mark.parametrize(
    "query, nearer",
    [
        ("青榆重工", 100),
        ("青榆", 90),
        ("重工", 80),
        ("qingyu", 70),
        ("qingyuzh", 70),
        ("qingyuchonggong", 70),
        ("zhonggong", 60),
        ("qyzg", 50),
        ("qycg", 50),
        ("qyuzhg", 50),
        ("青yzg", 50),
        ("zg", 40),
        ("青工", 20),
        ("工 青", 80),
        ("重工 qy", 50),
        ("QINGYU", 70),
        ("ｑｙ", 50),
        ("青楡x", 0),
        ("工青", 0),
        ("青榆 北", 0),
        ("qx", 0),
        ("ngyu", 0),
        ("", 0),
        (" () ", 0),
    ],
)
def test_queries_as_people_type_them(query, nearer):
    assert matches_query(query, SHORT) == nearer


def test_one_character_that_is_not_there_is_not_found():
    assert matches_query("北", SHORT) == 0


def test_an_empty_text_is_never_found():
    assert matches_query("q", "") == 0


def test_nearest_first_then_shorter():
    texts = [LONG, "西岭食品", SHORT, "青榆"]
    assert search(query="qingyu", texts=texts) == [Hit(3, "青榆", 70), Hit(2, SHORT, 70), Hit(0, LONG, 60)]
    assert search(query="qingyu", texts=texts, limit=1) == [Hit(3, "青榆", 70)]


@given(st.text(alphabet=CHARACTERS, min_size=1, max_size=5))
def test_every_spelling_and_every_initials_of_a_text_find_it(text):
    sets = syllable_sets(text)
    for spelling in list(product(*map(sorted, sets)))[:200]:
        assert matches_query("".join(spelling), text)
        assert matches_query("".join(reading[0] for reading in spelling), text)


def starts(reading):
    return {reading, reading[0], *({reading[:2]} if reading[:2] in ("zh", "ch", "sh") else ())}


def multiplied_out(text):
    """Every run of neighbours, every choice of reading or start at each position, the last syllable cut anywhere."""
    sets = syllable_sets(text)
    for i, j in combinations(range(len(sets) + 1), 2):
        *before, last = [{part for reading in one for part in starts(reading)} for one in sets[i:j]]
        cut = {reading[:n] for reading in sets[j - 1] for n in range(1, len(reading))} if before else set()
        for choice in product(*before, last | cut):
            yield "".join(choice)


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="重单长乐洪绿A1", min_size=1, max_size=3), st.data())
def test_against_a_slow_search_that_multiplies_everything_out(text, data):
    spelt = set(multiplied_out(text))
    right = st.sampled_from(sorted(spelt))
    shuffled = right.flatmap(lambda one: st.permutations(one).map("".join))
    query = data.draw(right | shuffled | st.text("zhongdaclx1", min_size=1))
    assert bool(matches_query(query, text)) == (query in spelt)


@given(st.text(max_size=20), st.text(max_size=20))
def test_any_two_texts_give_a_score(query, text):
    assert 0 <= matches_query(query, text) <= 100
